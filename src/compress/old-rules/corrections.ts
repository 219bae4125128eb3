// Later findings win: what the session wrote while a problem was open is replaced by the record that names its cause. What was seen
// to fail on the way, and the traps, go over into the new record.
import type { KnownRecord } from '../providers/provider.ts';
import { correction, openClaim } from './cues.ts';
import { saysTheSame } from './score.ts';
import { splitSentences } from './sentences.ts';
import { makeStatement, type Statement } from './statements.ts';
import type { Topic } from './topic.ts';
import { identifiersOf } from './words.ts';

/** Characters of an earlier record that go over into the one that replaces it. */
const inheritedMaxChars = 500;

/** `Mod.name(args)` and `name/2` are one name. */
export function namesOf(text: string): Set<string> {
  const names = identifiersOf(text).map((name) => name.replace(/\(.*$|\/\d+$/g, '').replace(/^.*[.:/]/, ''));
  return new Set(names.filter((name) => name.length > 6));
}

function textOf(record: KnownRecord): string {
  return [record.title, record.description, record.body, ...record.facts].join('\n');
}

/** What of an earlier record stays true: what failed, what traps. */
function inheritedOf(record: KnownRecord, topic: Topic): Statement[] {
  const kept: Statement[] = [];
  let chars = 0;
  for (const text of [...record.facts, ...splitSentences(record.body), record.title]) {
    const statement = makeStatement(text, 'failure', -20, -1, { knownIn: record.id, score: 2 });
    if (!statement.cues.has('dead-end') && !/\b(?:still|even with|in vain|failed)\b/i.test(text)) continue;
    if (/false positive| → /i.test(text) || text.length < 20 || chars + text.length > inheritedMaxChars) continue;
    if ([...topic.members, ...kept].some((member) => saysTheSame(member.stems, statement.stems))) continue;
    kept.push(statement);
    chars += text.length;
  }
  return kept;
}

/** Marks, among the session's own records, those that a topic corrects, and hands their lasting part over. */
export function correctOwn(topics: readonly Topic[], own: readonly KnownRecord[]): void {
  for (const record of own) {
    const text = textOf(record);
    if (!['gotcha', 'dead-end', 'discovery', 'bugfix'].includes(record.type) || !openClaim.test(text)) continue;
    const names = namesOf(text);
    const heir = topics.find(({ seed, members }) =>
      members.some(
        (member) =>
          (member === seed || member.at === seed.at) &&
          ['text', 'closing'].includes(member.source) &&
          !member.isPlan &&
          correction.test(member.text) &&
          [...namesOf(`${seed.text} ${member.text}`)].some((name) => names.has(name)),
      ),
    );
    if (!heir) continue;
    heir.members.push(...inheritedOf(record, heir));
    heir.supersedes = [...new Set([...(heir.supersedes ?? []), record.id])];
  }
}

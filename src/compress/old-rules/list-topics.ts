// What is a list by nature: a subagent's findings, and what a compaction found pending. Taken as they stand, best first.
import { sectionKind, type Statement, type Story } from './statements.ts';
import type { Topic } from './topic.ts';
import { doerless } from './titles.ts';
import { containment, pathsOf, stemsOf } from './words.ts';

const listMaxChars = 900;
const minReportScore = 1.5;
/** Share of an item's words that what came later holds, from which on it was done. */
const doneShare = 0.6;

/** Everything that was done and told after an event, as words. */
function laterStems(story: Story, at: number): ReadonlySet<string> {
  const texts = story.events.slice(at + 1).flatMap((event) => {
    if (event.kind === 'edit') return event.ok ? [event.path, ...event.hunks.flatMap(({ added }) => added)] : [];
    if (event.kind === 'command') return [event.command, event.commit?.message ?? ''];
    return event.kind === 'text' ? [event.text] : [];
  });
  return new Set(stemsOf(texts.join('\n')));
}

/** The report shows files as they were before the session changed them. */
export function isOutdated(story: Story, at: number, text: string): boolean {
  const named = new Set(pathsOf(text));
  const edited = story.events.slice(at + 1).flatMap((event) => (event.kind === 'edit' && event.ok ? [event.path] : []));
  const changed = [...named].filter((path) => edited.some((one) => one === path || one.endsWith(`/${path}`)));
  return changed.length > 1 && changed.length >= named.size * 0.2;
}

/** Where a report was taken from, or whose subject stands elsewhere. */
const isSource = ({ section, text, lead }: Statement): boolean =>
  /\b(?:sources?|references|links|quellen)\b/i.test(section) || (lead === '' && doerless.test(text));

export function listTopics(story: Story, statements: readonly Statement[]): Topic[] {
  const topics: Topic[] = [];
  story.events.forEach((event, at) => {
    if (event.kind !== 'report' && event.kind !== 'summary') return;
    const isPending = event.kind === 'summary';
    const later = isPending ? laterStems(story, at) : new Set<string>();
    const mine = statements.filter(
      (statement) =>
        statement.at === at &&
        statement.source === event.kind &&
        (isPending
          ? sectionKind(statement.section) === 'pending' && containment(statement.stems, later) < doneShare
          : statement.score >= minReportScore && !isSource(statement)),
    );
    mine.sort((a, b) => b.score - a.score);
    const members: Statement[] = [];
    let chars = 0;
    for (const statement of mine) {
      if (chars + statement.text.length > listMaxChars) continue;
      members.push(statement);
      chars += statement.text.length + 6;
    }
    if (members[0] && (members.length > 1 || isPending))
      topics.push({ seed: members[0], members, kind: isPending ? 'pending' : 'report', center: new Map() });
  });
  return topics;
}

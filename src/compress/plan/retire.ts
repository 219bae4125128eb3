// Finds records of earlier sessions that this one made obsolete without naming them (a commit message says so and mentions the same
// names), and links new records to what they take the place of. Pure.
import type { MemoryRecord } from '../../domain/record.ts';
import { stemmedWords } from '../../index/words.ts';
import type { Edited, PreparedSession } from '../session/prepared-session.ts';
import { namesIn } from './names.ts';
import type { Made } from './planned.ts';
import { formatWithin } from './record-of-draft.ts';
import { comparedOf } from './known.ts';
import { citesSameFile, containment, jaccard } from './similarity.ts';

/** Words of commit messages that end a state, in common languages. */
const mending =
  /\b(?:fix(?:e[sd])?|repair|resolve|remove|delete|drop|replace|rename|revert|disable|instead|no longer|stop|correct|switch|migrate|move|behebe|entferne|ersetze|statt|nicht mehr|corrige|arregla|elimina|quita|reemplaza|en lugar|supprime|remplace|au lieu|remove|substitui|troca|em vez)\w*\b|修复|删除|移除|替换|改为|不再|修正|削除|変更/iu;
/** Minimum share of an older title's words in the message; the lower one suffices with a common name and edited cited lines. */
const sameTitle = 0.6;
const sameTitleCited = 0.34;
/** Likeness of a new record to an older one: on its subject, and telling of it as a whole. */
const onSubject = 0.2;
const takesPlace = 0.3;

/** `known`: trusted records of other sessions that belong here. */
export function findMended({ turns }: PreparedSession, known: readonly MemoryRecord[]): MemoryRecord[] {
  const steps = turns.flatMap((turn) => turn.steps);
  const messages = steps
    .filter((step) => step.kind === 'commit')
    .map(({ subject, body }) => `${subject}\n${body}`)
    .filter((message) => mending.test(message));
  const edits = steps.filter((step) => step.kind === 'edit');
  return known.filter(
    (older) =>
      older.type !== 'session' &&
      older.type !== 'tombstone' &&
      messages.some((message) => speaksOf(message, older, edits)),
  );
}

/** Where cited lines were edited, a common name and part of the title suffice; elsewhere most of the title is needed. */
function speaksOf(message: string, older: MemoryRecord, edits: readonly Edited[]): boolean {
  const words = new Set(stemmedWords(message));
  const share = containment(new Set(stemmedWords(older.title)), words);
  const lower = message.toLowerCase();
  const names = namesIn(`${older.title}\n${older.description}`).filter((name) => /\p{L}/u.test(name));
  const hasName = names.some((name) => lower.includes(name.toLowerCase()));
  if (!isTouched(older, edits)) return hasName && share >= sameTitle;
  return share >= sameTitle || (hasName && share >= sameTitleCited);
}

function isTouched({ cites }: MemoryRecord, edits: readonly Edited[]): boolean {
  return cites.some(({ path, lines }) =>
    edits.some(
      (edit) =>
        edit.path === path &&
        (lines === undefined ||
          edit.hunks.length === 0 ||
          edit.hunks.some(({ start, lines: count }) => start <= lines[1] && start + Math.max(1, count) > lines[0])),
    ),
  );
}

/**
 * The most similar new record on the same subject supersedes a mended one; without one, the most similar (or else the summary) is
 * marked as contradicting it. What a replaced record superseded in other sessions passes to its successor.
 */
export function linkOlder(
  made: readonly Made[],
  mended: readonly MemoryRecord[],
  replaced: readonly MemoryRecord[],
): Made[] {
  const linked = [...made];
  const link = (from: Made | undefined, key: 'supersedes' | 'contradicts', ids: readonly string[]): void => {
    if (from === undefined || ids.length === 0) return;
    const { record } = from;
    const text = formatWithin({ ...record, [key]: [...new Set([...record[key], ...ids])] });
    linked[linked.indexOf(from)] = { ...from, ...text };
  };
  for (const older of mended) {
    if (made.some(({ record }) => [...record.supersedes, ...record.contradicts].includes(older.id))) continue;
    const { each, likeness } = mostSimilar(linked, older);
    if (each && likeness >= takesPlace && !isSummary(each)) link(each, 'supersedes', [older.id]);
    else link(likeness >= onSubject ? each : linked.find(isSummary), 'contradicts', [older.id]);
  }
  const gone = new Set(replaced.map(({ id }) => id));
  for (const older of replaced) {
    const others = linked.filter((each) => !isSummary(each));
    const { each, likeness } = mostSimilar(others, older);
    const owed = older.supersedes.filter((id) => !gone.has(id));
    if (likeness >= onSubject) link(each, 'supersedes', owed);
  }
  return linked;
}

const isSummary = ({ record }: Made): boolean => record.type === 'session';

function mostSimilar(made: readonly Made[], older: MemoryRecord): { each?: Made; likeness: number } {
  const scored = made.map((each) => ({ each, likeness: likenessOf(each.record, older) }));
  return scored.sort((a, b) => b.likeness - a.likeness)[0] ?? { likeness: 0 };
}

function likenessOf(record: MemoryRecord, older: MemoryRecord): number {
  const words = new Set(comparedOf(record).subject);
  return jaccard(words, comparedOf(older).subject) + (citesSameFile(record, older) ? 0.15 : 0);
}

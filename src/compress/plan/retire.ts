// Finds records of earlier sessions that this one made obsolete without naming them: a commit message says so and mentions the same
// names. Pure.
import type { MemoryRecord } from '../../domain/record.ts';
import { stemmedWords } from '../../index/words.ts';
import type { Edited, PreparedSession } from '../session/prepared-session.ts';
import { namesIn } from './names.ts';
import type { Made } from './planned.ts';
import { citePaths, containment, isOverlapping, jaccard, wordsOf } from './similarity.ts';

/** Words of commit messages that end a state, in common languages. */
const mending =
  /\b(?:fix(?:e[sd])?|repair|resolve|remove|delete|drop|replace|rename|revert|disable|instead|no longer|stop|correct|switch|migrate|move|behebe|entferne|ersetze|statt|nicht mehr|corrige|arregla|elimina|quita|reemplaza|en lugar|supprime|remplace|au lieu|remove|substitui|troca|em vez)\w*\b|修复|删除|移除|替换|改为|不再|修正|削除|変更/iu;
/** Minimum share of an older title's words in the message; the lower one suffices with a common name and edited cited lines. */
const sameTitle = 0.6;
const sameTitleCited = 0.34;

export interface Mended {
  older: MemoryRecord;
  /** The message of that commit. */
  message: string;
}

/** `known`: trusted records of other sessions that belong here. */
export function findMended(session: PreparedSession, known: readonly MemoryRecord[]): Mended[] {
  const messages = session.turns.flatMap(({ steps }) =>
    steps.flatMap((step) => (step.kind === 'commit' ? [`${step.subject}\n${step.body}`] : [])),
  );
  const edits = session.turns.flatMap(({ steps }) => steps.filter((step) => step.kind === 'edit'));
  return known.flatMap((older) => {
    if (older.type === 'session' || older.type === 'tombstone') return [];
    const message = messages.find((each) => mending.test(each) && speaksOf(each, older, edits));
    return message === undefined ? [] : [{ older, message }];
  });
}

/** Where cited lines were edited, a common name and part of the title suffice; elsewhere most of the title is needed. */
function speaksOf(message: string, older: MemoryRecord, edits: readonly Edited[]): boolean {
  const words = new Set(stemmedWords(message));
  const share = containment(new Set(stemmedWords(older.title)), words);
  const lower = message.toLowerCase();
  const names = namesIn(`${older.title}\n${older.description}`).filter((name) => /\p{L}/u.test(name));
  const hasName = names.some((name) => lower.includes(name.toLowerCase()));
  if (older.cites.length === 0 || !isTouched(older, edits)) return hasName && share >= sameTitle;
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
 * The most similar new record on the same subject supersedes the obsolete one; without one, the most similar record (or else the
 * summary, which comes last) is marked as contradicting it. Returns the ids per new record.
 */
export function retire(
  mended: readonly Mended[],
  made: readonly Made[],
): Map<Made, { supersedes: string[]; contradicts: string[] }> {
  const found = new Map<Made, { supersedes: string[]; contradicts: string[] }>();
  for (const { older } of mended) {
    if (made.some(({ record }) => [...record.supersedes, ...record.contradicts].includes(older.id))) continue;
    const scored = made.map((each) => ({ each, likeness: likenessOf(each.record, older) }));
    const [best] = scored.sort((a, b) => b.likeness - a.likeness);
    if (best === undefined) continue;
    const target = best.likeness >= 0.2 ? best : scored.find(({ each }) => each.record.type === 'session');
    if (target === undefined) continue;
    const given = found.get(target.each) ?? { supersedes: [], contradicts: [] };
    given[target.likeness >= 0.3 && target.each.record.type !== 'session' ? 'supersedes' : 'contradicts'].push(
      older.id,
    );
    found.set(target.each, given);
  }
  return found;
}

function likenessOf(record: MemoryRecord, older: MemoryRecord): number {
  const bonus = isOverlapping(citePaths(record.cites), citePaths(older.cites)) ? 0.15 : 0;
  return jaccard(wordsOf({ ...record, body: '' }), wordsOf({ ...older, body: '' })) + bonus;
}

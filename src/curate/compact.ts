// Merges old local records of fading types into monthly digests, so that rarely used ones stay findable in one small file. Local
// records only: shared ones are never rewritten or removed.
import type { Excerpt } from '../domain/excerpt.ts';
import { type MemoryRecord, titleMaxChars } from '../domain/record.ts';
import { ageInDays, isDurable } from '../domain/types.ts';
import type { LedgerEntry } from '../git/state/ledger.ts';
import { cutText } from '../privacy/invisible.ts';
import { formatRecord } from '../format/frontmatter.ts';
import { recordFilePath } from '../store/layout.ts';
import type { Memory } from '../memory/open.ts';
import { readFull } from '../memory/read.ts';
import { type AssessedRecord, readRecordSet } from '../memory/records.ts';
import { removeFile, shownPath } from './record-file.ts';
import { emptyRecord, writeRecord } from './write.ts';

/** By this age, their ranking weight has reached its minimum. */
const oldDays = 30;
/** A digest of one record would only be a copy. */
const foldMin = 2;
const foldMax = 30;
const factMaxChars = 280;
const citesMax = 12;
const aliasesMax = 12;
/** Concept of digests: they are not merged again. */
const digestConcept = 'digest';

/** `dryRun`: reports only, without writing. */
export async function compactMemory(memory: Memory, dryRun = false) {
  const recordSet = await readRecordSet(memory);
  const now = memory.env.now();
  const old = recordSet.assessed.filter((one) => isFoldable(one, now));
  const replaced = old.filter(({ isActive }) => !isActive);
  const groups = groupsOf(
    memory,
    old.filter(({ isActive }) => isActive),
  );
  const digests = groups.map((group) => {
    const digest = makeDigest(memory, group);
    // The digest is written before the first merged record is removed.
    if (!dryRun) writeRecord(memory, digest, 'local', originOf(memory, group.at(-1)!.excerpt));
    return {
      id: digest.id,
      month: monthOf(digest),
      title: digest.title,
      /** Relative to the folder that holds `.claude-mem`, if it lies below it. */
      path: shownPath(memory, recordFilePath(memory.paths, digest, 'local')),
      bytes: Buffer.byteLength(formatRecord(digest)),
      folded: group.map(({ excerpt: { id, title, bytes } }) => ({ id, title, bytes })),
    };
  });
  const gone = [...replaced, ...groups.flat()].map(({ excerpt }) => excerpt);
  if (!dryRun) for (const excerpt of gone) removeFile(memory, excerpt);
  return {
    digests,
    /** Fading local records that were already superseded: removed, not in a digest. */
    replaced: replaced.map(({ excerpt: { id, title } }) => ({ id, title })),
    bytesBefore: gone.reduce((sum, { bytes }) => sum + bytes, 0),
    bytesAfter: digests.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** Only records of this branch, and none that git brought from others. */
function isFoldable({ excerpt, isHere, trust }: AssessedRecord, now: Date): boolean {
  if (excerpt.tier !== 'local' || trust !== 'local' || !isHere) return false;
  if (excerpt.type === 'session' || excerpt.type === 'tombstone' || isDurable(excerpt.type)) return false;
  return !excerpt.concepts.includes(digestConcept) && ageInDays(excerpt.created, now) > oldDays;
}

function monthOf({ created }: Pick<Excerpt, 'created'>): string {
  return created.slice(0, 7);
}

/** Groups by month and branch: a digest belongs to the branch of its records. Oldest first. */
function groupsOf(memory: Memory, assessed: readonly AssessedRecord[]): AssessedRecord[][] {
  const groups = new Map<string, AssessedRecord[]>();
  for (const one of [...assessed].sort((a, b) => (a.excerpt.created < b.excerpt.created ? -1 : 1))) {
    const { branch, onDefault } = originOf(memory, one.excerpt);
    const key = JSON.stringify([monthOf(one.excerpt), branch, onDefault]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const cut = [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / foldMax) }, (_, part) =>
      group.slice(part * foldMax).slice(0, foldMax),
    ),
  );
  return cut.filter((part) => part.length >= foldMin);
}

/** Where a record counts as made; its digest counts as made where the newest of its records was. */
function originOf({ ledger, paths, snapshot }: Memory, { blob, branch }: Excerpt): Origin {
  const onDefault = branch === undefined || branch === snapshot.defaultBranch;
  return ledger.byBlob.get(blob) ?? { onDefault, ...(branch && { branch }), worktree: paths.worktreeKey };
}

type Origin = Omit<LedgerEntry, 'id' | 'blob' | 'at'>;

function makeDigest(memory: Memory, group: readonly AssessedRecord[]): MemoryRecord {
  const records = group.map((one) => readFull(memory, one).record);
  const newest = records.at(-1)!;
  const month = monthOf(newest);
  const isProgress = records.every(({ type }) => type === 'progress');
  const { branch: _branch, ...blank } = emptyRecord(memory, isProgress ? 'progress' : 'discovery');
  const titles = records.map(({ title }) => title).join('; ');
  const cites = new Map(records.flatMap((record) => record.cites.map((cite) => [cite.path, cite] as const)));
  const confidence = records.reduce((sum, one) => sum + (one.confidence ?? 0.5), 0) / records.length;
  return {
    ...blank,
    ...(newest.branch && { branch: newest.branch }),
    created: newest.created,
    title: oneLine(`${month}, ${records.length} records in brief: ${titles}`, titleMaxChars),
    description: `What ${records.length} local records of ${month} said, a line each.`,
    /** The titles, each with its first fact or the description. */
    facts: records.map(({ title, facts, description, created }) => {
      const more = facts[0] ?? description;
      const told = `${created.slice(0, 10)} ${title}${more === '' || more === title ? '' : ` — ${more}`}`;
      return oneLine(told, factMaxChars);
    }),
    concepts: [digestConcept],
    cites: [...cites.values()].slice(0, citesMax),
    aliases: [...new Set(records.flatMap(({ aliases }) => aliases))].slice(0, aliasesMax),
    // Records superseded by a merged record stay superseded.
    supersedes: [...new Set(records.flatMap(({ id, supersedes }) => [id, ...supersedes]))],
    generated: { by: 'compact/1', tokens: 0 },
    confidence: Math.round(confidence * 100) / 100,
    ...(records.some(({ source }) => source === 'external') && { source: 'external' as const }),
  };
}

function oneLine(text: string, maxChars: number): string {
  return cutText(text.replace(/\s+/g, ' ').trim(), maxChars);
}

// Merges old local records of fading types into monthly digests, so that rarely used ones stay findable in one small file. Local
// records only: shared ones are never rewritten or removed.
import type { Excerpt } from '../domain/excerpt.ts';
import { RepomemError } from '../domain/errors.ts';
import { titleMaxChars, type MemoryRecord } from '../domain/record.ts';
import { isDurable } from '../domain/types.ts';
import { ageInDays } from '../domain/weight.ts';
import type { LedgerEntry } from '../git/state/ledger.ts';
import { cutText } from '../privacy/invisible.ts';
import { formatRecord } from '../format/frontmatter.ts';
import { recordFilePath } from '../store/layout.ts';
import type { Memory } from '../memory/open.ts';
import { readFull } from '../memory/read.ts';
import { readRecordSet, type AssessedRecord } from '../memory/records.ts';
import { removeFile, shownPath, writeRecord } from './record-file.ts';
import { emptyRecord } from './write.ts';

interface CompactOptions {
  /** Report only, without writing. */
  dryRun?: boolean;
  /** YYYY-MM: only this month. */
  month?: string;
}

interface Digest {
  id: string;
  month: string;
  title: string;
  /** Relative to the folder that holds `.claude-mem`, if it lies below it. */
  path: string;
  bytes: number;
  folded: { id: string; title: string; bytes: number }[];
}

interface CompactReport {
  digests: Digest[];
  /** Fading local records that were already superseded: removed, not in a digest. */
  replaced: { id: string; title: string }[];
  bytesBefore: number;
  bytesAfter: number;
}

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

export async function compactMemory(memory: Memory, options: CompactOptions = {}): Promise<CompactReport> {
  if (options.month !== undefined && !/^\d{4}-(?:0[1-9]|1[0-2])$/.test(options.month))
    throw new RepomemError('usage', `--month: expected YYYY-MM; got '${options.month}'`);
  const recordSet = await readRecordSet(memory);
  const now = memory.env.now();
  const old = recordSet.assessed.filter(
    (one) => isFoldable(one, now) && (options.month ?? monthOf(one.excerpt)) === monthOf(one.excerpt),
  );
  const replaced = old.filter(({ isActive }) => !isActive);
  const groups = groupsOf(
    memory,
    old.filter(({ isActive }) => isActive),
  );
  const digests = groups.map((group): Digest => {
    const digest = makeDigest(memory, group);
    // The digest is written before the first merged record is removed.
    if (!options.dryRun) writeRecord(memory, digest, 'local', originOf(memory, group));
    return {
      id: digest.id,
      month: monthOf(digest),
      title: digest.title,
      path: shownPath(memory, recordFilePath(memory.paths, digest, 'local')),
      bytes: Buffer.byteLength(formatRecord(digest)),
      folded: group.map(({ excerpt: { id, title, bytes } }) => ({ id, title, bytes })),
    };
  });
  const gone = [...replaced, ...groups.flat()].map(({ excerpt }) => excerpt);
  if (!options.dryRun) for (const excerpt of gone) removeFile(memory, excerpt);
  return {
    digests,
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
    const { branch, onDefault } = madeAt(memory, one.excerpt) ?? { branch: one.excerpt.branch, onDefault: undefined };
    const key = JSON.stringify([monthOf(one.excerpt), branch, onDefault]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((group) => {
    const parts = Math.ceil(group.length / foldMax);
    const size = Math.ceil(group.length / parts);
    const cut = Array.from({ length: parts }, (_, part) => group.slice(part * size, (part + 1) * size));
    return cut.filter((part) => part.length >= foldMin);
  });
}

function madeAt(memory: Memory, excerpt: Excerpt): LedgerEntry | undefined {
  return memory.ledger.byBlob.get(excerpt.blob);
}

function makeDigest(memory: Memory, group: readonly AssessedRecord[]): MemoryRecord {
  const records = group.map((one) => readFull(memory, one).record);
  const newest = records.at(-1);
  const month = monthOf(records[0] ?? { created: '' });
  const isProgress = records.every(({ type }) => type === 'progress');
  const { branch: _branch, ...blank } = emptyRecord(memory, isProgress ? 'progress' : 'discovery');
  return {
    ...blank,
    ...(newest?.branch === undefined ? {} : { branch: newest.branch }),
    created: newest?.created ?? blank.created,
    title: lineOfText(
      `${month}, ${records.length} records in brief: ${records.map(({ title }) => title).join('; ')}`,
      titleMaxChars,
    ),
    description: `What ${records.length} local records of ${month} said, a line each.`,
    facts: records.map((record) => lineOfText(lineOf(record), factMaxChars)),
    concepts: [digestConcept],
    cites: [...new Map(records.flatMap(({ cites }) => cites.map((cite) => [cite.path, cite] as const))).values()].slice(
      0,
      citesMax,
    ),
    aliases: [...new Set(records.flatMap(({ aliases }) => aliases))].slice(0, aliasesMax),
    // Records superseded by a merged record stay superseded.
    supersedes: [...new Set(records.flatMap(({ id, supersedes }) => [id, ...supersedes]))],
    generated: { by: 'compact/1', tokens: 0 },
    confidence:
      Math.round((records.reduce((sum, { confidence = 0.5 }) => sum + confidence, 0) / records.length) * 100) / 100,
    ...(records.some(({ source }) => source === 'external') ? { source: 'external' as const } : {}),
  };
}

/** The title with the first fact or the description. */
function lineOf({ title, facts, description, created }: MemoryRecord): string {
  const more = facts[0] ?? (description === '' ? undefined : description);
  return `${created.slice(0, 10)} ${title}${more === undefined || more === title ? '' : ` — ${more}`}`;
}

function lineOfText(text: string, maxChars: number): string {
  return cutText(text.replace(/\s+/g, ' ').trim(), maxChars);
}

/** Where the digest counts as made: where the newest of its records was. */
function originOf(memory: Memory, group: readonly AssessedRecord[]): Omit<LedgerEntry, 'id' | 'blob' | 'at'> {
  const { paths, snapshot } = memory;
  const newest = group.at(-1)?.excerpt;
  const branch = newest?.branch;
  const made = newest && madeAt(memory, newest);
  return (
    made ?? {
      onDefault: branch === undefined || branch === snapshot.defaultBranch,
      ...(branch !== undefined && { branch }),
      worktree: paths.worktreeKey,
    }
  );
}

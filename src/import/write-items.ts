// Items to records: redacted, cited as of their time, compared with what is known, written. Each item is done before the next one begins, so
// that a run which is stopped goes on where it was.
import { createHash } from 'node:crypto';
import { dirname, relative, sep } from 'node:path';
import type { Tier } from '../domain/excerpt.ts';
import { idFromBytes } from '../domain/id.ts';
import type { MemoryRecord } from '../domain/record.ts';
import { isDurable } from '../domain/types.ts';
import { formatWithin, recordOfDraft, recordOfSummary } from '../compress/plan/record-of-draft.ts';
import { tierDir } from '../compress/plan/session-files.ts';
import { appendLedger } from '../git/state/ledger.ts';
import type { Memory } from '../memory/open.ts';
import type { Redactor } from '../memory/redactor.ts';
import { readRecordSet } from '../memory/records.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { blobId } from '../store/blob.ts';
import { recordFilePath } from '../store/layout.ts';
import { ensureLocalDir } from '../store/scaffold.ts';
import { citeItems, type Cited } from './cite-items.ts';
import { appendImports, finishedImports, hashOfText, pendingOf, type ImportEntry } from './import-log.ts';
import type { ImportItem } from './item.ts';
import { knownRecords, type KnownRecords } from './known-records.ts';
import { importRedactor, type ImportRedactor } from './redact-imported.ts';
import type { ImportReport } from './report.ts';
import type { RunOptions } from './source.ts';

/** Of a statement of which some cite no longer stands. */
const staleConfidence = 0.4;

/** Written together. */
const batchMax = 50;

export async function writeItems(
  memory: Memory,
  items: readonly ImportItem[],
  report: ImportReport,
  options: Omit<RunOptions, 'withModel'>,
): Promise<void> {
  const { paths } = memory;
  const log = new Map(finishedImports(paths, report.source).map((entry) => [entry.from, entry]));
  const fresh = items.filter((item) => {
    const known = log.get(item.from);
    return known === undefined || (item.canChange === true && known.words !== wordsOf(item));
  });
  report.known += items.length - fresh.length;
  if (fresh.length === 0) return;
  const known = knownRecords(memory, await readRecordSet(memory));
  for (const record of options.planned ?? []) known.add(record);
  const redactor = importRedactor(memory);
  // A value that one text names as a secret is masked in all of them.
  const clean = new Set(items.filter((item) => isClean(item, redactor)));
  const before = redactor.count();
  const cited = citeItems(memory, fresh);
  const written = new Map<string, string>();
  const at = memory.env.now().toISOString();
  const cleaner = { redact: (text: string) => ({ text: redactor.redact(text) }) };
  const batch: Placed[] = [];
  const entries: ImportEntry[] = [];
  const flush = (): void => {
    if (!options.isDry) {
      appendImports(paths, report.source, pendingOf(entries));
      writeBatch(memory, batch);
      appendImports(paths, report.source, entries);
    }
    batch.length = entries.length = 0;
  };
  for (const [index, item] of fresh.entries()) {
    if (index % batchMax === 0) {
      flush();
      options.progress?.(`importing ${index + 1} of ${fresh.length} (${report.source})`);
    }
    const entry: ImportEntry = { from: item.from, id: '', run: report.run, at, words: wordsOf(item) };
    const place = cited.get(item.from) ?? { cites: [], isStale: false, isGone: false };
    const replaces = [log.get(item.from)?.id, ...replacedBy(item).map((key) => written.get(key) ?? log.get(key)?.id)];
    const ids = replaces.filter((id) => id !== undefined && id !== '') as string[];
    if (clean.has(item)) redactor.markClean(partsOf(item));
    const verdict =
      outOfDate(item, place, options) ?? judge(item, makeRecord(item, place, ids, cleaner), known, redactor);
    if (typeof verdict === 'string') {
      report.skipped[verdict] = (report.skipped[verdict] ?? 0) + 1;
      entries.push(entry);
      continue;
    }
    const { record, text } = verdict;
    const isShared = options.isSharing && item.kind === 'statement' && item.isReviewed && isDurable(record.type);
    const tier: Tier = isShared && !place.isStale ? 'shared' : 'local';
    const file = recordFilePath(paths, record, tier);
    batch.push({ item, record, text, tier, file });
    const below = relative(tierDir(paths, tier), file).split(sep).join('/');
    entries.push({ ...entry, id: record.id, tier, path: below, hash: hashOfText(text) });
    known.add(record);
    options.planned?.push(record);
    written.set(item.from, record.id);
    if (place.isStale) report.stale++;
    const { id, type, title } = record;
    report.records.push({ id, from: item.from, tier, type, title, path: file });
  }
  flush();
  report.redacted += redactor.count() - before;
}

/** Why it is not worth a record today. */
function outOfDate(
  item: ImportItem,
  { isGone, isStale }: Cited,
  { isAll }: Pick<RunOptions, 'isAll'>,
): string | undefined {
  if (isAll || item.kind !== 'statement') return undefined;
  if (isGone) return 'nothing that they cite stands any more';
  return isStale && !isDurable(item.draft.type) ? 'out of date' : undefined;
}

function replacedBy(item: ImportItem): readonly string[] {
  return item.kind === 'statement' ? (item.replaces ?? []) : [];
}

/** Of what the source says; its time and its key are no words. */
function wordsOf(item: ImportItem): string {
  return hashOfText(JSON.stringify(item.kind === 'statement' ? item.draft : item.summary)).slice(0, 12);
}

function partsOf(item: ImportItem): string[] {
  const { title, ...rest } = item.kind === 'statement' ? item.draft : item.summary;
  return [title, ...Object.values(rest).flat()].filter(
    (value): value is string => typeof value === 'string' && value !== '',
  );
}

/** Nothing is taken out of it. */
function isClean(item: ImportItem, redactor: ImportRedactor): boolean {
  const text = partsOf(item).join('\n');
  return redactor.redact(text) === text;
}

interface Cleaner {
  redact(text: string): { text: string };
}

/** Undefined when redaction leaves no title. The id is not made yet. */
function makeRecord(
  item: ImportItem,
  { cites, isStale: isOld }: Cited,
  supersedes: readonly string[],
  clean: Cleaner,
): MemoryRecord | undefined {
  const at = `${new Date(item.at).toISOString().slice(0, 19)}Z`;
  const { branch, session = '', agent } = item;
  const prepared = { at, session, ...(branch && { branch }), ...(agent && { agent }) };
  const origin = { prepared, by: `import/${item.from.slice(0, item.from.indexOf(':'))}`, tokens: 0 };
  const record =
    item.kind === 'summary'
      ? recordOfSummary(item.summary, '', origin, item.started, clean)
      : recordOfDraft({ ...item.draft, cites: [] }, '', origin, { ...clean, makeCites: () => cites });
  if (record === undefined) return undefined;
  const confidence = isOld ? Math.min(staleConfidence, record.confidence ?? 1) : record.confidence;
  return {
    ...record,
    ...(confidence === undefined ? {} : { confidence }),
    supersedes: [...supersedes],
    extra: { from: item.from },
  };
}

interface Made {
  record: MemoryRecord;
  text: string;
}

/** The record with its id, or why it is none. */
function judge(
  item: ImportItem,
  made: MemoryRecord | undefined,
  known: KnownRecords,
  redactor: Redactor,
): Made | string {
  if (made === undefined) return 'nothing was left of their titles after redaction';
  if (item.kind === 'statement' && item.whole !== undefined) {
    const { record, text } = item.whole;
    if (known.isForgotten(record.id)) return 'forgotten';
    if (known.has(record.id)) return 'known already';
    return redactor.redact(text) === text ? { record, text } : 'with a secret';
  }
  if (made.type === 'session') return withId(made, known, []);
  const verdict = known.judge(made);
  if (verdict.kind === 'known') return verdict.reason.startsWith('forgotten') ? 'forgotten' : 'known already';
  const { supersedes, contradicts } = verdict;
  // Two commits that are alike are two steps of one way.
  const isCommit = item.kind === 'statement' && item.commit !== undefined;
  return withId({ ...made, contradicts: isCommit ? [] : contradicts }, known, supersedes);
}

function withId(made: MemoryRecord, known: KnownRecords, supersedes: readonly string[]): Made | string {
  const whole = { ...made, supersedes: [...new Set([...made.supersedes, ...supersedes])] };
  const { record, text } = formatWithin(whole);
  const id = idFromBytes(
    createHash('sha256')
      .update(`${String(made.extra['from'])}\n${text}`)
      .digest(),
  );
  if (known.isForgotten(id)) return 'forgotten';
  return known.has(id) ? 'known already' : { record: { ...record, id }, text };
}

interface Placed extends Made {
  item: ImportItem;
  tier: Tier;
  file: string;
}

/** Ledger first, then the files. They belong to the branch of their session while that exists, else to the history that holds their commit. */
function writeBatch({ paths, snapshot }: Memory, batch: readonly Placed[]): void {
  if (batch.some(({ tier }) => tier === 'local')) ensureLocalDir(paths);
  const entries = batch.map(({ item, record, text, tier }) => {
    const commit = (item.kind === 'statement' ? item.commit : undefined) ?? snapshot.head;
    const { branch } = tier === 'shared' ? snapshot : { branch: snapshot.defaultBranch };
    return {
      id: record.id,
      blob: blobId(Buffer.from(text), snapshot.objectFormat),
      at: record.created,
      ...(record.session && { session: record.session }),
      ...(commit && { commit }),
      ...(branch && { branch }),
      onDefault: branch === undefined || branch === snapshot.defaultBranch,
    };
  });
  appendLedger(paths, entries);
  for (const { text, tier, file } of batch)
    writeFileAtomic(file, text, {
      within: tier === 'local' ? dirname(dirname(paths.localDir)) : paths.root,
      fsync: tier === 'shared',
      ...(tier === 'local' && { mode: 0o600, dirMode: 0o700 }),
    });
}

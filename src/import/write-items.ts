// Items to records: redacted, cited as of their time, compared with what is known, written. Each item is done before the next one begins, so
// that a run which is stopped goes on where it was.
import { createHash } from 'node:crypto';
import { dirname, relative, sep } from 'node:path';
import { isStale, type Cite } from '../domain/cite.ts';
import type { Tier } from '../domain/excerpt.ts';
import { idFromBytes } from '../domain/id.ts';
import type { MemoryRecord } from '../domain/record.ts';
import { isDurable } from '../domain/types.ts';
import { formatWithin, recordOfDraft, recordOfSummary } from '../compress/plan/record-of-draft.ts';
import { tierDir } from '../compress/plan/session-files.ts';
import { judgeFreshness } from '../git/cites/freshness.ts';
import { appendLedger } from '../git/state/ledger.ts';
import type { Memory } from '../memory/open.ts';
import { readRecordSet } from '../memory/records.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { blobId } from '../store/blob.ts';
import { recordFilePath } from '../store/layout.ts';
import { ensureLocalDir } from '../store/scaffold.ts';
import { appendImports, hashOfText, readImports, type ImportEntry } from './import-log.ts';
import type { ImportItem, StatementItem } from './item.ts';
import { knownRecords, type KnownRecords } from './known-records.ts';
import { pastCites, readPastFiles, type PastMoment } from './past-cites.ts';
import { importRedactor } from './redactor.ts';
import type { ImportReport } from './report.ts';
import type { RunOptions } from './source.ts';

/** Of a statement of which some cite no longer stands. */
const staleConfidence = 0.4;

interface Cited {
  cites: Cite[];
  isStale: boolean;
  /** None of several cites stands. */
  isGone: boolean;
}

export async function writeItems(
  memory: Memory,
  items: readonly ImportItem[],
  report: ImportReport,
  options: Omit<RunOptions, 'withModel'>,
): Promise<void> {
  const { paths } = memory;
  const log = new Map(readImports(paths, report.source).map((entry) => [entry.from, entry]));
  const fresh = items.filter((item) => {
    const known = log.get(item.from);
    return known === undefined || (item.canChange === true && known.words !== wordsOf(item));
  });
  report.known += items.length - fresh.length;
  if (fresh.length === 0) return;
  const known = knownRecords(memory, await readRecordSet(memory));
  const redactor = importRedactor(memory);
  // A value that one text names as a secret is masked in all of them.
  for (const item of fresh) redactor.redact(textOf(item));
  const before = redactor.count();
  const cited = citeAll(memory, fresh);
  const written = new Map<string, string>();
  const at = memory.env.now().toISOString();
  const clean = { redact: (text: string) => ({ text: redactor.redact(text) }) };
  for (const [index, item] of fresh.entries()) {
    options.progress?.(`importing ${index + 1} of ${fresh.length} (${report.source})`);
    const entry: ImportEntry = { from: item.from, id: '', run: report.run, at, words: wordsOf(item) };
    const refuse = (reason: string): void => {
      report.skipped[reason] = (report.skipped[reason] ?? 0) + 1;
      if (!options.isDry) appendImports(paths, report.source, [entry]);
    };
    const place = cited.get(item.from) ?? { cites: [], isStale: false, isGone: false };
    if (place.isGone && !options.isAll) {
      refuse('nothing that they cite stands any more');
      continue;
    }
    if (place.isStale && item.kind === 'statement' && !isDurable(item.draft.type) && !options.isAll) {
      refuse('out of date');
      continue;
    }
    const replaces = [log.get(item.from)?.id, ...replacedBy(item).map((key) => written.get(key) ?? log.get(key)?.id)];
    const made = makeRecord(item, place, replaces.filter((id) => id !== undefined && id !== '') as string[], clean);
    const verdict = made === undefined ? 'nothing was left of their titles after redaction' : judge(made, known);
    if (made === undefined || typeof verdict === 'string') {
      refuse(verdict as string);
      continue;
    }
    const { record, text } = verdict;
    const tier: Tier =
      options.isSharing && item.kind === 'statement' && item.isReviewed && isDurable(record.type) && !place.isStale
        ? 'shared'
        : 'local';
    const file = recordFilePath(paths, record, tier);
    const below = relative(tierDir(paths, tier), file).split(sep).join('/');
    if (!options.isDry) {
      writeOne(memory, { item, record, text, tier, file });
      appendImports(paths, report.source, [{ ...entry, id: record.id, tier, path: below, hash: hashOfText(text) }]);
    }
    known.add(record);
    written.set(item.from, record.id);
    if (place.isStale) report.stale++;
    const { id, type, title } = record;
    report.records.push({ id, from: item.from, tier, type, title, path: file });
  }
  report.redacted += redactor.count() - before;
}

function replacedBy(item: ImportItem): readonly string[] {
  return item.kind === 'statement' ? (item.replaces ?? []) : [];
}

/** Of what the source says; its time and its key are no words. */
function wordsOf(item: ImportItem): string {
  return hashOfText(JSON.stringify(item.kind === 'statement' ? item.draft : item.summary)).slice(0, 12);
}

function textOf(item: ImportItem): string {
  const { title, ...rest } = item.kind === 'statement' ? item.draft : item.summary;
  return [title, ...Object.values(rest).flat()].filter((value) => typeof value === 'string').join('\n');
}

function citeAll(memory: Memory, items: readonly ImportItem[]): Map<string, Cited> {
  const { paths } = memory;
  const statements = items.filter((item): item is StatementItem => item.kind === 'statement' && item.files.length > 0);
  const past = readPastFiles(
    paths,
    statements.flatMap(({ files }) => files.map(({ path }) => path)),
  );
  const excerpts = statements.map((item) => ({
    path: item.from,
    cites: pastCites(paths, past, item.files, momentOf(item)),
  }));
  const asked = excerpts.filter(({ cites }) => cites.length > 0);
  const states =
    asked.length === 0
      ? new Map<string, never>()
      : judgeFreshness(paths, asked, memory.fullSnapshot(), { history: 'ask', env: memory.env.vars });
  const needing = new Set(statements.filter(({ needsStanding }) => needsStanding).map(({ from }) => from));
  return new Map(
    excerpts.map(({ path: from, cites }): [string, Cited] => {
      const judged = states.get(from);
      const isAnyStale = judged !== undefined && isStale(judged.freshness);
      const isGone = isAnyStale && needing.has(from) && judged.cites.every(({ freshness }) => isStale(freshness));
      return [from, { cites, isStale: isAnyStale, isGone }];
    }),
  );
}

function momentOf({ at, citedAt, commit }: StatementItem): PastMoment {
  return { at: citedAt ?? at, ...(commit !== undefined && { commit }) };
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

/** The record with its id, or why it is none. */
function judge(made: MemoryRecord, known: KnownRecords): { record: MemoryRecord; text: string } | string {
  if (made.type === 'session') return withId(made, known, []);
  const verdict = known.judge(made);
  if (verdict.kind === 'known') return verdict.reason.startsWith('forgotten') ? 'forgotten' : 'known already';
  const { supersedes, contradicts } = verdict;
  return withId({ ...made, contradicts }, known, supersedes);
}

function withId(
  made: MemoryRecord,
  known: KnownRecords,
  supersedes: readonly string[],
): { record: MemoryRecord; text: string } | string {
  const whole = { ...made, supersedes: [...new Set([...made.supersedes, ...supersedes])] };
  const { record, text } = formatWithin(whole);
  const id = idFromBytes(
    createHash('sha256')
      .update(`${String(made.extra['from'])}\n${text}`)
      .digest(),
  );
  if (known.isForgotten(id)) return 'forgotten';
  if (known.has(id)) return 'known already';
  return { record: { ...record, id }, text };
}

interface Placed {
  item: ImportItem;
  record: MemoryRecord;
  text: string;
  tier: Tier;
  file: string;
}

/** Ledger first, then the file. It belongs to the branch of its session while that exists, else to the history that holds its commit. */
function writeOne(memory: Memory, { item, record, text, tier, file }: Placed): void {
  const { paths, snapshot } = memory;
  const commit = (item.kind === 'statement' ? item.commit : undefined) ?? snapshot.head;
  if (tier === 'local') ensureLocalDir(paths);
  const { branch } = tier === 'shared' ? snapshot : { branch: snapshot.defaultBranch };
  appendLedger(paths, [
    {
      id: record.id,
      blob: blobId(Buffer.from(text), snapshot.objectFormat),
      at: record.created,
      ...(record.session && { session: record.session }),
      ...(commit && { commit }),
      ...(branch && { branch }),
      onDefault: branch === undefined || branch === snapshot.defaultBranch,
    },
  ]);
  const within = tier === 'local' ? dirname(dirname(paths.localDir)) : paths.root;
  writeFileAtomic(file, text, {
    within,
    fsync: tier === 'shared',
    ...(tier === 'local' && { mode: 0o600, dirMode: 0o700 }),
  });
}

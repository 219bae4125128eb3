// One file in the catalog's cache: a short array instead of an object, because parsing keys again and again is most of the time.
import type { Cite } from '../domain/cite.ts';
import { tokensOf, type Excerpt, type Tier } from '../domain/excerpt.ts';
import type { MemoryRecord, Problem } from '../domain/record.ts';
import type { RecordType } from '../domain/types.ts';
import type { RecordFile } from '../store/list.ts';

type CiteRow = [path: string, first: number, last: number, blob: string, text: string];

/** Everything that few records have; absent keys stay absent. */
type Rare = Partial<
  Pick<
    Excerpt,
    | 'agent'
    | 'generated'
    | 'source'
    | 'partOf'
    | 'confidence'
    | 'request'
    | 'started'
    | 'ended'
    | 'aliases'
    | 'supersedes'
    | 'contradicts'
    | 'forgets'
  >
>;

export type CatalogRow = [
  path: string,
  bytes: number,
  mtimeMs: number,
  /** Set for a file that could not be read; the rest of the row is then missing. */
  problem: Problem | 0,
  id?: string,
  type?: RecordType,
  title?: string,
  description?: string,
  created?: string,
  branch?: string,
  session?: string,
  blob?: string,
  tokens?: number,
  concepts?: string[] | 0,
  cites?: CiteRow[] | 0,
  rare?: Rare | 0,
];

export function isSameFile(row: CatalogRow, file: RecordFile): boolean {
  return row[1] === file.bytes && row[2] === file.mtimeMs;
}

/** Whether the row was read from these very bytes. */
export function isBlob(row: CatalogRow, blob: string | undefined): boolean {
  return blob !== undefined && row[11] === blob;
}

export function encodeProblem(file: RecordFile, problem: Problem): CatalogRow {
  return [file.path, file.bytes, file.mtimeMs, problem];
}

export function encodeRow(e: Excerpt): CatalogRow {
  return [
    e.path,
    e.bytes,
    e.mtimeMs,
    0,
    e.id,
    e.type,
    e.title,
    e.description,
    e.created,
    e.branch ?? '',
    e.session ?? '',
    e.blob,
    e.tokens,
    e.concepts.length > 0 ? e.concepts : 0,
    e.cites.length > 0 ? e.cites.map(encodeCite) : 0,
    rareOf(e) ?? 0,
  ];
}

const rareTexts = ['agent', 'generated', 'source', 'partOf', 'confidence', 'request', 'started', 'ended'] as const;
const rareLists = ['aliases', 'supersedes', 'contradicts', 'forgets'] as const;

function rareOf(excerpt: Excerpt): Rare | undefined {
  let rare: Record<string, unknown> | undefined;
  for (const key of rareTexts) if (excerpt[key] !== undefined) (rare ??= {})[key] = excerpt[key];
  for (const key of rareLists) if (excerpt[key].length > 0) (rare ??= {})[key] = excerpt[key];
  return rare;
}

/** What is kept of a record that was just read: as decodeRow gives it later, key by key. */
export function excerptOf(
  { path, tier, bytes, mtimeMs }: RecordFile,
  { record, blob, text }: { record: MemoryRecord; blob: string; text: string },
): Excerpt {
  const { id, type, title, description, created, concepts, cites, aliases, supersedes, contradicts, forgets } = record;
  const tokens = tokensOf(text);
  const excerpt: Excerpt = {
    id,
    type,
    title,
    description,
    created,
    concepts,
    cites,
    aliases,
    supersedes,
    contradicts,
    forgets,
    path,
    tier,
    blob,
    bytes,
    mtimeMs,
    tokens,
  };
  if (record.branch) excerpt.branch = record.branch;
  if (record.session) excerpt.session = record.session;
  // Key by key: thousands are made before anything is compiled.
  if (record.agent !== undefined) excerpt.agent = record.agent;
  if (record.generated !== undefined) excerpt.generated = record.generated;
  if (record.source !== undefined) excerpt.source = record.source;
  if (record.partOf !== undefined) excerpt.partOf = record.partOf;
  if (record.confidence !== undefined) excerpt.confidence = record.confidence;
  if (record.request !== undefined) excerpt.request = record.request;
  if (record.started !== undefined) excerpt.started = record.started;
  if (record.ended !== undefined) excerpt.ended = record.ended;
  return excerpt;
}

/** The excerpt or the problem that the row stands for. Rows are only ever read from our own private cache: not checked again. */
export function decodeRow(row: CatalogRow, tier: Tier): { excerpt: Excerpt } | { problem: Problem } {
  const [path, bytes, mtimeMs, problem, id, type, title, description, created, branch, session, blob, tokens] = row;
  if (problem !== 0) return { problem };
  const rare = row[15];
  const excerpt: Excerpt = {
    id: id!,
    type: type!,
    title: title!,
    description: description!,
    created: created!,
    concepts: row[13] || [],
    cites: row[14] ? row[14].map(decodeCite) : [],
    aliases: [],
    supersedes: [],
    contradicts: [],
    forgets: [],
    path,
    tier,
    blob: blob!,
    bytes,
    mtimeMs,
    tokens: tokens!,
  };
  if (branch) excerpt.branch = branch;
  if (session) excerpt.session = session;
  if (rare) Object.assign(excerpt, rare);
  return { excerpt };
}

function encodeCite(cite: Cite): CiteRow {
  return [cite.path, cite.lines?.[0] ?? 0, cite.lines?.[1] ?? 0, cite.blob ?? '', cite.text ?? ''];
}

function decodeCite([path, first, last, blob, text]: CiteRow): Cite {
  const cite: Cite = { path };
  if (first > 0) cite.lines = [first, last];
  if (blob !== '') cite.blob = blob;
  if (text !== '') cite.text = text;
  return cite;
}

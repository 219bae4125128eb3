// One record for programs: the same keys wherever a command, the MCP server or the page lists records; schema/record-line.schema.json publishes them.
import { isAbsolute, relative, sep } from 'node:path';
import type { Excerpt } from '../domain/excerpt.ts';
import { isId } from '../domain/id.ts';
import type { RecordFreshness } from '../git/cites/freshness.ts';
import type { Found } from './find.ts';
import type { FullRecord, AssessedRecord } from './records.ts';
import { staleLines } from './stale-lines.ts';

export interface RecordLine {
  id: string;
  type: string;
  /** '' of a record that nobody reviewed: what it says is told to nobody, and neither is its file's name. */
  title: string;
  description: string;
  /** From the folder that holds `.claude-mem`, with forward slashes. */
  path: string;
  tier: string;
  created: string;
  tokens: number;
  trust: string;
  isHere: boolean;
  isActive: boolean;
  branch?: string;
  freshness?: string;
  stale?: string[];
}

/** Of a foreign record only what cannot speak: id, date and the mark; a file's name can. */
export function recordLine(assessed: AssessedRecord, root: string, state?: RecordFreshness): RecordLine {
  const line = wholeLine(assessed, root, state);
  if (assessed.trust !== 'foreign') return line;
  const { type, tier, created, tokens, trust, isHere, isActive } = line;
  const unsaid = { title: '', description: '', path: '' };
  return { id: safeId(assessed.excerpt), type, ...unsaid, tier, created, tokens, trust, isHere, isActive };
}

function wholeLine({ excerpt, trust, isHere, isActive }: AssessedRecord, root: string, state?: RecordFreshness) {
  const { id, type, title, description, path, tier, created, tokens, branch } = excerpt;
  return {
    id,
    type,
    title,
    description,
    path: pathFrom(root, path),
    tier,
    created,
    tokens,
    trust,
    isHere,
    isActive,
    ...(branch && { branch }),
    ...(state && { freshness: state.freshness, stale: staleLines(excerpt, state) }),
  };
}

/** A hit of a search. */
export function hitAsJson(found: Found, root: string, state?: RecordFreshness) {
  const { hit, trust } = found;
  const score = Number(hit.score.toFixed(4));
  return { ...recordLine(found, root, state), score, ...(trust !== 'foreign' && { why: hit.why }) };
}

/** A whole record, a foreign one too; keys that the format does not know stand beside the others. */
export function recordAsJson(full: FullRecord, root: string, state?: RecordFreshness): unknown {
  const { extra, ...known } = full.record;
  return { ...extra, ...known, ...wholeLine(full, root, state) };
}

/** What an unreviewed record is called: its id where that spells no word, else the beginning of its blob id. resolveId takes both. */
export function safeId({ id, blob }: Pick<Excerpt, 'id' | 'blob'>): string {
  return isId(id) ? id : blob.slice(0, 8);
}

/** Is this a beginning of that blob id, as safeId writes it? */
export function isBlobPrefix(text: string, blob: string): boolean {
  return /^[0-9a-f]{7,64}$/.test(text) && blob.startsWith(text);
}

/** Local records lie below the main worktree, which may be another folder. */
export function pathFrom(root: string, path: string): string {
  return isAbsolute(path) ? relative(root, path).split(sep).join('/') : path;
}

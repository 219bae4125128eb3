// One record as a line for programs: the same keys wherever a command lists records; schema/record-line.schema.json publishes them.
import { isAbsolute, relative, sep } from 'node:path';
import type { RecordFreshness } from '../git/cites/freshness.ts';
import type { AssessedRecord } from './records.ts';
import { safeId } from './safe-id.ts';
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

export function recordLine(
  { excerpt, trust, isHere, isActive }: Pick<AssessedRecord, 'excerpt' | 'trust' | 'isHere' | 'isActive'>,
  root: string,
  state?: RecordFreshness,
): RecordLine {
  const { id, type, title, description, path, tier, created, tokens, branch } = excerpt;
  const known = { tier, created, tokens, trust, isHere, isActive };
  if (trust === 'foreign') return { id: safeId(excerpt), type, title: '', description: '', path: '', ...known };
  return {
    id,
    type,
    title,
    description,
    path: pathFrom(root, path),
    ...known,
    ...(branch && { branch }),
    ...(state && { freshness: state.freshness, stale: staleLines(excerpt, state) }),
  };
}

/** Local records lie below the main worktree, which may be another folder. */
export function pathFrom(root: string, path: string): string {
  return isAbsolute(path) ? relative(root, path).split(sep).join('/') : path;
}

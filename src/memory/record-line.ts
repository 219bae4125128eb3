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

/** What schema/record-line.schema.json holds. */
export function recordLineSchema(): Record<string, unknown> {
  const text = { type: 'string' };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'repomem record line',
    description:
      'A record as list, search, timeline, adopt and why print it with --json. A command may add keys of its own, such as score.',
    type: 'object',
    required: ['id', 'type', 'title', 'path', 'tier', 'created', 'tokens', 'trust', 'isHere', 'isActive'],
    properties: {
      id: text,
      type: text,
      title: { ...text, description: "'' of a record that nobody reviewed" },
      description: text,
      path: { ...text, description: 'from the folder that holds .claude-mem, with forward slashes' },
      tier: { enum: ['shared', 'local'] },
      created: { ...text, format: 'date-time' },
      tokens: { type: 'integer', description: 'what reading it whole costs' },
      trust: { enum: ['reviewed', 'own', 'local', 'foreign'] },
      isHere: { type: 'boolean', description: 'it belongs to the branch that is checked out' },
      isActive: { type: 'boolean', description: 'neither replaced nor forgotten' },
      branch: { ...text, description: 'where it was made' },
      freshness: { enum: ['fresh', 'shifted', 'moved', 'changed', 'gone'] },
      stale: { type: 'array', items: text, description: 'what it cites that no longer stands' },
      score: { type: 'number' },
      why: { type: 'array', items: text },
    },
    additionalProperties: true,
  };
}

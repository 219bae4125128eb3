import type { Cite } from './cite.ts';
import type { RecordType } from './types.ts';

export interface Generated {
  /** Provider and version, such as `extractive/1`. */
  by: string;
  /** Model tokens, in and out, that made the record; 0 without a model. */
  tokens: number;
}

/** In `extra` of a tombstone: the sketch of the record that it forgets. */
export const matchesKey = 'matches';

/** One file in the store, of any type. Lists that the file omits are empty, not absent; unknown keys are kept in `extra` and written back. */
export interface MemoryRecord {
  id: string;
  type: RecordType;
  /** At most titleMaxChars: shown as one line of the index. */
  title: string;
  /** One-sentence summary; '' when the file has none. */
  description: string;
  /** ISO 8601, UTC, whole seconds. */
  created: string;
  branch?: string;
  session?: string;
  agent?: string;
  generated?: Generated;
  concepts: string[];
  cites: Cite[];
  aliases: string[];
  facts: string[];
  supersedes: string[];
  contradicts: string[];
  /** Tombstones only: ids that must not be learned again. */
  forgets: string[];
  source?: 'external';
  files?: { read: string[]; modified: string[] };
  /** Id of the digest that replaced this record. */
  partOf?: string;
  /** 0 to 1. */
  confidence?: number;
  /** Session summaries only. */
  request?: string;
  started?: string;
  ended?: string;
  /** The explanation (why and how), without description and facts. In second-edition files the file's body contains those too. */
  body: string;
  extra: Record<string, unknown>;
}

/** A file that could not be read as a record: reported by lint and doctor, never thrown. */
export interface Problem {
  /** Relative to the folder that holds `.claude-mem`. */
  path: string;
  line?: number;
  /** Machine-readable code, such as `bad-yaml`. */
  code: string;
  /** The fault, what was expected, what to do. */
  reason: string;
}

export const titleMaxChars = 110;
/** Length that writers are asked for, so that a title fits on one line of a terminal. */
export const titleAskedChars = 75;
export const bodyMaxChars = 1200;
export const fileMaxBytes = 16 * 1024;

/** A record with all lists empty. */
export function blankRecord(id: string, type: RecordType, created: string): MemoryRecord {
  return {
    id,
    type,
    title: '',
    description: '',
    created,
    concepts: [],
    cites: [],
    aliases: [],
    facts: [],
    supersedes: [],
    contradicts: [],
    forgets: [],
    body: '',
    extra: {},
  };
}

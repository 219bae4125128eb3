import type { Cite } from './cite.ts';
import type { RecordType } from './types.ts';

export interface Generated {
  /** Provider and version, such as `extractive/1`. */
  by: string;
  /** Model tokens, in and out, that made the record; 0 without a model. */
  tokens: number;
}

/**
 * One file in the store, whatever its type. Lists are empty, not absent, where the file has none;
 * keys that the format does not know are kept in `extra` and written back.
 */
export interface MemoryRecord {
  id: string;
  type: RecordType;
  /** At most titleMaxChars: the line of the index. */
  title: string;
  /** The gist, one sentence; '' when the file has none. */
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
  /** Id of the digest that this record was folded into. */
  partOf?: string;
  /** 0 to 1. */
  confidence?: number;
  /** Session summaries only. */
  request?: string;
  started?: string;
  ended?: string;
  /** Why and how: without the gist and the facts, which a file of the second edition holds in its body too. */
  body: string;
  extra: Record<string, unknown>;
}

/** A file that could not be read as a record: listed by lint and doctor, never thrown. */
export interface Problem {
  /** Relative to the folder that holds `.claude-mem`. */
  path: string;
  line?: number;
  /** A code for programs, such as `bad-yaml`. */
  code: string;
  /** What is wrong, what was expected, what to do. */
  reason: string;
}

export const titleMaxChars = 110;
/** What writers are asked for: a line of the index in one line of a terminal. */
export const titleAskedChars = 75;
export const bodyMaxChars = 1200;
export const fileMaxBytes = 16 * 1024;

/** A record that says nothing yet: every list is there and empty. */
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

// What travels between the server and the page: plain values, the same names on both sides.
import type { Freshness } from '../domain/cite.ts';
import type { Tier, Trust } from '../domain/excerpt.ts';

/** A record as lists show it. Of a foreign one only `id`, `created` and `trust` are there; the rest is empty. */
export interface Line {
  id: string;
  type: string;
  title: string;
  /** The first sentence below the title; '' where there is none. */
  gist: string;
  created: string;
  tier: Tier;
  trust: Trust;
  /** Belongs to the branch that is checked out. */
  isHere: boolean;
  /** Not superseded, not forgotten. */
  isActive: boolean;
  /** What a full read costs. */
  tokens: number;
  paths: string[];
  concepts: string[];
  branch?: string;
  session?: string;
  by?: string;
  freshness?: Freshness;
}

export interface RecordsAnswer {
  lines: Line[];
  /** Where the next page starts; absent on the last one. */
  next?: string;
  /** Of the whole filtered list. */
  total: number;
  /** How many there are without any filter. */
  all: number;
  state: string;
}

export interface Facets {
  types: [string, number][];
  concepts: [string, number][];
  branches: [string, number][];
  files: [string, number][];
}

export interface MemoryAnswer {
  name: string;
  root: string;
  branch?: string;
  head?: string;
  defaultBranch?: string;
  version: string;
  isReadOnly: boolean;
  state: string;
  counts: { records: number; foreign: number; elsewhere: number; problems: number; stale: number };
  /** Why git is not asked here; absent where it is. */
  gitProblem?: string;
  repositories: { key: string; name: string; root: string; isOpen: boolean }[];
}

/** Markdown as a tree. `tag` is one of a closed set; no HTML travels. */
export type Node =
  | string
  | {
      tag:
        | 'p'
        | 'list'
        | 'ordered'
        | 'item'
        | 'quote'
        | 'strong'
        | 'em'
        | 'del'
        | 'code'
        | 'break'
        | 'rule'
        | 'table'
        | 'row'
        | 'cell';
      children?: Node[];
    }
  | { tag: 'heading'; depth: number; children: Node[] }
  | { tag: 'block'; language: string; text: string }
  | { tag: 'link'; href: string; children: Node[] }
  | { tag: 'record'; id: string; children: Node[] };

export interface DiffRow {
  kind: 'same' | 'removed' | 'added';
  text: string;
  /** Line numbers before and after. */
  before?: number;
  after?: number;
}

export interface CommitAnswer {
  id: string;
  author: string;
  at: string;
  summary: string;
}

export interface CiteAnswer {
  path: string;
  lines?: [number, number];
  freshness: Freshness;
  /** Where it stands today; another path when the file was moved. */
  now: { path: string; lines?: [number, number] };
  /** The commit that changed it. */
  by?: CommitAnswer;
  /** Then beside now, line by line; absent where git does not have the cited text. */
  rows?: DiffRow[];
}

export interface RecordAnswer {
  line: Line;
  /** As `repomem show ID --json` prints it. */
  record: Record<string, unknown>;
  /** Of the file's bytes: what an edit must expect. */
  blob: string;
  body: Node[];
  cites: CiteAnswer[];
  supersedes: Line[];
  supersededBy: Line[];
  contradicts: Line[];
  told: { session: string; at: string; moment: string }[];
  /** Saving an edit rewrites the file; else it makes a record that supersedes this one. */
  isRewritable: boolean;
  /** Without characters that cannot be seen, unlike those of `record`. */
  agent: string;
  aliases: string[];
  path: string;
  /** Text of the file. */
  raw: string;
}

export interface HistoryAnswer {
  commits: (CommitAnswer & { status: 'A' | 'M' | 'D' | 'R'; rows: DiffRow[] })[];
  /** Not committed, or edited since. */
  isUncommitted: boolean;
}

export interface ContextRecord {
  line: Line;
  score: number;
  reasons: string[];
  isShown: boolean;
}

export interface ContextAnswer {
  /** The very bytes that a session is given. */
  text: string;
  tokens: number;
  shown: number;
  total: number;
  budget: { tokens: number; maxRecords: number };
  rankedBy: string;
  records: ContextRecord[];
}

export interface PromptAnswer {
  /** '' when nothing would be brought. */
  text: string;
  candidates: { line: Line; coverage: number; why: string[]; words: number; isTold: boolean }[];
  bar: { words: number; coverage: number }[];
}

export interface Done {
  /** Takes the change back, while nothing else touched its files. */
  undo?: string;
  /** As the command's `--json` prints it. */
  result: unknown;
  /** What to run to take it into a commit; nothing is staged by the page. */
  next?: string;
}

/** On the event stream. */
export type Event =
  | { type: 'hello'; state: string; version: string }
  | { type: 'changed'; state: string; added: string[]; changed: string[]; gone: string[] }
  | { type: 'told'; session: string }
  /** How far a command is that runs for a page. */
  | { type: 'job'; command: string; text: string }
  | { type: 'reset' };

export interface ErrorAnswer {
  error: { code: string; message: string; hint?: string };
  /** With a conflict: the file as it stands now, and its blob. */
  now?: string;
  blob?: string;
}

export interface SessionLine {
  id: string;
  started: string;
  ended: string;
  /** What it was asked; '' where no summary says so. */
  request: string;
  branch?: string;
  records: number;
  tellings: number;
  toldTokens: number;
  usage: { requests: number; tokensIn: number; tokensOut: number };
}

export interface TurnAnswer {
  at: string;
  /** Word for word, but for what was masked; '' for a private one, and where the host began the turn. */
  prompt: string;
  /** What the agent said last. */
  closing: string;
  files: { path: string; isNew: boolean; rows: DiffRow[] }[];
  commits: { subject: string; id: string }[];
  commands: number;
  failed: number;
}

export interface ChangesAnswer {
  /** `from`: the name before, where that was another; `isCut`: more lines changed than are given. */
  files: { path: string; from?: string; status: 'A' | 'M' | 'D' | 'R'; rows: DiffRow[]; isCut?: true }[];
  isCut: boolean;
}

export interface CommitChanges extends ChangesAnswer {
  commit: CommitAnswer;
}

export interface SessionAnswer extends SessionLine {
  summary: Node[];
  summaryId?: string;
  told: {
    at: string;
    moment: string;
    tokens: number;
    of?: number;
    left?: { known?: string[]; limit?: string[] };
    lines: Line[];
    /** Records that are not here any more. */
    unknown: number;
  }[];
  /** What this machine still has of it; [] after thirty days, and elsewhere. */
  turns: TurnAnswer[];
  left: Line[];
  /** Those that brought its records. */
  commits: CommitAnswer[];
  before?: string;
  after?: string;
}

/** What `repomem view --out FILE` packs into the file. */
export interface ExportedMemory {
  name: string;
  at: string;
  head?: string;
  /** Newest first. */
  records: ExportedRecord[];
}

export interface ExportedRecord {
  id: string;
  type: string;
  title: string;
  gist: string;
  created: string;
  branch?: string;
  concepts: string[];
  body: Node[];
  /** Such as `src/a.ts:3-9`. */
  cites: string[];
  /** All its words, in lower case. */
  search: string;
}

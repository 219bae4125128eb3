// What the MCP server asks of a memory. Plain values both ways; whoever starts the server passes the object.

export interface McpQuery {
  text?: string;
  types?: string[];
  concepts?: string[];
  file?: string;
  branch?: string;
  since?: string;
  until?: string;
  session?: string;
  scope?: 'shared' | 'local' | 'all';
  order?: 'relevance' | 'date';
  /** In every repository of this machine that has a memory. */
  everywhere?: boolean;
  limit: number;
  offset: number;
}

/** A record as lists show it. */
export interface McpEntry {
  id: string;
  type: string;
  title: string;
  /** ISO 8601. */
  created: string;
  /** What a full read costs. */
  tokens: number;
  /** Unreviewed work of others: named by id and date, its text is never shown. */
  isForeign: boolean;
  /** Such as `recursion: title, body`. */
  why?: string[];
  /** The folder of another repository that holds it. */
  root?: string;
  /** Something that it cites has changed or is gone. */
  isStale?: boolean;
}

export interface McpHits {
  hits: McpEntry[];
  /** How many there are in all. */
  total: number;
}

export interface McpTimeline {
  /** Oldest first. */
  entries: McpEntry[];
  /** Id of the record in the middle; absent when the anchor is a date. */
  anchor?: string;
}

export interface McpRecord extends McpEntry {
  /** Where the file lies; '' when foreign: its name is a stranger's text too. */
  path: string;
  /** The whole file; '' when foreign. */
  text: string;
  /** What no longer stands of what it cites, a line each. */
  stale: string[];
}

export interface McpNewRecord {
  title: string;
  body: string;
  type?: string;
  files?: string[];
  facts?: string[];
  concepts?: string[];
  aliases?: string[];
  supersedes?: string[];
  scope?: 'shared' | 'local';
}

export interface McpWritten {
  id: string;
  path: string;
  scope: 'shared' | 'local';
  /** Files that could not be cited. */
  uncited: string[];
  redactions: number;
  /** Records that say something like it. */
  similar: { id: string; title: string }[];
}

/** Every function may throw a RepomemError: its message and hint become the answer's text. */
export interface McpMemory {
  version: string;
  search(query: McpQuery): Promise<McpHits>;
  timeline(anchor: string, before: number, after: number): Promise<McpTimeline>;
  /** One record, by id or a unique beginning of it. */
  get(id: string): Promise<McpRecord>;
  remember(record: McpNewRecord): Promise<McpWritten>;
  /** The block that a session starts with; '' when there is nothing to say. */
  context(): Promise<string>;
  forget(id: string, reason: string): Promise<{ id: string; title: string; tombstone: string }>;
}

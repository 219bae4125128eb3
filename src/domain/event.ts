// Our host-neutral form of what happened in a session: hook payloads and transcript lines both become events.

interface EventBase {
  /** Unique in a session and the same for a second delivery of the same event. */
  key: string;
  session: string;
  /** ISO 8601. When it reached us, or the transcript's own time. */
  at: string;
  /** Set when it happened inside a subagent. */
  subagent?: string;
}

export interface PromptEvent extends EventBase {
  kind: 'prompt';
  text: string;
  /** The prompt was private as a whole: nothing of its turn is stored. */
  isPrivate?: boolean;
  /** The host's id of the message that it follows ('' at the beginning): of two prompts that follow one message the earlier was taken back. */
  follows?: string;
}

/** What the agent said: the reasons stand here. `isFinal`: the closing text of a turn. */
export interface TextEvent extends EventBase {
  kind: 'text';
  text: string;
  isFinal?: boolean;
}

export interface CommandEvent extends EventBase {
  kind: 'command';
  command: string;
  description?: string;
  ok: boolean;
  /** Set when the result proves nothing: started in the background, interrupted, or stopped by a hook before it ran. */
  unproven?: 'background' | 'interrupted' | 'blocked';
  /** Cut to size, head and tail kept. */
  output: string;
  /** Set when the command made a commit. */
  commit?: { message: string; id?: string; branch?: string };
}

export interface Hunk {
  /** First line of the new text in the file, from 1, and how many lines it has. */
  start: number;
  lines: number;
  removed: string[];
  added: string[];
}

export interface EditEvent extends EventBase {
  kind: 'edit';
  /** Relative to the worktree's top; absolute paths outside it are never kept. */
  path: string;
  ok: boolean;
  created: boolean;
  hunks: Hunk[];
  error?: string;
}

export interface ReadEvent extends EventBase {
  kind: 'read';
  path: string;
  lines?: [number, number];
}

/** A question that the agent put to the user, and the answer: rare and decisive. */
export interface AnswerEvent extends EventBase {
  kind: 'answer';
  question: string;
  answer: string;
  /** What the question is about, in a word or two. */
  subject?: string;
  /** What the chosen option says of itself. */
  why?: string;
  /** Labels of the options that were not chosen. */
  others?: string[];
}

/** What the user (or, for `turn`, a stop hook of theirs) said of something the agent was about to do. */
export interface VerdictEvent extends EventBase {
  kind: 'verdict';
  on: 'tool' | 'plan' | 'turn';
  verdict: 'approved' | 'refused' | 'aborted';
  /** The tool and its file or command; '' for a plan or a turn. */
  what: string;
  /** In the user's own words; '' when none was given. */
  reason: string;
}

export interface TaskEvent extends EventBase {
  kind: 'task';
  id?: string;
  /** Key of the list that it stands in, for hosts that tell the whole list each time: only the last one counts. */
  list?: string;
  subject: string;
  status: 'pending' | 'in_progress' | 'completed' | 'deleted';
}

/** The host's own summary of a conversation that it compacted. */
export interface SummaryEvent extends EventBase {
  kind: 'summary';
  text: string;
}

/** A subagent's report. */
export interface ReportEvent extends EventBase {
  kind: 'report';
  description: string;
  text: string;
}

/** Web pages and MCP tools: text of others, tainted. */
export interface ExternalEvent extends EventBase {
  kind: 'external';
  tool: string;
  input: string;
  ok: boolean;
  text: string;
}

/** Where the host's own life changed. */
export interface BoundaryEvent extends EventBase {
  kind: 'boundary';
  what: 'start' | 'turn-end' | 'compaction' | 'end';
  reason?: string;
}

export type Event =
  | PromptEvent
  | TextEvent
  | CommandEvent
  | EditEvent
  | ReadEvent
  | AnswerEvent
  | VerdictEvent
  | TaskEvent
  | SummaryEvent
  | ReportEvent
  | ExternalEvent
  | BoundaryEvent;

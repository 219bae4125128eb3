// Host-neutral session events: hook payloads and transcript lines are both converted to them.

interface EventBase {
  /** Unique in a session and stable: a second delivery of the same event has the same key. */
  key: string;
  session: string;
  /** ISO 8601: the time of receipt, or the time in the transcript. */
  at: string;
  /** Set when it happened inside a subagent. */
  subagent?: string;
}

export interface PromptEvent extends EventBase {
  kind: 'prompt';
  text: string;
  /** The prompt was private as a whole: nothing of its turn is stored. */
  isPrivate?: boolean;
  /**
   * Host's id of the preceding message ('' at the beginning). If two prompts follow the same message, the user took the earlier one
   * back.
   */
  follows?: string;
}

/** Text written by the agent; it often gives the reasons. `isFinal`: the closing text of a turn. */
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

/** A question that the agent put to the user, with the answer: rare and important. */
export interface AnswerEvent extends EventBase {
  kind: 'answer';
  question: string;
  answer: string;
  /** What the question is about, in a word or two. */
  subject?: string;
  /** The description of the chosen option. */
  why?: string;
  /** Labels of the options that were not chosen. */
  others?: string[];
}

/** The user's decision on something the agent was about to do; for `turn`, possibly a decision by the user's stop hook. */
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
  /** Key of the task list, for hosts that send the whole list each time: only the last list counts. */
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

/** Output of web pages and MCP tools: third-party text, not trusted. */
export interface ExternalEvent extends EventBase {
  kind: 'external';
  tool: string;
  input: string;
  ok: boolean;
  text: string;
}

/** A lifecycle event of the host. */
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

// Host-neutral session events: hook payloads and transcript lines are both converted to them.

interface EventBase {
  /** Unique in a session and stable: a second delivery of the same event has the same key. */
  key: string;
  /** ISO 8601: the time of receipt, or the time in the transcript. */
  at: string;
  /** Set when it happened inside a subagent. */
  subagent?: string;
}

export interface Hunk {
  /** First line of the new text in the file, from 1, and how many lines it has. */
  start: number;
  lines: number;
  removed: string[];
  added: string[];
}

/** What each kind of event holds beside that. */
interface Kinds {
  prompt: {
    text: string;
    /** The prompt was private as a whole: nothing of its turn is stored. */
    isPrivate?: boolean;
    /** Host's id of the preceding message ('' at the beginning). If two prompts follow the same message, the user took the earlier one back. */
    follows?: string;
  };
  /** Text written by the agent; it often gives the reasons. `isFinal`: the closing text of a turn. */
  text: { text: string; isFinal?: boolean };
  command: {
    command: string;
    description?: string;
    ok: boolean;
    /** Set when the result proves nothing: started in the background, interrupted, or stopped by a hook before it ran. */
    unproven?: 'background' | 'interrupted' | 'blocked';
    /** Cut to size, head and tail kept. */
    output: string;
    /** Set when the command made a commit. */
    commit?: { message: string; id?: string; branch?: string };
  };
  edit: {
    /** Relative to the worktree's top; absolute paths outside it are never kept. */
    path: string;
    ok: boolean;
    created: boolean;
    hunks: Hunk[];
    error?: string;
  };
  read: { path: string; lines?: [number, number] };
  /** A question that the agent put to the user, with the answer: rare and important. */
  answer: {
    question: string;
    answer: string;
    /** What the question is about, in a word or two. */
    subject?: string;
    /** The description of the chosen option. */
    why?: string;
    /** Labels of the options that were not chosen. */
    others?: string[];
  };
  /** The user's decision on something the agent was about to do; for `turn`, possibly a decision by the user's stop hook. */
  verdict: {
    on: 'tool' | 'plan' | 'turn';
    verdict: 'approved' | 'refused' | 'aborted';
    /** The tool and its file or command; '' for a plan or a turn. */
    what: string;
    /** In the user's own words; '' when none was given. */
    reason: string;
  };
  task: {
    id?: string;
    /** Key of the task list, for hosts that send the whole list each time: only the last list counts. */
    list?: string;
    subject: string;
    status: 'pending' | 'in_progress' | 'completed' | 'deleted';
  };
  /** The host's own summary of a conversation that it compacted. */
  summary: { text: string };
  /** A subagent's report. */
  report: { description: string; text: string };
  /** Output of web pages and MCP tools: third-party text, not trusted. */
  external: { tool: string; input: string; ok: boolean; text: string };
  /** A lifecycle event of the host. */
  boundary: { what: 'start' | 'turn-end' | 'compaction' | 'end'; reason?: string };
}

export type EventOf<K extends keyof Kinds> = EventBase & { kind: K } & Kinds[K];
export type Event = { [K in keyof Kinds]: EventOf<K> }[keyof Kinds];
export type CommandEvent = EventOf<'command'>;

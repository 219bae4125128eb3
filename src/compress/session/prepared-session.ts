// What a provider is told of a session: its turns in order, with what the user decided, what was done, and how it ended.
import type { Hunk } from '../../domain/event.ts';

export interface PreparedSession {
  turns: Turn[];
  end: EndState;
}

export interface Turn {
  /** From 1; turns that were taken back are not counted. */
  number: number;
  /** What the user typed; '' where the session was taken up in the middle or the host began the turn. */
  prompt: string;
  /** In order. */
  steps: Step[];
  /** What the agent said last, after its last step; '' when the turn got no answer. */
  closing: string;
}

export type Step =
  | Refused
  | { kind: 'plan'; verdict: 'approved' | 'refused'; reason: string }
  /** The user broke the turn off, or refused a call without a word. `what` is '' for a turn. */
  | { kind: 'aborted'; what: string }
  /** A stop hook did not let the turn end. */
  | { kind: 'held'; reason: string }
  | Answered
  | Committed
  | Ran
  | Edited
  /** What the agent said on the way. */
  | { kind: 'said'; text: string; isFinal?: boolean }
  | { kind: 'report'; description: string; text: string }
  /** The host's own summary of what it compacted. */
  | { kind: 'summary'; text: string };

export interface Refused {
  kind: 'refused';
  /** The tool and its file or command. */
  what: string;
  reason: string;
}

export interface Answered {
  kind: 'answered';
  /** What the question is about in a word or two; '' when the host does not say. */
  subject: string;
  question: string;
  chosen: string;
  /** What the chosen option says of itself; '' when it says nothing. */
  why: string;
  notChosen: string[];
}

export interface Committed {
  kind: 'commit';
  subject: string;
  /** Without trailers; '' when there is none. */
  body: string;
  id?: string;
}

export interface Ran {
  kind: 'ran';
  /** Whole, on one line. */
  command: string;
  ok: boolean;
  /** Set when the result proves nothing either way. */
  unproven?: 'background' | 'interrupted' | 'blocked' | 'masked';
  /** The line of the output that tells most; '' when there is none. */
  line: string;
  output: string;
  /** Paths that it restored or removed, of those that the session had edited or a failed command had named. */
  putBack?: string[];
  /** Number of the turn in which the same whole command passed later, for one that failed. */
  passedIn?: number;
}

export interface Edited {
  kind: 'edit';
  path: string;
  isNew: boolean;
  hunks: Hunk[];
}

export interface EndState {
  /** The last prompt got a closing answer. */
  isAnswered: boolean;
  /** Net changes by file, in the order of their first edit; files that were put back are not among them. */
  files: NetEdit[];
  /** Paths of `files` that were edited after the last check that passed. */
  untested: string[];
  /** Checks (whole commands) whose last run passed, after the last run of that command that failed; the latest last. */
  passed: Check[];
  /** Checks whose last run failed. */
  failing: Check[];
  /** The last list of tasks only. */
  openTasks: string[];
  /** Names whose definition the session removed. */
  gone: GoneName[];
  /** What git last said differs from the last commit, where nothing was edited or committed since; [] of a clean tree. */
  tree?: { changed: string[]; turn: number };
  /** Paths of edits that were put back as they were (restored, removed again, or edited back). */
  reverted: string[];
}

export interface Check {
  /** Whole. */
  command: string;
  line: string;
  turn: number;
}

export interface GoneName {
  name: string;
  /** Defined in its place by the same edit. */
  now?: string;
}

export interface NetEdit {
  path: string;
  isNew: boolean;
  /** Lines that the last state has and the first had not, and the other way round; comments alone are left out. */
  added: string[];
  removed: string[];
  /** Part of a commit of the session. */
  isCommitted: boolean;
}

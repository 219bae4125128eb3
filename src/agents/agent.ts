import type { Event } from '../domain/event.ts';
import type { PathRoots } from './paths.ts';

/** Hosts that we read; the names stand in records (`agent:`), in `--agent` and in names of spooled events. */
export type HostName =
  | 'claude-code'
  | 'qwen'
  | 'codex'
  | 'copilot'
  | 'gemini'
  | 'opencode'
  | 'pi'
  | 'cline'
  | 'cursor'
  | 'openclaw'
  | 'protocol';

/** What a hook call means to us, whatever the host names it. */
export type Moment =
  | 'start'
  | 'prompt'
  | 'before-tool'
  | 'tool'
  | 'text'
  | 'subagent-start'
  | 'subagent-end'
  | 'turn-end'
  | 'before-compaction'
  | 'compaction'
  | 'end'
  | 'other';

/** The part of a payload that decides what a hook does. Texts are '' where the payload has none. */
export interface HookCall {
  /** The host's own name of the event; answers must repeat it. */
  event: string;
  moment: Moment;
  session: string;
  cwd: string;
  transcriptPath: string;
  /** Why: `startup`, `resume`, `clear`, `compact`; `auto`, `manual`; the reason of an end. */
  source: string;
  /** What a person typed; '' for prompts that the host made. */
  prompt: string;
  promptId: string;
  tool: string;
  toolUseId: string;
  /** The file that a tool is about, as the host gave it. */
  toolPath: string;
  /** The shell command that a tool is about to run. */
  toolCommand: string;
  subagent: string;
  /** For records: who ran the session, where the payload names another than its host. */
  agent?: string;
}

interface ReadingContext extends PathRoots {
  /** Tools whose uses become no events. */
  isExcludedTool?: (name: string) => boolean;
}

export interface PayloadContext extends ReadingContext {
  /** ISO 8601: when the payload reached us. */
  at: string;
}

export interface TranscriptContext extends ReadingContext {
  /** For records that carry no session of their own. */
  session: string;
  at: string;
}

/** A transcript in order: what was said, and where each tool was used (its events may have come by hook). */
export type TranscriptEntry =
  | { kind: 'event'; event: Event }
  | {
      kind: 'tool';
      /** The id that hook payloads carry too; the keys of the tool's events are made from it. */
      id: string;
      name: string;
      /** What the hook would have told; empty while the transcript has no result. */
      events: readonly Event[];
      /** The transcript tells what the host keeps from its hooks (exit codes, places of edits): it replaces what they told. */
      isFuller?: boolean;
    };

export interface Answer {
  /** Text for the model, where the event takes one. */
  context?: string;
  /** A line for the user, never for the model. */
  message?: string;
}

/** A host. All functions are pure, take anything and throw nothing. */
export interface Host {
  readonly name: HostName;
  readCall(payload: unknown): HookCall;
  /** A payload's events, in order; none when it says nothing to us. Keys are the same for a second delivery. */
  parsePayload(payload: unknown, context: PayloadContext): Event[];
  /** Complete lines of a transcript; a line that cannot be read is skipped. */
  readTranscript(chunk: string, context: TranscriptContext): TranscriptEntry[];
  /** What the hook prints; '' when there is nothing to say or the event takes no such answer. */
  formatAnswer(event: string, answer: Answer): string;
}

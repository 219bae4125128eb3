// Makes a host from its dialect: the dialect locates the fields in payloads and transcripts; this makes calls, events and keys of them.
import type { Event } from '../domain/event.ts';
import { mapTexts } from '../domain/event-texts.ts';
import type { Answer, EventHead, HookCall, Host, Moment, ReadContext, TranscriptEntry } from './agent.ts';
import { firstText, textAt } from './json-fields.ts';
import { hashText, promptKey, summaryKey, textKey, toolKey } from './event-keys.ts';
import { isMachinePrompt, notice } from './machine-text.ts';
import { hidePaths, type PathRoots } from './event-paths.ts';
import {
  readDialectTool,
  settleRun,
  toolCommand,
  toolKind,
  toolPath,
  toolSubject,
  type DialectTool,
} from './tool-dialects.ts';

/** The content of one payload; absent fields are not in the payload. See HookCall for the shared ones. */
export interface Reading extends Partial<Omit<HookCall, 'tool' | 'toolUseId' | 'toolPath' | 'toolCommand'>> {
  event: string;
  moment: Moment;
  tool?: ToolReading;
  /** Text of the agent: the closing text of a turn, a summary, a report. */
  text?: string;
  /** What kind of subagent it is, for its report. */
  subagentType?: string;
}

export type ToolReading = Partial<DialectTool> & { name: string };

/** A step of a transcript. `call` pairs a tool with its result, where these are records of their own. */
export type Step = { at?: string } & (
  | { kind: 'prompt'; text: string; id?: string; follows?: string }
  | { kind: 'text'; text: string; isFinal?: boolean }
  | { kind: 'tool'; tool: ToolReading; promptId?: string; call?: string }
  | { kind: 'result'; call: string; result: Partial<DialectTool>; promptId?: string }
  | { kind: 'event'; event: Event }
);

export interface Dialect {
  name: string;
  read(payload: unknown): Reading;
  /** Reads a tool use whose `response` tells more than an output. */
  readTool?(tool: DialectTool, head: EventHead, roots: PathRoots): Event[];
  /** Reads a transcript's records in order; absent for hosts without a readable transcript. */
  readSteps?(records: readonly unknown[]): Step[];
  /** The transcript has outcomes and positions that hooks do not report. */
  hasFullerTranscript?: boolean;
  /** The events whose answer may carry text for the model, in letters of any case. */
  takesContext: readonly string[];
  /** The hook's output, where it is not that of Claude Code; `context` stands only where the event takes it. */
  answer?(event: string, answer: Answer): object;
}

export function makeHost(dialect: Dialect): Host {
  return {
    name: dialect.name,
    readCall: (payload) => callOf(dialect.read(payload)),
    parsePayload: (payload, context) => eventsOf(dialect, payload, context).map((event) => hide(event, context)),
    readTranscript: (records, context) => readTranscript(dialect, records, context),
    formatAnswer(event, { context, message }) {
      const takes = dialect.takesContext.some((one) => one.toLowerCase() === event.toLowerCase());
      const said = (dialect.answer ?? claudeAnswer)(event, { context: takes ? context : undefined, message });
      return Object.keys(said).length > 0 ? JSON.stringify(said) : '';
    },
  };
}

const blankCall = { session: '', cwd: '', transcriptPath: '', source: '', promptId: '', subagent: '' };

function callOf({ text: _text, subagentType: _type, tool, prompt = '', ...reading }: Reading): HookCall {
  return {
    ...blankCall,
    ...reading,
    prompt: isMachinePrompt(prompt) ? '' : prompt,
    tool: tool?.name ?? '',
    toolUseId: tool?.id ?? '',
    toolPath: toolPath(tool?.input),
    toolCommand: toolCommand(tool?.input),
  };
}

const hide = (event: Event, roots: PathRoots): Event => mapTexts(event, (text) => hidePaths(text, roots));

function eventsOf(dialect: Dialect, payload: unknown, context: ReadContext): Event[] {
  const reading = dialect.read(payload);
  const { moment, promptId = '', source = '', subagent = '' } = reading;
  const base = { at: context.at };
  const text = (reading.text ?? '').trim();
  switch (moment) {
    case 'prompt':
      return promptOf(base, promptId, reading.prompt ?? '');
    case 'tool': {
      const tool = wholeTool(reading.tool, reading.cwd);
      const head = { ...base, key: keyOf(tool, promptId), subagent: subagent || undefined };
      return (dialect.readTool ?? readDialectTool)(tool, head, context);
    }
    case 'text':
      return textOf(base, text);
    case 'subagent-end': {
      const description = reading.subagentType ?? '';
      return text === '' ? [] : [{ ...base, key: `report:${hashText(text)}`, kind: 'report', description, text }];
    }
    case 'turn-end': {
      const key = `turn-end:${hashText(`${promptId}\n${text}\n${text === '' && promptId === '' ? context.at : ''}`)}`;
      return [...textOf(base, text, true), { ...base, key, kind: 'boundary', what: 'turn-end' }];
    }
    case 'compaction':
      if (text !== '') return [{ ...base, key: summaryKey(text), kind: 'summary', text }];
      return [];
    case 'start':
    case 'before-compaction':
    case 'end': {
      const what = moment === 'before-compaction' ? 'compaction' : moment;
      const key = `${what}:${hashText(`${promptId}\n${source}`)}`;
      return [{ ...base, key, kind: 'boundary', what, reason: source || undefined }];
    }
    case 'before-tool':
    case 'subagent-start':
    case 'other':
      return [];
  }
}

type Head = Pick<Event, 'at'>;

function promptOf(head: Head, id: string, said: string, follows?: string): Event[] {
  const text = said.trim();
  if (text === '' || (text !== notice && isMachinePrompt(text))) return [];
  return [{ ...head, key: promptKey(id, text), kind: 'prompt', text, ...(follows !== undefined && { follows }) }];
}

function textOf(head: Head, said: string, isFinal?: boolean): Event[] {
  const text = said.trim();
  return text === '' ? [] : [{ ...head, key: textKey(text), kind: 'text', text, isFinal: isFinal || undefined }];
}

function wholeTool(tool: Reading['tool'], cwd = ''): DialectTool {
  return settleRun({ id: '', input: undefined, ok: true, output: '', cwd, name: '', ...tool });
}

/** Key of a tool use. Without an id from the host, it is derived from the tool, its input and its outcome. */
function keyOf(tool: DialectTool, promptId: string): string {
  if (tool.id !== '') return toolKey(tool.id, promptId, tool.name, tool.input);
  return `${nameOf(tool)}:${hashText(`${tool.ok}\n${tool.output}`)}`;
}

function nameOf(tool: DialectTool): string {
  return tool.id === '' ? `${toolKind(tool)}-${hashText(toolSubject(tool))}` : tool.id;
}

function readTranscript(dialect: Dialect, records: readonly unknown[], context: ReadContext): TranscriptEntry[] {
  const steps = pairResults(dialect.readSteps?.(records) ?? []);
  return steps.flatMap((step, index): TranscriptEntry[] => {
    const head = { at: step.at || context.at };
    if (step.kind === 'tool') {
      const tool = wholeTool(step.tool);
      const toolHead = { ...head, key: keyOf(tool, step.promptId ?? '') };
      const isOpen = step.call !== undefined;
      const read = isOpen ? readOpenTool : (dialect.readTool ?? readDialectTool);
      // What was tried last is the session's end.
      const events = isOpen && index < steps.length - 1 ? [] : read(tool, toolHead, context);
      const isFuller = !isOpen && dialect.hasFullerTranscript;
      const hidden = events.map((event) => hide(event, context));
      return [{ kind: 'tool', id: nameOf(tool), name: tool.name, events: hidden, isFuller }];
    }
    return wordsOf(step, head).map((event) => ({ kind: 'event', event: hide(event, context) }));
  });
}

function wordsOf(step: Exclude<Step, { kind: 'result' | 'tool' }>, head: Head): Event[] {
  if (step.kind === 'event') return [{ ...step.event, ...head }];
  if (step.kind === 'prompt') return promptOf(head, step.id ?? '', step.text, step.follows);
  return textOf(head, step.text, step.isFinal);
}

/** A command whose result may stand in a later part: it did not fail. */
function readOpenTool(tool: DialectTool, head: EventHead, roots: PathRoots): Event[] {
  const events = readDialectTool({ ...tool, unproven: 'interrupted' }, head, roots);
  return events.filter(({ kind }) => kind === 'command');
}

/** Gives each result to the last tool of the same call; the tools that keep their `call` have none. */
function pairResults(steps: readonly Step[]): Exclude<Step, { kind: 'result' }>[] {
  const tools = new Map<string, Step & { kind: 'tool' }>();
  return steps.flatMap((step) => {
    if (step.kind !== 'result') {
      if (step.kind === 'tool' && step.call) tools.set(step.call, step);
      return [step];
    }
    const called = tools.get(step.call);
    if (called) {
      const { tool, at, promptId } = called;
      const whole = { ...tool, ...step.result };
      Object.assign(called, { tool: whole, at: step.at || at, promptId: step.promptId || promptId, call: undefined });
    }
    return [];
  });
}

/** Claude Code's names, which Qwen, Codex, Copilot and Cursor use too. */
export const claudeMoments: Readonly<Record<string, Moment>> = {
  SessionStart: 'start',
  UserPromptSubmit: 'prompt',
  PreToolUse: 'before-tool',
  PostToolUse: 'tool',
  PostToolUseFailure: 'tool',
  SubagentStart: 'subagent-start',
  SubagentStop: 'subagent-end',
  Stop: 'turn-end',
  PreCompact: 'before-compaction',
  PostCompact: 'compaction',
  SessionEnd: 'end',
};

/** What payloads in the form of Claude Code's have in common; `moments`: the host's event names. */
export function claudeReading(
  payload: unknown,
  moments: Readonly<Record<string, Moment>> = claudeMoments,
  event = textAt(payload, 'hook_event_name'),
): Reading {
  // Copilot and Cursor also write the names with a small first letter.
  const name = event.charAt(0).toUpperCase() + event.slice(1);
  return {
    event,
    moment: (Object.hasOwn(moments, name) ? moments[name] : undefined) ?? 'other',
    session: textAt(payload, 'session_id'),
    cwd: textAt(payload, 'cwd'),
    transcriptPath: textAt(payload, 'transcript_path'),
    source: firstText(payload, 'source', 'trigger', 'reason'),
    prompt: textAt(payload, 'prompt'),
    text: textAt(payload, 'last_assistant_message'),
    subagent: textAt(payload, 'agent_id'),
  };
}

/** Claude Code's answer format: text for the model under the event's name, beside it a line for the user. */
export function claudeAnswer(event: string, { context, message }: Answer): object {
  return {
    ...(context && { hookSpecificOutput: { hookEventName: event, additionalContext: context } }),
    ...(message && { systemMessage: message }),
  };
}

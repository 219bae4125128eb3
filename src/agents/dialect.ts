// Makes a host from its dialect: the dialect locates the fields in payloads and transcripts; this makes calls, events and keys of them.
import type { Event } from '../domain/event.ts';
import { mapTexts } from '../domain/event-texts.ts';
import type {
  Answer,
  HookCall,
  Host,
  HostName,
  Moment,
  PayloadContext,
  TranscriptContext,
  TranscriptEntry,
} from './agent.ts';
import { isFields } from './json-fields.ts';
import { hashText, promptKey, summaryKey, textKey, toolKey } from './event-keys.ts';
import { isMachinePrompt } from './machine-text.ts';
import { hidePaths } from './event-paths.ts';
import type { EventHead } from './tool-use.ts';
import {
  readDialectTool,
  settleRun,
  toolCommand,
  toolKind,
  toolPath,
  toolSubject,
  type DialectTool,
} from './tool-dialects.ts';

/** The content of one payload; absent fields are not in the payload. */
export interface Reading {
  /** The host's own name of the event. */
  event: string;
  moment: Moment;
  session?: string;
  cwd?: string;
  transcriptPath?: string;
  /** See HookCall.source. */
  source?: string;
  prompt?: string;
  /** The host's id of a prompt or turn. */
  promptId?: string;
  tool?: Partial<DialectTool> & { name: string };
  /** Text of the agent: the closing text of a turn, a summary, a report. */
  text?: string;
  subagent?: string;
  /** What kind of subagent it is, for its report. */
  subagentType?: string;
  agent?: string;
}

/** A step of a transcript. */
export type Step = { at?: string } & (
  | { kind: 'prompt' | 'text'; text: string; id?: string; isFinal?: boolean }
  | { kind: 'tool'; tool: Partial<DialectTool> & { name: string }; promptId?: string }
);

export interface Dialect {
  name: HostName;
  read(payload: unknown): Reading;
  /** Reads a tool use from the payload, where that holds more than a reading. */
  readTool?(payload: unknown, reading: Reading, head: EventHead, context: PayloadContext): Event[];
  /** Reads a transcript's records in order; absent for hosts without a readable transcript. */
  readSteps?(records: readonly unknown[]): Step[];
  /** The transcript has outcomes and positions that hooks do not report. */
  hasFullerTranscript?: boolean;
  /** The hook's output for an answer; undefined when the event does not support it. */
  answer(event: string, answer: Answer): object | undefined;
}

export function makeHost(dialect: Dialect): Host {
  return {
    name: dialect.name,
    readCall: (payload) => callOf(dialect.read(payload)),
    parsePayload: (payload, context) =>
      eventsOf(dialect, payload, context).map((event) => mapTexts(event, (text) => hidePaths(text, context))),
    readTranscript: (chunk, context) => readTranscript(dialect, chunk, context),
    formatAnswer(event, answer) {
      if (!answer.context && !answer.message) return '';
      const said = dialect.answer(event, answer);
      return said && Object.keys(said).length > 0 ? JSON.stringify(said) : '';
    },
  };
}

function callOf(reading: Reading): HookCall {
  const prompt = reading.prompt ?? '';
  const input = reading.tool?.input;
  return {
    event: reading.event,
    moment: reading.moment,
    session: reading.session ?? '',
    cwd: reading.cwd ?? '',
    transcriptPath: reading.transcriptPath ?? '',
    source: reading.source ?? '',
    prompt: isMachinePrompt(prompt) ? '' : prompt,
    promptId: reading.promptId ?? '',
    tool: reading.tool?.name ?? '',
    toolUseId: reading.tool?.id ?? '',
    toolPath: toolPath(input),
    toolCommand: toolCommand(input),
    subagent: reading.subagent ?? '',
    ...(reading.agent ? { agent: reading.agent } : {}),
  };
}

function eventsOf(dialect: Dialect, payload: unknown, context: PayloadContext): Event[] {
  const reading = dialect.read(payload);
  const { moment, promptId = '', source = '', subagent = '' } = reading;
  const base = { session: reading.session ?? '', at: context.at };
  const text = (reading.text ?? '').trim();
  switch (moment) {
    case 'prompt': {
      const prompt = (reading.prompt ?? '').trim();
      if (prompt === '' || isMachinePrompt(prompt)) return [];
      return [{ ...base, key: promptKey(promptId, prompt), kind: 'prompt', text: prompt }];
    }
    case 'tool': {
      const tool = wholeTool(reading.tool, reading.cwd);
      if (context.isExcludedTool?.(tool.name)) return [];
      const head = { ...base, key: keyOf(tool, promptId), ...(subagent === '' ? {} : { subagent }) };
      return dialect.readTool?.(payload, reading, head, context) ?? readDialectTool(tool, head, context);
    }
    case 'text':
      return text === '' ? [] : [{ ...base, key: textKey(text), kind: 'text', text }];
    case 'subagent-end': {
      const description = reading.subagentType ?? '';
      return text === '' ? [] : [{ ...base, key: `report:${hashText(text)}`, kind: 'report', description, text }];
    }
    case 'turn-end': {
      const key = `turn-end:${hashText(`${promptId}\n${text}\n${text === '' && promptId === '' ? context.at : ''}`)}`;
      const closing: Event[] = text === '' ? [] : [{ ...base, key: textKey(text), kind: 'text', text, isFinal: true }];
      return [...closing, { ...base, key, kind: 'boundary', what: 'turn-end' }];
    }
    case 'compaction':
      if (text !== '') return [{ ...base, key: summaryKey(text), kind: 'summary', text }];
      return [];
    case 'start':
    case 'before-compaction':
    case 'end': {
      const what = moment === 'before-compaction' ? 'compaction' : moment;
      const key = `${what}:${hashText(`${promptId}\n${source}`)}`;
      return [{ ...base, key, kind: 'boundary', what, ...(source === '' ? {} : { reason: source }) }];
    }
    case 'before-tool':
    case 'subagent-start':
    case 'other':
      return [];
  }
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

function readTranscript(dialect: Dialect, chunk: string, context: TranscriptContext): TranscriptEntry[] {
  const records = recordsIn(chunk);
  const hide = (event: Event): Event => mapTexts(event, (text) => hidePaths(text, context));
  return (dialect.readSteps?.(records) ?? []).flatMap((step): TranscriptEntry[] => {
    const head = { session: context.session, at: step.at ?? context.at };
    if (step.kind === 'tool') {
      const tool = wholeTool(step.tool);
      const isExcluded = context.isExcludedTool?.(tool.name) === true;
      const events = isExcluded
        ? []
        : readDialectTool(tool, { ...head, key: keyOf(tool, step.promptId ?? '') }, context);
      const isFuller = dialect.hasFullerTranscript ? { isFuller: true } : {};
      return [{ kind: 'tool', id: nameOf(tool), name: tool.name, events: events.map(hide), ...isFuller }];
    }
    const text = step.text.trim();
    if (text === '' || (step.kind === 'prompt' && isMachinePrompt(text))) return [];
    if (step.kind === 'prompt')
      return [{ kind: 'event', event: hide({ ...head, key: promptKey(step.id ?? '', text), kind: 'prompt', text }) }];
    const final = step.isFinal ? { isFinal: true } : {};
    return [{ kind: 'event', event: hide({ ...head, key: textKey(text), kind: 'text', text, ...final }) }];
  });
}

/** The objects of JSON lines; other lines are skipped. */
export function recordsIn(lines: string): unknown[] {
  return lines.split('\n').flatMap((line): unknown[] => {
    if (line.trim() === '') return [];
    try {
      const record: unknown = JSON.parse(line);
      return isFields(record) ? [record] : [];
    } catch {
      return [];
    }
  });
}

/** The moment of an event, from a table of the host's event names. */
export function momentIn(table: Readonly<Record<string, Moment>>, event: string): Moment {
  return (Object.hasOwn(table, event) ? table[event] : undefined) ?? 'other';
}

/** Claude Code's names, which Qwen, Codex and Copilot use too. */
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

/** Claude Code's answer format: text for the model under the event's name, beside it a line for the user. */
export function claudeAnswer(event: string, { context, message }: Answer, takes: readonly string[]): object {
  return {
    ...(context && takes.includes(event)
      ? { hookSpecificOutput: { hookEventName: event, additionalContext: context } }
      : {}),
    ...(message ? { systemMessage: message } : {}),
  };
}

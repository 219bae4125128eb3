// Parses Claude Code's transcript: JSON lines, one content block per record. The format is undocumented and changes; unknown records
// are skipped.
import type { Event } from '../../domain/event.ts';
import { mapTexts } from '../../domain/event-texts.ts';
import type { TranscriptContext, TranscriptEntry } from '../agent.ts';
import { recordsIn } from '../dialect.ts';
import { readToolUse } from './tool-names.ts';
import { at, listAt, textAt, textOfBlocks } from '../json-fields.ts';
import { hashText, promptKey, summaryKey, textKey, toolKey } from '../event-keys.ts';
import { bareSummary, typedPrompt } from '../machine-text.ts';
import { hidePaths } from '../event-paths.ts';
import type { EventHead } from '../tool-use.ts';

interface PendingTool {
  kind: 'tool';
  id: string;
  name: string;
  input: unknown;
  cwd: string;
  events: Event[];
}

type Entry = { kind: 'event'; event: Event } | PendingTool;

/** See Host.readTranscript. Subagents, thinking and the host's own records are left out. */
export function readTranscript(chunk: string, context: TranscriptContext): TranscriptEntry[] {
  const entries: Entry[] = [];
  const tools = new Map<string, PendingTool>();
  for (const record of recordsIn(chunk)) {
    if (at(record, 'isSidechain') === true) continue;
    const type = textAt(record, 'type');
    if (type === 'assistant') readAssistant(record, context, entries, tools);
    else if (type === 'user') readUser(record, context, entries, tools);
    else if (type === 'attachment') readQueued(record, context, entries);
    else if (type === 'system' && isTurnEnd(record)) markFinal(entries);
  }
  return entries.map((entry) =>
    entry.kind === 'tool'
      ? { kind: 'tool', id: entry.id, name: entry.name, events: entry.events.map((event) => hide(event, context)) }
      : { kind: 'event', event: hide(entry.event, context) },
  );
}

function hide(event: Event, context: TranscriptContext): Event {
  return mapTexts(event, (text) => hidePaths(text, context));
}

function headOf(record: unknown, context: TranscriptContext): { session: string; at: string } {
  return { session: textAt(record, 'sessionId') || context.session, at: textAt(record, 'timestamp') || context.at };
}

function readAssistant(record: unknown, context: TranscriptContext, entries: Entry[], tools: Map<string, PendingTool>) {
  if (at(record, 'isApiErrorMessage') === true) return;
  const content = at(record, 'message', 'content');
  const blocks =
    typeof content === 'string' ? [{ type: 'text', text: content }] : Array.isArray(content) ? content : [];
  const isFinal = textAt(record, 'message', 'stop_reason') === 'end_turn';
  for (const block of blocks) {
    const type = textAt(block, 'type');
    if (type === 'text') {
      const text = textAt(block, 'text').trim();
      if (text === '' || text === 'No response requested.') continue;
      const event: Event = { ...headOf(record, context), key: textKey(text), kind: 'text', text };
      entries.push({ kind: 'event', event: isFinal ? { ...event, isFinal } : event });
    } else if (type === 'tool_use') {
      const id = textAt(block, 'id');
      const name = textAt(block, 'name');
      const tool: PendingTool = {
        kind: 'tool',
        id,
        name,
        input: at(block, 'input'),
        cwd: textAt(record, 'cwd'),
        events: [],
      };
      entries.push(tool);
      if (id !== '') tools.set(id, tool);
    }
  }
}

function readUser(record: unknown, context: TranscriptContext, entries: Entry[], tools: Map<string, PendingTool>) {
  const content = at(record, 'message', 'content');
  for (const block of Array.isArray(content) ? content : []) {
    if (textAt(block, 'type') !== 'tool_result') continue;
    const tool = tools.get(textAt(block, 'tool_use_id'));
    if (tool && !context.isExcludedTool?.(tool.name)) tool.events = readResult(record, block, tool, context);
  }
  const text = textOfBlocks(content).trim();
  if (text === '') return;
  const head = headOf(record, context);
  const stopped = readStopped(text, { ...head, key: `turn:${textAt(record, 'uuid') || hashText(text)}` });
  if (stopped !== undefined) {
    entries.push({ kind: 'event', event: stopped });
    return;
  }
  if (at(record, 'isMeta') === true) return;
  if (at(record, 'isCompactSummary') === true) {
    const summary = bareSummary(text);
    if (summary !== '')
      entries.push({ kind: 'event', event: { ...head, key: summaryKey(summary), kind: 'summary', text: summary } });
    return;
  }
  pushPrompt(text, head, record, entries);
}

/** Stop hooks that refuse the end of a turn, and turns that the user interrupted, appear as user messages. */
function readStopped(text: string, head: EventHead): Event | undefined {
  const feedback = /^(?:Sub[Aa]gent)?Stop hook (?:feedback|blocking error)[^\n]*:\s*([\s\S]+)$/.exec(text)?.[1];
  if (feedback !== undefined)
    return { ...head, kind: 'verdict', on: 'turn', verdict: 'refused', what: '', reason: feedback.trim() };
  if (!/^\[Request interrupted by user(?: for tool use)?\]$/.test(text)) return undefined;
  return { ...head, kind: 'verdict', on: 'turn', verdict: 'aborted', what: '', reason: '' };
}

function pushPrompt(text: string, head: { session: string; at: string }, record: unknown, entries: Entry[]): void {
  const typed = typedPrompt(text);
  if (typed === '') return;
  const parent = at(record, 'parentUuid');
  const follows = parent === null ? '' : typeof parent === 'string' ? parent : undefined;
  const key = promptKey(textAt(record, 'promptId'), typed);
  const event: Event = { ...head, key, kind: 'prompt', text: typed, ...(follows === undefined ? {} : { follows }) };
  entries.push({ kind: 'event', event });
}

/** A prompt typed while the agent works is stored as an attachment. */
function readQueued(record: unknown, context: TranscriptContext, entries: Entry[]): void {
  const attachment = at(record, 'attachment');
  if (textAt(attachment, 'type') !== 'queued_command') return;
  const { parentUuid: _inTheMiddle, ...bare } = record as Record<string, unknown>;
  pushPrompt(textOfBlocks(at(attachment, 'prompt')), headOf(record, context), bare, entries);
}

function readResult(record: unknown, block: unknown, tool: PendingTool, context: TranscriptContext): Event[] {
  const isError = at(block, 'is_error') === true;
  const shown = textOfBlocks(at(block, 'content'));
  const key = toolKey(tool.id, textAt(record, 'promptId'), tool.name, tool.input);
  const head = { ...headOf(record, context), key };
  const structured = at(record, 'toolUseResult');
  // A record with several results has at most one structured result: use the displayed text then.
  const isOnly =
    listAt(record, 'message', 'content').filter((each) => textAt(each, 'type') === 'tool_result').length === 1;
  const response =
    isError || typeof structured === 'string' || !isOnly || structured === undefined ? shown : structured;
  const use = { name: tool.name, input: tool.input, response, ok: !isError, cwd: tool.cwd };
  return readToolUse(use, head, context);
}

function isTurnEnd(record: unknown): boolean {
  const subtype = textAt(record, 'subtype');
  return subtype === 'stop_hook_summary' || subtype === 'turn_duration';
}

function markFinal(entries: Entry[]): void {
  const last = entries.at(-1);
  if (last?.kind === 'event' && last.event.kind === 'text') last.event = { ...last.event, isFinal: true };
}

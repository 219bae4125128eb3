// Claude Code's transcript: JSON lines, one content block a record. Its format is the host's own and moves; unknown records are skipped.
import type { Event } from '../../domain/event.ts';
import { mapTexts } from '../../domain/event-texts.ts';
import type { TranscriptContext, TranscriptEntry } from '../agent.ts';
import { readToolUse, toolPath } from './tools.ts';
import { at, isFields, listAt, textAt, textOfBlocks } from '../fields.ts';
import { promptKey, summaryKey, textKey, toolKey } from '../keys.ts';
import { bareSummary, isMachinePrompt, typedCommand } from '../machine-text.ts';
import { hidePaths } from '../paths.ts';

interface PendingTool {
  kind: 'tool';
  id: string;
  name: string;
  input: unknown;
  cwd: string;
  events: Event[];
}

type Entry = { kind: 'event'; event: Event } | PendingTool;

/** See Agent.readTranscript. What happened in a subagent, thinking and the host's own records are left out. */
export function readTranscript(chunk: string, context: TranscriptContext): TranscriptEntry[] {
  const entries: Entry[] = [];
  const tools = new Map<string, PendingTool>();
  for (const line of chunk.split('\n')) {
    const record = parseLine(line);
    if (record === undefined || at(record, 'isSidechain') === true) continue;
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

function parseLine(line: string): unknown {
  if (line.trim() === '') return undefined;
  try {
    const record: unknown = JSON.parse(line);
    return isFields(record) ? record : undefined;
  } catch {
    return undefined;
  }
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
  if (at(record, 'isMeta') === true) return;
  const text = textOfBlocks(content).trim();
  if (text === '') return;
  const head = headOf(record, context);
  if (at(record, 'isCompactSummary') === true) {
    const summary = bareSummary(text);
    if (summary !== '')
      entries.push({ kind: 'event', event: { ...head, key: summaryKey(summary), kind: 'summary', text: summary } });
    return;
  }
  pushPrompt(isMachinePrompt(text) ? typedCommand(text) : text, head, textAt(record, 'promptId'), entries);
}

function pushPrompt(text: string, head: { session: string; at: string }, promptId: string, entries: Entry[]): void {
  if (text !== '')
    entries.push({ kind: 'event', event: { ...head, key: promptKey(promptId, text), kind: 'prompt', text } });
}

/** A prompt that was typed while the agent worked is an attachment. */
function readQueued(record: unknown, context: TranscriptContext, entries: Entry[]): void {
  const attachment = at(record, 'attachment');
  if (textAt(attachment, 'type') !== 'queued_command') return;
  const text = textOfBlocks(at(attachment, 'prompt')).trim();
  if (isMachinePrompt(text)) return;
  pushPrompt(text, headOf(record, context), textAt(record, 'promptId'), entries);
}

const refused = /^The user doesn't want to (?:proceed with this tool use|take this action)/;

function readResult(record: unknown, block: unknown, tool: PendingTool, context: TranscriptContext): Event[] {
  const isError = at(block, 'is_error') === true;
  const shown = textOfBlocks(at(block, 'content'));
  const key = toolKey(tool.id, textAt(record, 'promptId'), tool.name, tool.input);
  const head = { ...headOf(record, context), key };
  if (isError && refused.test(shown)) {
    const said = /the user said:\s*([\s\S]+)$/.exec(shown)?.[1]?.trim() ?? '';
    if (said === '') return [];
    const what = toolPath(tool.input) || textAt(tool.input, 'command') || textAt(tool.input, 'description');
    return [{ ...head, kind: 'answer', question: `${tool.name} ${what}?`.replace(' ?', '?'), answer: said }];
  }
  const structured = at(record, 'toolUseResult');
  // A record of several results has one structured one at most: then the shown text is all there is.
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

// Parses Claude Code's transcript: JSON lines, one content block per record. The format is undocumented and changes; unknown records are skipped.
import type { Event } from '../../domain/event.ts';
import { mapTexts } from '../../domain/event-texts.ts';
import type { EventHead, TranscriptContext, TranscriptEntry } from '../agent.ts';
import { recordsIn } from '../dialect.ts';
import { readToolUse } from './tool-names.ts';
import { at, listAt, textAt, textOfBlocks } from '../json-fields.ts';
import { hashText, promptKey, summaryKey, textKey, toolKey } from '../event-keys.ts';
import { bareSummary, isNotice, notice, typedPrompt } from '../machine-text.ts';
import { hidePaths } from '../event-paths.ts';

interface PendingTool {
  kind: 'tool';
  id: string;
  name: string;
  input: unknown;
  cwd: string;
  /** Of the call. */
  head: { session: string; at: string };
  events: Event[];
}

interface Reader {
  context: TranscriptContext;
  entries: ({ kind: 'event'; event: Event } | PendingTool)[];
  tools: Map<string, PendingTool>;
  /** Of the last user record: the call that follows belongs to it. */
  promptId: string;
}

/** See Host.readTranscript. Subagents, thinking and the host's own records are left out. */
export function readTranscript(chunk: string, context: TranscriptContext): TranscriptEntry[] {
  const reader: Reader = { context, entries: [], tools: new Map(), promptId: '' };
  for (const record of recordsIn(chunk)) {
    if (at(record, 'isSidechain') === true) continue;
    const type = textAt(record, 'type');
    if (type === 'assistant') readAssistant(record, reader);
    else if (type === 'user') readUser(record, reader);
    else if (type === 'attachment') readQueued(record, reader);
    else if (type === 'system' && /^(?:stop_hook_summary|turn_duration)$/.test(textAt(record, 'subtype'))) {
      const last = reader.entries.at(-1);
      if (last?.kind === 'event' && last.event.kind === 'text') last.event = { ...last.event, isFinal: true };
    }
  }
  readUnanswered(reader);
  return reader.entries;
}

/** The last call, where the transcript ends before its result: what was tried last is the session's end. */
function readUnanswered({ entries, context, promptId }: Reader): void {
  const last = entries.at(-1);
  if (last?.kind !== 'tool' || last.id === '' || last.events.length > 0) return;
  const { name, input, cwd, head } = last;
  const use = { name, input, response: '', ok: true, cwd, isInterrupted: true };
  const events = readToolUse(use, { ...head, key: toolKey(last.id, promptId, name, input) }, context);
  // It did not fail: the result may stand in a later part.
  last.events = events.flatMap((event) =>
    event.kind === 'command' ? [hide({ ...event, ok: true, output: '' }, context)] : [],
  );
}

function hide(event: Event, context: TranscriptContext): Event {
  return mapTexts(event, (text) => hidePaths(text, context));
}

function push({ entries, context }: Reader, event: Event): void {
  entries.push({ kind: 'event', event: hide(event, context) });
}

function headOf(record: unknown, { context }: Reader): { session: string; at: string } {
  return { session: textAt(record, 'sessionId') || context.session, at: textAt(record, 'timestamp') || context.at };
}

function readAssistant(record: unknown, reader: Reader): void {
  if (at(record, 'isApiErrorMessage') === true) return;
  const content = at(record, 'message', 'content');
  const blocks: unknown[] = typeof content === 'string' ? [{ type: 'text', text: content }] : [content ?? []].flat();
  const isFinal = textAt(record, 'message', 'stop_reason') === 'end_turn' || undefined;
  for (const block of blocks) {
    const type = textAt(block, 'type');
    if (type === 'text') {
      const text = textAt(block, 'text').trim();
      if (text !== '' && text !== 'No response requested.')
        push(reader, { ...headOf(record, reader), key: textKey(text), kind: 'text', text, isFinal });
    } else if (type === 'tool_use') {
      const [id, name, cwd] = [textAt(block, 'id'), textAt(block, 'name'), textAt(record, 'cwd')];
      const head = headOf(record, reader);
      const tool: PendingTool = { kind: 'tool', id, name, input: at(block, 'input'), cwd, head, events: [] };
      reader.entries.push(tool);
      if (id !== '') reader.tools.set(id, tool);
    }
  }
}

function readUser(record: unknown, reader: Reader): void {
  reader.promptId = textAt(record, 'promptId') || reader.promptId;
  const content = at(record, 'message', 'content');
  for (const block of listAt(record, 'message', 'content')) {
    if (textAt(block, 'type') !== 'tool_result') continue;
    const tool = reader.tools.get(textAt(block, 'tool_use_id'));
    if (tool) tool.events = readResult(record, block, tool, reader);
  }
  const text = textOfBlocks(content).trim();
  if (text === '') return;
  const head = headOf(record, reader);
  const stopped = readStopped(text, { ...head, key: `turn:${textAt(record, 'uuid') || hashText(text)}` });
  if (stopped !== undefined) push(reader, stopped);
  else if (at(record, 'isMeta') === true) return;
  else if (at(record, 'isCompactSummary') === true) {
    const summary = bareSummary(text);
    if (summary !== '') push(reader, { ...head, key: summaryKey(summary), kind: 'summary', text: summary });
  } else pushPrompt(text, record, reader);
}

/** Stop hooks that refuse the end of a turn, and turns that the user interrupted, appear as user messages. */
function readStopped(text: string, head: EventHead): Event | undefined {
  const feedback = /^(?:Sub[Aa]gent)?Stop hook (?:feedback|blocking error)[^\n]*:\s*([\s\S]+)$/.exec(text)?.[1];
  if (feedback !== undefined)
    return { ...head, kind: 'verdict', on: 'turn', verdict: 'refused', what: '', reason: feedback.trim() };
  if (!/^\[Request interrupted by user(?: for tool use)?\]$/.test(text)) return undefined;
  return { ...head, kind: 'verdict', on: 'turn', verdict: 'aborted', what: '', reason: '' };
}

function pushPrompt(text: string, record: unknown, reader: Reader): void {
  const typed = isNotice(text) ? notice : typedPrompt(text);
  if (typed === '') return;
  const parent = at(record, 'parentUuid');
  const follows = parent === null ? '' : typeof parent === 'string' ? parent : undefined;
  const key = promptKey(textAt(record, 'promptId'), typed);
  push(reader, {
    ...headOf(record, reader),
    key,
    kind: 'prompt',
    text: typed,
    ...(follows !== undefined && { follows }),
  });
}

/** A prompt typed while the agent works is stored as an attachment. */
function readQueued(record: unknown, reader: Reader): void {
  const attachment = at(record, 'attachment');
  if (textAt(attachment, 'type') !== 'queued_command') return;
  const { parentUuid: _inTheMiddle, ...bare } = record as Record<string, unknown>;
  pushPrompt(textOfBlocks(at(attachment, 'prompt')), bare, reader);
}

function readResult(record: unknown, block: unknown, tool: PendingTool, reader: Reader): Event[] {
  const isError = at(block, 'is_error') === true;
  const shown = textOfBlocks(at(block, 'content'));
  const key = toolKey(tool.id, textAt(record, 'promptId'), tool.name, tool.input);
  const structured = at(record, 'toolUseResult');
  // A record with several results has at most one structured result: use the displayed text then.
  const isOnly =
    listAt(record, 'message', 'content').filter((each) => textAt(each, 'type') === 'tool_result').length === 1;
  const response =
    isError || typeof structured === 'string' || !isOnly || structured === undefined ? shown : structured;
  const use = { name: tool.name, input: tool.input, response, ok: !isError, cwd: tool.cwd };
  const events = readToolUse(use, { ...headOf(record, reader), key }, reader.context);
  return events.map((event) => hide(event, reader.context));
}

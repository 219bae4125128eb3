// Parses Claude Code's transcript: JSON lines, one content block per record. The format is undocumented and changes; unknown records are skipped.
import type { Event } from '../../domain/event.ts';
import type { Step } from '../dialect.ts';
import { at, listAt, textAt, textOfBlocks } from '../json-fields.ts';
import { hashText, summaryKey, typedCall } from '../event-keys.ts';
import { bareSummary, isNotice, notice, typedPrompt } from '../machine-text.ts';

/** See Dialect.readSteps. Subagents, thinking and the host's own records are left out. */
export function readSteps(records: readonly unknown[]): Step[] {
  const steps: Step[] = [];
  // Of the last user record: the call that follows belongs to it.
  let promptId = '';
  for (const record of records) {
    if (at(record, 'isSidechain') === true) continue;
    const type = textAt(record, 'type');
    if (type === 'assistant') steps.push(...readAssistant(record, promptId));
    else if (type === 'user') {
      promptId = textAt(record, 'promptId') || promptId;
      steps.push(...readResults(record), ...readUser(record));
    } else if (type === 'attachment') steps.push(...readQueued(record));
    else if (type === 'system' && /^(?:stop_hook_summary|turn_duration)$/.test(textAt(record, 'subtype'))) {
      const last = steps.at(-1);
      if (last?.kind === 'text') last.isFinal = true;
    }
  }
  return steps;
}

function readAssistant(record: unknown, promptId: string): Step[] {
  if (at(record, 'isApiErrorMessage') === true) return [];
  const head = { at: textAt(record, 'timestamp') };
  const content = at(record, 'message', 'content');
  const blocks: unknown[] = typeof content === 'string' ? [{ type: 'text', text: content }] : [content ?? []].flat();
  return blocks.flatMap((block): Step[] => {
    const type = textAt(block, 'type');
    if (type === 'text') {
      const text = textAt(block, 'text').trim();
      const isFinal = textAt(record, 'message', 'stop_reason') === 'end_turn';
      return text === '' || text === 'No response requested.' ? [] : [{ ...head, kind: 'text', text, isFinal }];
    }
    if (type !== 'tool_use') return [];
    const id = textAt(block, 'id');
    const tool = { id, name: textAt(block, 'name'), input: at(block, 'input'), cwd: textAt(record, 'cwd') };
    return [{ ...head, kind: 'tool', tool, promptId, call: id }];
  });
}

function readUser(record: unknown): Step[] {
  const text = textOfBlocks(at(record, 'message', 'content')).trim();
  if (text === '') return [];
  const head = { at: textAt(record, 'timestamp') };
  const stopped = readStopped(text, { ...head, key: `turn:${textAt(record, 'uuid') || hashText(text)}` });
  if (stopped !== undefined) return [{ ...head, kind: 'event', event: stopped }];
  if (at(record, 'isMeta') === true) return [];
  const typed = readTyped(text, record);
  if (typed !== undefined) return [{ ...head, ...typed }];
  if (at(record, 'isCompactSummary') !== true) return readPrompt(text, record);
  const summary = bareSummary(text);
  const event: Event = { ...head, key: summaryKey(summary), kind: 'summary', text: summary };
  return summary === '' ? [] : [{ ...head, kind: 'event', event }];
}

/** A command that the user typed with "!", and what it wrote; whether it failed is not told. */
function readTyped(text: string, record: unknown): Step | undefined {
  const command = /^<bash-input>([\s\S]*)<\/bash-input>$/.exec(text)?.[1]?.trim();
  if (command !== undefined) {
    const call = typedCall(textAt(record, 'uuid'));
    return { kind: 'tool', tool: { id: call, name: 'Bash', input: { command }, cwd: textAt(record, 'cwd') }, call };
  }
  const [, stdout, stderr = ''] =
    /^<bash-stdout>([\s\S]*?)<\/bash-stdout>(?:\s*<bash-stderr>([\s\S]*)<\/bash-stderr>)?$/.exec(text) ?? [];
  if (stdout === undefined) return undefined;
  const ok = !/^(?:fatal|error|\w*sh): |command not found/im.test(stderr);
  const call = typedCall(textAt(record, 'parentUuid'));
  return { kind: 'result', call, result: { ok, response: { stdout, stderr } } };
}

/** Stop hooks that refuse the end of a turn, and turns that the user interrupted, appear as user messages. */
function readStopped(text: string, head: Pick<Event, 'at' | 'key'>): Event | undefined {
  const feedback = /^(?:Sub[Aa]gent)?Stop hook (?:feedback|blocking error)[^\n]*:\s*([\s\S]+)$/.exec(text)?.[1];
  if (feedback !== undefined)
    return { ...head, kind: 'verdict', on: 'turn', verdict: 'refused', what: '', reason: feedback.trim() };
  if (!/^\[Request interrupted by user(?: for tool use)?\]$/.test(text)) return undefined;
  return { ...head, kind: 'verdict', on: 'turn', verdict: 'aborted', what: '', reason: '' };
}

function readPrompt(text: string, record: unknown): Step[] {
  const typed = isNotice(text) ? notice : typedPrompt(text);
  if (typed === '') return [];
  const parent = at(record, 'parentUuid');
  const follows = parent === null ? '' : typeof parent === 'string' ? parent : undefined;
  return [{ at: textAt(record, 'timestamp'), kind: 'prompt', text: typed, id: textAt(record, 'promptId'), follows }];
}

/** A prompt typed while the agent works is stored as an attachment. */
function readQueued(record: unknown): Step[] {
  const attachment = at(record, 'attachment');
  if (textAt(attachment, 'type') !== 'queued_command') return [];
  const { parentUuid: _inTheMiddle, ...bare } = record as Record<string, unknown>;
  return readPrompt(textOfBlocks(at(attachment, 'prompt')), bare);
}

function readResults(record: unknown): Step[] {
  const structured = at(record, 'toolUseResult');
  const blocks = listAt(record, 'message', 'content').filter((block) => textAt(block, 'type') === 'tool_result');
  return blocks.map((block) => {
    const ok = at(block, 'is_error') !== true;
    const shown = textOfBlocks(at(block, 'content'));
    // A record with several results has at most one structured result: use the displayed text then.
    const isShown = !ok || typeof structured === 'string' || blocks.length > 1 || structured === undefined;
    return {
      at: textAt(record, 'timestamp'),
      kind: 'result',
      call: textAt(block, 'tool_use_id'),
      result: { ok, response: isShown ? shown : structured },
      promptId: textAt(record, 'promptId'),
    };
  });
}

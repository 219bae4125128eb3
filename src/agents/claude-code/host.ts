// Claude Code: hook payloads → events, answers → what its hooks print.
import type { Event } from '../../domain/event.ts';
import { mapTexts } from '../../domain/event-texts.ts';
import type { Answer, HookCall, Host, Moment, PayloadContext } from '../agent.ts';
import { readToolUse, toolPath } from './tool-names.ts';
import type { EventHead } from '../tool-use.ts';
import { readTranscript } from './transcript.ts';
import { at, textAt } from '../json-fields.ts';
import { hashText, promptKey, summaryKey, textKey, toolKey } from '../event-keys.ts';
import { bareSummary, typedPrompt } from '../machine-text.ts';
import { hidePaths } from '../event-paths.ts';

const moments: Readonly<Record<string, Moment>> = {
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

/** Events whose answer may carry text for the model. Not Stop and SubagentStop: there it would continue the turn. */
const takesContext = ['SessionStart', 'UserPromptSubmit', 'PreToolUse', 'SubagentStart'];

export const claudeCode: Host = { name: 'claude-code', readCall, parsePayload, readTranscript, formatAnswer };

function readCall(payload: unknown): HookCall {
  const event = textAt(payload, 'hook_event_name');
  return {
    event,
    moment: momentOf(event),
    session: textAt(payload, 'session_id'),
    cwd: textAt(payload, 'cwd'),
    transcriptPath: textAt(payload, 'transcript_path'),
    source: textAt(payload, 'source') || textAt(payload, 'trigger') || textAt(payload, 'reason'),
    prompt: typedPrompt(textAt(payload, 'prompt')),
    promptId: textAt(payload, 'prompt_id'),
    tool: textAt(payload, 'tool_name'),
    toolUseId: textAt(payload, 'tool_use_id'),
    toolPath: toolPath(at(payload, 'tool_input')),
    toolCommand: textAt(payload, 'tool_input', 'command'),
    subagent: textAt(payload, 'agent_id'),
  };
}

function momentOf(event: string): Moment {
  return (Object.hasOwn(moments, event) ? moments[event] : undefined) ?? 'other';
}

function parsePayload(payload: unknown, context: PayloadContext): Event[] {
  const call = readCall(payload);
  return readMoment(call, payload, context).map((event) => mapTexts(event, (text) => hidePaths(text, context)));
}

function readMoment(call: HookCall, payload: unknown, context: PayloadContext): Event[] {
  const base = { session: call.session, at: context.at };
  switch (call.moment) {
    case 'prompt': {
      const text = call.prompt.trim();
      return text === '' ? [] : [{ ...base, key: promptKey(call.promptId, text), kind: 'prompt', text }];
    }
    case 'tool':
      return readTool(call, payload, context);
    case 'subagent-end': {
      // An empty type is the host's own fork, such as the one that summarizes for a compaction.
      const text = textAt(payload, 'last_assistant_message').trim();
      const type = textAt(payload, 'agent_type');
      if (text === '' || type === '') return [];
      return [{ ...base, key: `report:${call.subagent || hashText(text)}`, kind: 'report', description: type, text }];
    }
    case 'turn-end': {
      const text = textAt(payload, 'last_assistant_message').trim();
      const key = `turn-end:${hashText(`${call.promptId}\n${text}`)}`;
      return [
        ...(text === '' ? [] : [{ ...base, key: textKey(text), kind: 'text', text, isFinal: true } satisfies Event]),
        { ...base, key, kind: 'boundary', what: 'turn-end' },
      ];
    }
    case 'compaction': {
      const text = bareSummary(textAt(payload, 'compact_summary'));
      return text === '' ? [] : [{ ...base, key: summaryKey(text), kind: 'summary', text }];
    }
    case 'start':
    case 'before-compaction':
    case 'end': {
      const what = call.moment === 'before-compaction' ? 'compaction' : call.moment;
      const key = `${what}:${hashText(`${call.promptId}\n${call.source}`)}`;
      return [{ ...base, key, kind: 'boundary', what, ...(call.source === '' ? {} : { reason: call.source }) }];
    }
    case 'before-tool':
    case 'subagent-start':
    case 'text':
    case 'other':
      return [];
  }
}

function readTool(call: HookCall, payload: unknown, context: PayloadContext): Event[] {
  if (context.isExcludedTool?.(call.tool)) return [];
  const ok = call.event !== 'PostToolUseFailure';
  const input = at(payload, 'tool_input');
  const response = ok ? at(payload, 'tool_response') : textAt(payload, 'error');
  const head: EventHead = {
    key: toolKey(call.toolUseId, call.promptId, call.tool, input),
    session: call.session,
    at: context.at,
    ...(call.subagent === '' ? {} : { subagent: call.subagent }),
  };
  const isInterrupted = at(payload, 'is_interrupt') === true;
  return readToolUse({ name: call.tool, input, response, ok, cwd: call.cwd, isInterrupted }, head, context);
}

function formatAnswer(event: string, answer: Answer): string {
  const context = takesContext.includes(event) ? (answer.context ?? '') : '';
  const message = answer.message ?? '';
  if (context === '' && message === '') return '';
  return JSON.stringify({
    ...(context === '' ? {} : { hookSpecificOutput: { hookEventName: event, additionalContext: context } }),
    ...(message === '' ? {} : { systemMessage: message }),
  });
}

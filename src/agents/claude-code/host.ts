// Claude Code: hook payloads → events, answers → what its hooks print.
import type { Event } from '../../domain/event.ts';
import type { EventHead, Host, PayloadContext } from '../agent.ts';
import { claudeReading, makeHost, type Reading } from '../dialect.ts';
import { at, textAt } from '../json-fields.ts';
import { bareSummary, typedPrompt } from '../machine-text.ts';
import { readToolUse } from './tool-names.ts';
import { readTranscript } from './transcript.ts';

export const claudeCode: Host = {
  ...makeHost({
    name: 'claude-code',
    read,
    readTool,
    // Not Stop and SubagentStop: there it would continue the turn.
    takesContext: ['SessionStart', 'UserPromptSubmit', 'PreToolUse', 'SubagentStart'],
  }),
  readTranscript,
};

function read(payload: unknown): Reading {
  const reading = claudeReading(payload);
  const subagentType = textAt(payload, 'agent_type');
  // An empty type is the host's own fork, such as the one that summarizes for a compaction.
  const isFork = reading.moment === 'subagent-end' && subagentType === '';
  const name = textAt(payload, 'tool_name');
  return {
    ...reading,
    prompt: typedPrompt(textAt(payload, 'prompt')),
    promptId: textAt(payload, 'prompt_id'),
    text: isFork ? '' : reading.text || bareSummary(textAt(payload, 'compact_summary')),
    subagentType,
    ...(name !== '' && { tool: { name, id: textAt(payload, 'tool_use_id'), input: at(payload, 'tool_input') } }),
  };
}

function readTool(payload: unknown, reading: Reading, head: EventHead, context: PayloadContext): Event[] {
  const { event, cwd = '', tool } = reading;
  const ok = event !== 'PostToolUseFailure';
  const response = ok ? at(payload, 'tool_response') : textAt(payload, 'error');
  const isInterrupted = at(payload, 'is_interrupt') === true;
  return readToolUse({ name: tool?.name ?? '', input: tool?.input, response, ok, cwd, isInterrupted }, head, context);
}

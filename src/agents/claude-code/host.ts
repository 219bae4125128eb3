// Claude Code: hook payloads → events, answers → what its hooks print.
import { claudeReading, makeHost, type Reading } from '../dialect.ts';
import { at, textAt } from '../json-fields.ts';
import { bareSummary, typedPrompt } from '../machine-text.ts';
import { readToolUse } from './tool-names.ts';
import { readSteps } from './transcript.ts';

export const claudeCode = makeHost({
  name: 'claude-code',
  read,
  readTool: readToolUse,
  readSteps,
  // Not Stop and SubagentStop: there it would continue the turn.
  takesContext: ['SessionStart', 'UserPromptSubmit', 'PreToolUse', 'SubagentStart'],
});

function read(payload: unknown): Reading {
  const reading = claudeReading(payload);
  const subagentType = textAt(payload, 'agent_type');
  // An empty type is the host's own fork, such as the one that summarizes for a compaction.
  const isFork = reading.moment === 'subagent-end' && subagentType === '';
  const name = textAt(payload, 'tool_name');
  const ok = reading.event !== 'PostToolUseFailure';
  const tool = {
    name,
    id: textAt(payload, 'tool_use_id'),
    input: at(payload, 'tool_input'),
    ok,
    response: ok ? at(payload, 'tool_response') : textAt(payload, 'error'),
    unproven: at(payload, 'is_interrupt') === true ? ('interrupted' as const) : undefined,
  };
  return {
    ...reading,
    prompt: typedPrompt(textAt(payload, 'prompt')),
    promptId: textAt(payload, 'prompt_id'),
    text: isFork ? '' : reading.text || bareSummary(textAt(payload, 'compact_summary')),
    subagentType,
    ...(name !== '' && { tool }),
  };
}

// Codex CLI: Claude Code's events, apply_patch for edits. Hooks get neither exit codes nor failed patches: both are in the rollout.
import { claudeReading, makeHost, type Reading, type Step, type ToolReading } from '../dialect.ts';
import { at, isFields, listAt, textAt } from '../json-fields.ts';
import { outputText, toolCommand } from '../tool-dialects.ts';

/** Codex validates the answer strictly and rejects unknown keys. */
export const host = makeHost({
  name: 'codex',
  read,
  readSteps,
  hasFullerTranscript: true,
  takesContext: ['SessionStart', 'UserPromptSubmit', 'PreToolUse', 'PostToolUse', 'SubagentStart'],
});

function read(payload: unknown): Reading {
  const name = textAt(payload, 'tool_name');
  const response = outputText(at(payload, 'tool_response'));
  const tool = {
    id: textAt(payload, 'tool_use_id'),
    name,
    input: at(payload, 'tool_input'),
    ok: !/^Exit code: [1-9]/.test(response),
    output: response.replace(/^Exit code: \d+\nWall time: .*\nOutput:\n/, ''),
  };
  return { ...claudeReading(payload), promptId: textAt(payload, 'turn_id'), ...(name !== '' && { tool }) };
}

/** Completed items are the same in both client modes, with the same ids as in hooks. */
function readSteps(records: readonly unknown[]): Step[] {
  return records.flatMap((record): Step[] => {
    const payload = at(record, 'payload');
    if (textAt(record, 'type') !== 'event_msg' || textAt(payload, 'type') !== 'item_completed') return [];
    const item = at(payload, 'item');
    const head = { at: textAt(record, 'timestamp') };
    const promptId = textAt(payload, 'turn_id');
    switch (textAt(item, 'type')) {
      case 'UserMessage':
        return [{ ...head, kind: 'prompt', text: blocksOf(item), id: promptId }];
      case 'AgentMessage':
        return [{ ...head, kind: 'text', text: blocksOf(item) }];
      case 'CommandExecution':
        return [{ ...head, kind: 'tool', promptId, tool: commandOf(item) }];
      case 'FileChange':
        return changesOf(item).map((tool) => ({ ...head, kind: 'tool', promptId, tool }));
      default:
        return [];
    }
  });
}

function blocksOf(item: unknown): string {
  return listAt(item, 'content')
    .map((block) => textAt(block, 'text'))
    .join('\n');
}

function commandOf(item: unknown): ToolReading {
  const code = at(item, 'exit_code');
  return {
    id: textAt(item, 'id'),
    name: 'Bash',
    input: { command: toolCommand(item) },
    ok: typeof code === 'number' ? code === 0 : textAt(item, 'status') !== 'failed',
    output: textAt(item, 'aggregated_output'),
    cwd: textAt(item, 'cwd').replace(/^file:\/\//, ''),
  };
}

/** One patch may change several files; each becomes an edit with its own diff. */
function changesOf(item: unknown): ToolReading[] {
  const changes = at(item, 'changes');
  if (!isFields(changes)) return [];
  const ok = textAt(item, 'status') === 'completed';
  return Object.entries(changes).map(([path, change]) => ({
    id: textAt(item, 'id'),
    name: textAt(change, 'type') === 'add' ? 'Write' : 'Edit',
    input: { path: textAt(change, 'move_path') || path, content: textAt(change, 'content') },
    ok,
    isNew: textAt(change, 'type') === 'add',
    diff: textAt(change, 'unified_diff'),
    output: ok ? '' : textAt(item, 'stderr'),
  }));
}

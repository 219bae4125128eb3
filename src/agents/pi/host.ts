// Pi: its extension (extension.mjs) uses the protocol and names the session's file, which holds the agent's texts.
import type { Step } from '../dialect.ts';
import { at, listAt, textAt } from '../json-fields.ts';
import { speakProtocol } from '../protocol/speak.ts';
import { outputText } from '../tool-dialects.ts';

export const host = speakProtocol('pi', readSteps);

function readSteps(records: readonly unknown[]): Step[] {
  const steps: Step[] = [];
  const tools = new Map<string, Step & { kind: 'tool' }>();
  for (const record of records) {
    if (textAt(record, 'type') !== 'message') continue;
    const message = at(record, 'message');
    const time = textAt(record, 'timestamp');
    const role = textAt(message, 'role');
    if (role === 'user') steps.push({ kind: 'prompt', at: time, text: outputText(at(message, 'content')) });
    if (role === 'assistant')
      for (const block of listAt(message, 'content')) {
        const isFinal = textAt(message, 'stopReason') === 'stop' ? { isFinal: true } : {};
        if (textAt(block, 'type') === 'text')
          steps.push({ kind: 'text', at: time, text: textAt(block, 'text'), ...isFinal });
        if (textAt(block, 'type') !== 'toolCall') continue;
        const id = textAt(block, 'id');
        const step: Step & { kind: 'tool' } = {
          kind: 'tool',
          at: time,
          tool: { id, name: textAt(block, 'name'), input: at(block, 'arguments') },
        };
        steps.push(step);
        tools.set(id, step);
      }
    if (role === 'toolResult') {
      const step = tools.get(textAt(message, 'toolCallId'));
      if (!step) continue;
      const ok = at(message, 'isError') !== true;
      step.tool = {
        ...step.tool,
        ok,
        output: outputText(at(message, 'content')),
        diff: textAt(message, 'details', 'patch'),
      };
    }
  }
  return steps;
}

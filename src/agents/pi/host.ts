// Pi: its extension (extension.mjs) uses the protocol and names the session's file, which holds the agent's texts.
import type { Step } from '../dialect.ts';
import { at, listAt, textAt } from '../json-fields.ts';
import { speakProtocol } from '../protocol/speak.ts';
import { outputText } from '../tool-dialects.ts';

export const host = speakProtocol('pi', readSteps);

function readSteps(records: readonly unknown[]): Step[] {
  return records.flatMap((record): Step[] => {
    if (textAt(record, 'type') !== 'message') return [];
    const message = at(record, 'message');
    const head = { at: textAt(record, 'timestamp') };
    const text = outputText(at(message, 'content'));
    switch (textAt(message, 'role')) {
      case 'user':
        return [{ ...head, kind: 'prompt', text }];
      case 'assistant':
        return listAt(message, 'content').flatMap((block): Step[] => {
          const isFinal = textAt(message, 'stopReason') === 'stop';
          if (textAt(block, 'type') === 'text')
            return [{ ...head, kind: 'text', text: textAt(block, 'text'), isFinal }];
          if (textAt(block, 'type') !== 'toolCall') return [];
          const id = textAt(block, 'id');
          const tool = { id, name: textAt(block, 'name'), input: at(block, 'arguments') };
          return [{ ...head, kind: 'tool', call: id, tool }];
        });
      case 'toolResult': {
        const result = { ok: at(message, 'isError') !== true, output: text, diff: textAt(message, 'details', 'patch') };
        return [{ kind: 'result', call: textAt(message, 'toolCallId'), result }];
      }
      default:
        return [];
    }
  });
}

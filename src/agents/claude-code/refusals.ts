// Detects tool uses that the user refused, in the wordings of several client versions.
import type { VerdictEvent } from '../../domain/event.ts';
import { textOfBlocks } from '../json-fields.ts';
import type { EventHead } from '../agent.ts';

export interface ToolUse {
  name: string;
  input: unknown;
  /** The tool's structured answer; for a failure the error's text. */
  response: unknown;
  ok: boolean;
  cwd: string;
  /** The user stopped it while it ran. */
  isInterrupted?: boolean;
}

export function stripErrorTag(text: string): string {
  return text.replace(/^(?:Error: )?<tool_use_error>/, '').replace(/<\/tool_use_error>\s*$/, '');
}

const refused =
  /^(?:The user doesn't want to (?:proceed with this tool use|take this action)|User (?:rejected|chose to stay in plan mode|declined)|The agent proposed a plan that was rejected|The user (?:rejected|refused|denied))/;
const reasonBegins =
  /(?:the user said|the user provided the following reason(?: for the rejection)?|the user's feedback|user feedback)\s*:\s*/i;
/** Text that clients add for the model after the user's words. */
const advice = /\n+Note: The user's next message may contain[\s\S]*$/;

/** The verdict if the user refused the call (`aborted`: without a reason); undefined otherwise. */
export function readRefusal(use: ToolUse, head: EventHead, subject: string): VerdictEvent | undefined {
  if (use.ok) return undefined;
  const shown = stripErrorTag(textOfBlocks(use.response)).replace(/^Error:\s*/, '');
  if (!refused.test(shown)) return undefined;
  const begins = reasonBegins.exec(shown);
  const reason = begins
    ? shown
        .slice(begins.index + begins[0].length)
        .replace(advice, '')
        .trim()
    : '';
  const isPlan = use.name === 'ExitPlanMode';
  return {
    ...head,
    kind: 'verdict',
    on: isPlan ? 'plan' : 'tool',
    verdict: reason === '' && !isPlan ? 'aborted' : 'refused',
    what: isPlan ? '' : `${use.name} ${subject}`.trim(),
    reason,
  };
}

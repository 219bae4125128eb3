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

export interface EventHead {
  key: string;
  session: string;
  at: string;
  subagent?: string;
}

export function stripErrorTag(text: string): string {
  return text.replace(/^(?:Error: )?<tool_use_error>/, '').replace(/<\/tool_use_error>\s*$/, '');
}

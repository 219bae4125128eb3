// What hosts put into a conversation in the user's name.
import { hostTags, stripHostTags } from '../privacy/private-tags.ts';

/** Tags that begin a prompt which nobody typed; elsewhere `tick` may be anybody's. */
const tags = [...hostTags, 'tick'];

const first = new RegExp(`^\\s*<(?:${tags.join('|')})[\\s>]`);
const others =
  /^\s*(?:\[Request interrupted by user|Caveat: The messages below were generated|This session is being continued from)/;

/** Tags that a host puts before or after what a person typed: what stands outside of them is the prompt. */
const beside = [
  'system-reminder',
  'ide_opened_file',
  'ide_selection',
  'ide_diagnostics',
  'new-diagnostics',
  'environment_details',
  'environment_context',
  'user_instructions',
  'user-prompt-submit-hook',
  'session-start-hook',
];

/** Commands to the host about itself: not about the work, whatever follows them. */
const hostCommand =
  /^\/(?:add-dir|agents|bug|clear|compact|compress|config|context|copy|cost|doctor|effort|exit|export|fast|feedback|help|hooks|ide|login|logout|mcp|memory|model|permissions|plugin|privacy-settings|quit|release-notes|rename|resume|rewind|status|statusline|stats|tasks|terminal-setup|theme|undo|upgrade|usage|vim)(?=\s|$)/;

/** What a person typed of a prompt's text, host tags taken out; '' when the host made it or it is a command to the host. */
export function typedPrompt(text: string): string {
  const bare = beside.some((tag) => text.includes(`<${tag}`)) ? stripHostTags(text, beside).text.trim() : text.trim();
  const typed = isMachinePrompt(bare) ? typedCommand(bare) : bare;
  return hostCommand.test(typed) ? '' : typed;
}

/** True for a prompt that the host made: nobody typed it. */
export function isMachinePrompt(text: string): boolean {
  return first.test(text) || others.test(text);
}

/** `/name args` of a slash command with arguments: these were typed. '' for anything else. */
export function typedCommand(text: string): string {
  const name = /<command-name>\s*([^<\s]+)\s*<\/command-name>/.exec(text)?.[1] ?? '';
  const args = /<command-args>([\s\S]*?)<\/command-args>/.exec(text)?.[1]?.trim() ?? '';
  return name === '' || args === '' ? '' : `${name.startsWith('/') ? '' : '/'}${name} ${args}`;
}

/** A compaction's summary without the host's opening and closing words to the model. */
export function bareSummary(text: string): string {
  return text
    .replace(/^\s*This session is being continued from a previous conversation[^\n]*\n+/, '')
    .replace(/^The (?:summary below|conversation is summarized)[^\n]*\n+/, '')
    .replace(
      /\n+(?:If you need specific details from before compaction|Please continue the conversation from where|Continue the conversation from where|Recent messages are preserved)[\s\S]{0,800}$/,
      '',
    )
    .trim();
}

// What hosts put into a conversation in the user's name.
import { hostTags } from '../privacy/private-tags.ts';

/** Tags that begin a prompt which nobody typed; elsewhere `tick` may be anybody's. */
const tags = [...hostTags, 'tick'];

const first = new RegExp(`^\\s*<(?:${tags.join('|')})[\\s>]`);
const others =
  /^\s*(?:\[Request interrupted by user|Caveat: The messages below were generated|This session is being continued from)/;

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

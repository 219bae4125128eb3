// The lines that the person reads in the client: what a session was given, and what the last turns left to be shared.
import { relative } from 'node:path';
import type { News } from '../capture/news.ts';
import { agoText } from '../domain/local-time.ts';
import { cleanLine } from '../privacy/invisible.ts';

const maxTitleChars = 80;

/** `block`: the text of the block, whose last line holds the counts; '' tells nothing. */
export function startLine(block: string, lastSession: string | undefined, now: Date): string {
  const counts = /^(\d+) of (\d+) shown/.exec(block.slice(block.lastIndexOf('\n') + 1));
  if (!counts) return '';
  const [, shown, total] = counts;
  const last = lastSession === undefined ? '' : `, last session ${agoText(lastSession, now)}`;
  return total === '0'
    ? `repomem: no records yet${last}`
    : `repomem: ${shown} of ${total} ${total === '1' ? 'record' : 'records'}${last}`;
}

/** `isOpen`: one of them is not committed yet. */
export function newsLine(news: readonly News[], root: string, isOpen: boolean): string {
  const [first] = news;
  if (!first) return '';
  const title = `“${cleanLine(first.title, maxTitleChars)}”`;
  const more = news.length > 1 ? ` and ${news.length - 1} more` : '';
  return `repomem: wrote ${title}${more} to ${cleanLine(relative(root, first.path), 160)}${more ? ', …' : ''}${isOpen ? '; not committed yet' : ''}`;
}

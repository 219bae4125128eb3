// The lines that the person reads in the client: what a session was given, what the last turns left to be shared, and records that were written
// with no command of ours, an applied patch or archive included, so that none slips in unseen.
import { basename, isAbsolute, join, relative } from 'node:path';
import { takeHandWritten } from '../git/state/provenance.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { cleanLine } from '../privacy/invisible.ts';
import type { News } from '../capture/notices.ts';
import { agoText } from '../domain/local-time.ts';

const maxTitleChars = 90;

/** `block`: the text of the block, whose last line holds the counts; '' tells nothing. */
export function startLine(block: string, lastSession: string | undefined, now: Date): string {
  const counts = /^(\d+) of (\d+) shown(?:; (\d+) unreviewed)?/.exec(block.slice(block.lastIndexOf('\n') + 1));
  if (!counts) return '';
  const [, shown, total, held = 0] = counts;
  const last = lastSession === undefined ? '' : `, last session ${agoText(lastSession, now)}`;
  if (total === '0' && held !== 0)
    return `repomem: ${held} unreviewed, not shown: repomem trust, repomem doctor${last}`;
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

const maxNamed = 3;

/** The titles of those that were found since the last call, in any process; each is given once. */
export async function newHandWritten(paths: MemoryPaths): Promise<string[]> {
  const titles = takeHandWritten(paths).map(({ path }) => titleOf(path, paths.worktree ?? paths.root));
  return (await Promise.all(titles)).map((title) => cleanLine(title, maxTitleChars));
}

/** The file's name where it cannot be read. */
async function titleOf(path: string, top: string): Promise<string> {
  const absolute = isAbsolute(path) ? path : join(top, path);
  const { readRecordFile } = await import('../store/read-file.ts');
  const read = readRecordFile({ path, absolute, tier: isAbsolute(path) ? 'local' : 'shared' });
  return 'record' in read ? read.record.title : basename(path);
}

/** `1 record written by hand: TITLE`; '' for none. */
export function handWrittenLine(titles: readonly string[]): string {
  const count = titles.length;
  if (count === 0) return '';
  const more = count > maxNamed ? ` and ${count - maxNamed} more` : '';
  return `repomem: ${count} record${count === 1 ? '' : 's'} written by hand: ${titles.slice(0, maxNamed).join('; ')}${more}`;
}

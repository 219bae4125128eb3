// The two ways in which a review is written. What comes from records, paths and commits is quoted: in Markdown it stands in code spans. Pure.
import { cleanLine, cutText, removeInvisible } from '../privacy/invisible.ts';

export interface Style {
  heading(text: string): string;
  item(text: string): string;
  /** Words that are not ours. */
  quote(text: string, maxChars?: number): string;
  /** Words of ours that are typed. */
  code(text: string): string;
  /** A further line of an item. */
  more(text: string): string;
  /** Something long, below a word that opens it. */
  fold(summary: string, text: string): string;
  link(text: string, address: string | undefined): string;
}

const maxChars = 160;
export const plain: Style = {
  heading: (text) => `\n${text}`,
  item: (text) => `  ${text}`,
  quote: (text, max = maxChars) => cleanLine(text, max),
  code: (text) => text,
  more: (text) => `\n    ${text}`,
  fold: (_summary, text) => text,
  link: (text) => text,
};

export const markdown: Style = {
  heading: (text) => `\n#### ${text}\n`,
  item: (text) => `- ${text}`,
  quote: quoteMarkdown,
  code: (text) => `\`${text}\``,
  more: (text) => `\n  ${text}`,
  fold: (summary, text) => `<details><summary>${summary}</summary>\n\n  ${text}\n\n  </details>`,
  link: (text, address) => (address === undefined ? text : `[${text}](${address})`),
};

/** A code span that its text cannot leave, on one line. */
export function quoteMarkdown(text: string, max = maxChars): string {
  const line = removeInvisible(text).replace(/\s+/g, ' ').trim();
  const safe = cutText(line, max).replace(/`/g, "'").replace(/[<＜]/g, '‹').replace(/[>＞]/g, '›').replace(/\|/g, '¦');
  return safe === '' ? '' : `\`${safe}\``;
}

/** Where a forge shows the files of the reviewed commit. */
export interface ReviewLinks {
  /** Such as `https://example.com/owner/name/blob/<commit>/`. */
  base: string;
  /** GitLab writes the end of a range without its L. */
  isGitlab: boolean;
}

/** The address of a place; every letter that could end a link is escaped. */
export function addressOf(
  { base, isGitlab }: ReviewLinks,
  { path, lines }: { path: string; lines?: [number, number] },
): string {
  const escaped = path
    .split('/')
    .map((part) => encodeURIComponent(part).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`))
    .join('/');
  const range = lines === undefined ? '' : `#L${lines[0]}-${isGitlab ? '' : 'L'}${lines[1]}`;
  return `${base}${escaped}${range}`;
}

/** From the variables that GitHub's and GitLab's runners set; undefined elsewhere, and for an address that is none. */
export function linksOf(vars: Readonly<Record<string, string | undefined>>, head: string): ReviewLinks | undefined {
  const github =
    vars['GITHUB_REPOSITORY'] &&
    `${vars['GITHUB_SERVER_URL'] ?? 'https://github.com'}/${vars['GITHUB_REPOSITORY']}/blob/`;
  const gitlab = vars['CI_PROJECT_URL'] && `${vars['CI_PROJECT_URL']}/-/blob/`;
  const base = github || gitlab;
  if (!base || !/^https?:\/\/[\w.:/~+%-]+$/.test(base) || !/^[0-9a-f]{7,64}$/.test(head)) return undefined;
  return { base: `${base}${head}/`, isGitlab: !github };
}

// Which excerpts a query is about at all, before anything is ranked.
import { RepomemError } from '../domain/errors.ts';
import type { Excerpt, Tier } from '../domain/excerpt.ts';
import type { RecordType } from '../domain/types.ts';
import { parseSpan } from './dates.ts';

export interface Filter {
  /** Any of these. */
  types?: readonly RecordType[];
  /** Any of these, letter case aside. */
  concepts?: readonly string[];
  /** Cites this path: the whole path, its end, or a folder. */
  file?: string;
  branch?: string;
  /** As people write dates; see parseSpan. Both ends inclusive. */
  since?: string;
  until?: string;
  agent?: string;
  /** A session id or its beginning. */
  session?: string;
  /** `all` when absent. */
  scope?: Tier | 'all';
}

/** Undefined when nothing is filtered. Throws RepomemError `usage` on a date that is none. */
export function makeFilter(filter: Filter, now: Date): ((excerpt: Excerpt) => boolean) | undefined {
  const { types = [], file = '', branch, agent, session, scope = 'all' } = filter;
  const concepts = new Set(filter.concepts?.map((concept) => concept.toLowerCase()));
  const from = filter.since === undefined ? undefined : dateOf('since', filter.since, now).from.slice(0, 19);
  const until = filter.until === undefined ? undefined : dateOf('until', filter.until, now).until.slice(0, 19);
  const tests: (((excerpt: Excerpt) => boolean) | false)[] = [
    types.length > 0 && ((excerpt) => types.includes(excerpt.type)),
    concepts.size > 0 && ((excerpt) => excerpt.concepts.some((concept) => concepts.has(concept.toLowerCase()))),
    file !== '' && ((excerpt) => excerpt.cites.some((cite) => isAbout(cite.path, file))),
    branch !== undefined && ((excerpt) => excerpt.branch === branch),
    agent !== undefined && ((excerpt) => excerpt.agent === agent),
    session !== undefined && ((excerpt) => excerpt.session?.startsWith(session) ?? false),
    scope !== 'all' && ((excerpt) => excerpt.tier === scope),
    from !== undefined && ((excerpt) => excerpt.created >= from),
    until !== undefined && ((excerpt) => excerpt.created.slice(0, 19) < until),
  ];
  const wanted = tests.filter((test) => test !== false);
  return wanted.length === 0 ? undefined : (excerpt) => wanted.every((test) => test(excerpt));
}

/** Whether a cited path is the asked one, ends in it, or lies in it; in either form of Unicode. */
export function isAbout(cited: string, asked: string): boolean {
  const wanted = barePath(asked).normalize();
  return wanted === '' || wanted === '.' || `/${cited.normalize()}/`.includes(`/${wanted}/`);
}

/** Without what stands before its first name and after its last. */
export function barePath(path: string): string {
  return path
    .replaceAll('\\', '/')
    .replace(/^(?:\.?\/)+/, '')
    .replace(/\/+$/, '');
}

function dateOf(name: string, text: string, now: Date): { from: string; until: string } {
  const found = parseSpan(text, now);
  if (found) return found;
  throw new RepomemError(
    'usage',
    `${name}: not a date; expected such as 2026-11-01, yesterday, "3 days ago", "last week", "November 2026"; got ${JSON.stringify(text)}`,
  );
}

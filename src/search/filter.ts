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
  const tests: ((excerpt: Excerpt) => boolean)[] = [];
  const { types, file, branch, agent, session, scope } = filter;
  if (types && types.length > 0) tests.push((excerpt) => types.includes(excerpt.type));
  if (filter.concepts && filter.concepts.length > 0) {
    const wanted = new Set(filter.concepts.map((concept) => concept.toLowerCase()));
    tests.push((excerpt) => excerpt.concepts.some((concept) => wanted.has(concept.toLowerCase())));
  }
  if (file !== undefined && file !== '')
    tests.push((excerpt) => excerpt.cites.some((cite) => isAbout(cite.path, file)));
  if (branch !== undefined) tests.push((excerpt) => excerpt.branch === branch);
  if (agent !== undefined) tests.push((excerpt) => excerpt.agent === agent);
  if (session !== undefined) tests.push((excerpt) => excerpt.session?.startsWith(session) ?? false);
  if (scope !== undefined && scope !== 'all') tests.push((excerpt) => excerpt.tier === scope);
  if (filter.since !== undefined) {
    const from = dateOf('since', filter.since, now).from;
    tests.push((excerpt) => excerpt.created >= from.slice(0, 19));
  }
  if (filter.until !== undefined) {
    const until = dateOf('until', filter.until, now).until;
    tests.push((excerpt) => excerpt.created.slice(0, 19) < until.slice(0, 19));
  }
  return tests.length === 0 ? undefined : (excerpt) => tests.every((test) => test(excerpt));
}

/** Whether a cited path is the asked one, ends in it, or lies in it. */
export function isAbout(cited: string, asked: string): boolean {
  const wanted = asked
    .replaceAll('\\', '/')
    .replace(/^(?:\.?\/)+/, '')
    .replace(/\/+$/, '');
  return wanted === '' || wanted === '.' || `/${cited}/`.includes(`/${wanted}/`);
}

function dateOf(name: string, text: string, now: Date): { from: string; until: string } {
  const found = parseSpan(text, now);
  if (found) return found;
  throw new RepomemError(
    'usage',
    `${name}: not a date; expected such as 2026-11-01, yesterday, "3 days ago", "last week", "November 2026"; got ${JSON.stringify(text)}`,
  );
}

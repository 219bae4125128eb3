// Records as lists show them, and the filters that choose among them.
import { RepomemError } from '../../domain/errors.ts';
import { isStale, type Freshness } from '../../domain/cite.ts';
import { observationTypes, type RecordType } from '../../domain/types.ts';
import type { AssessedRecord } from '../../memory/records.ts';
import { safeId } from '../../memory/record-line.ts';
import { cleanLine } from '../../privacy/invisible.ts';
import { makeFilter } from '../../search/filter.ts';
import type { Query } from '../../search/hit.ts';
import type { Facets, Line } from '../wire.ts';
import { textParam } from './route.ts';
import type { View } from './memory-view.ts';

export function lineOf({ excerpt, trust, isHere, isActive }: AssessedRecord, freshness?: Freshness): Line {
  const { created, tier, tokens } = excerpt;
  const common = { created, tier, trust, isHere, isActive, tokens };
  if (trust === 'foreign')
    return { ...common, id: safeId(excerpt), type: '', title: '', gist: '', paths: [], concepts: [], tokens: 0 };
  return {
    ...common,
    id: excerpt.id,
    type: excerpt.type,
    title: cleanLine(excerpt.title),
    gist: cleanLine(excerpt.description, 240),
    paths: [...new Set(excerpt.cites.map(({ path }) => cleanLine(path, 200)))],
    concepts: excerpt.concepts.map((concept) => cleanLine(concept, 60)),
    ...(excerpt.branch && { branch: cleanLine(excerpt.branch, 80) }),
    ...(excerpt.session && { session: excerpt.session }),
    by: byOf(excerpt),
    ...(freshness && { freshness }),
  };
}

/** Lines with how their cites stand. */
export async function linesOf(view: View, records: readonly AssessedRecord[]): Promise<Line[]> {
  const states = await view.freshness(records);
  return records.map((one) => lineOf(one, one.excerpt.cites.length > 0 ? states.get(one.excerpt.path) : undefined));
}

export const filterParams = {
  type: 'only these types, with commas',
  concept: 'only with these concepts, with commas',
  file: 'only records that cite this file or folder',
  branch: 'made on this branch',
  since: 'made on or after: 2026-11-01, yesterday, "last week"',
  until: 'made on or before',
  session: 'made in this session, by its beginning',
  agent: 'made by this agent',
  tier: 'shared or local',
  trust: 'reviewed, own, local or foreign',
  fresh: 'fresh or stale: how what they cite stands',
  author: 'what wrote them, such as extractive/1, or "by hand"',
  standing: '0: superseded, forgotten and other branches’ records too',
} as const;

/** The part of a question that search knows. RepomemError `usage` for a type or tier that is none. */
export function queryOf(query: URLSearchParams): Query {
  const types = listParam(query, 'type');
  const unknown = types.find(
    (type) => !Object.hasOwn(observationTypes, type) && type !== 'session' && type !== 'tombstone',
  );
  if (unknown !== undefined)
    throw new RepomemError(
      'usage',
      `type: expected one of ${Object.keys(observationTypes).join(', ')}, session; got '${unknown}'`,
    );
  const tier = oneOf(query, 'tier', ['shared', 'local'] as const);
  const text = (name: 'file' | 'branch' | 'since' | 'until' | 'session' | 'agent'): Partial<Query> => {
    const value = textParam(query, name);
    return value === undefined ? {} : { [name]: value };
  };
  return {
    ...(types.length > 0 && { types: types as RecordType[] }),
    concepts: listParam(query, 'concept'),
    ...text('file'),
    ...text('branch'),
    ...text('since'),
    ...text('until'),
    ...text('session'),
    ...text('agent'),
    ...(tier && { scope: tier }),
  };
}

/** Records of the view that pass every filter, newest first. */
export async function chooseRecords(view: View, query: URLSearchParams): Promise<readonly AssessedRecord[]> {
  const passes = makeFilter(queryOf(query), view.memory.env.now());
  const trust = oneOf(query, 'trust', ['reviewed', 'own', 'local', 'foreign'] as const);
  const fresh = oneOf(query, 'fresh', ['fresh', 'stale'] as const);
  const author = textParam(query, 'author');
  const isEverything = query.get('standing') === '0' || trust === 'foreign';
  const chosen = view.newest().filter((one) => {
    const { excerpt } = one;
    if (!isEverything && !(one.isActive && one.isHere)) return false;
    if (excerpt.type === 'tombstone' && !isEverything) return false;
    if (trust !== undefined && one.trust !== trust) return false;
    // What a stranger's file says of itself chooses nothing.
    if (one.trust === 'foreign')
      return trust === 'foreign' || (passes === undefined && author === undefined && fresh === undefined);
    if (author !== undefined && byOf(excerpt) !== author) return false;
    return passes === undefined || passes(excerpt);
  });
  if (fresh === undefined) return chosen;
  const states = await view.freshness(chosen);
  return chosen.filter(
    ({ excerpt }) => excerpt.cites.length > 0 && isStale(states.get(excerpt.path) ?? 'fresh') === (fresh === 'stale'),
  );
}

/** What there is to choose from, the most frequent first; strangers' records are not counted. */
export function facetsOf(view: View): Facets {
  const types = new Map<string, number>();
  const concepts = new Map<string, number>();
  const branches = new Map<string, number>();
  const files = new Map<string, number>();
  const count = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1);
  for (const { excerpt, trust, isHere, isActive } of view.newest()) {
    if (trust === 'foreign' || !isHere || !isActive) continue;
    count(types, excerpt.type);
    for (const concept of excerpt.concepts) count(concepts, concept);
    if (excerpt.branch) count(branches, excerpt.branch);
    for (const path of new Set(excerpt.cites.map((cite) => cite.path))) count(files, path);
  }
  const list = (map: Map<string, number>, most: number): [string, number][] =>
    [...map].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, most);
  return {
    types: list(types, 20),
    concepts: list(concepts, 60),
    branches: list(branches, 60),
    files: list(files, 200),
  };
}

function byOf({ generated }: AssessedRecord['excerpt']): string {
  return generated?.by ?? 'by hand';
}

function listParam(query: URLSearchParams, name: string): string[] {
  return query.getAll(name).flatMap((value) => value.split(',').filter((one) => one !== ''));
}

function oneOf<V extends string>(query: URLSearchParams, name: string, allowed: readonly V[]): V | undefined {
  const value = textParam(query, name);
  if (value === undefined) return undefined;
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new RepomemError('usage', `${name}: expected ${allowed.join(', ')}; got '${value}'`);
  return found;
}

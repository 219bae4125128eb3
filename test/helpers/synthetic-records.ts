import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hashLines } from '../../src/git/cites/cites.ts';
import { blobId } from '../../src/store/blob.ts';

export interface SyntheticOptions {
  /** The folder that holds `.claude-mem`. */
  root: string;
  count: number;
  /** Paths that the records cite, in turn; as they stand in `root`. */
  cited?: readonly string[];
  /** How many of them each record cites; default 1. */
  citesEach?: number;
  /** The newest record's time; the others lie an hour apart before it. */
  newest?: Date;
  seed?: number;
}

const types = ['decision', 'gotcha', 'bugfix', 'architecture', 'pattern', 'dead-end', 'feature', 'discovery', 'change'];
const alphabet = '0123456789bcdfghjkmnpqrstvwxyz';

const syllables = [
  'ra',
  'ke',
  'lo',
  'mi',
  'tu',
  'ver',
  'son',
  'pal',
  'dex',
  'cor',
  'bin',
  'fal',
  'gre',
  'hul',
  'jat',
  'zon',
];
const common =
  'the cache queue parser retry timeout socket index token branch merge worker stream buffer schema route session lock file when reads writes before after because fails returns holds keeps breaks needs every only once never twice'.split(
    ' ',
  );

/**
 * Words as often as in natural text: the law of Zipf and Mandelbrot, p ∝ 1 / (rank + 20), with the commonest words of any language left out as the
 * index does. The first stand in every second record, the middle one of those that a text is made of in one of twenty-five.
 */
const rankOffset = 20;
const vocabulary = [
  ...common,
  ...syllables.flatMap((a) => syllables.flatMap((b) => syllables.map((c) => `${a}${b}${c}`))),
];

function rankOf(share: number): number {
  return Math.floor(rankOffset * (((vocabulary.length + rankOffset) / rankOffset) ** share - 1));
}

/**
 * Writes `count` shared records of about 120 words each, in the format and layout of the store. The same seed gives the
 * same files. Returns their ids, newest first.
 */
export function writeSyntheticRecords(options: SyntheticOptions): string[] {
  const random = makeRandom(options.seed ?? 1);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const newest = (options.newest ?? new Date('2026-11-20T12:00:00Z')).getTime();
  const word = (): string => vocabulary[rankOf(random())] as string;
  const sentence = (words: number): string => {
    const text = Array.from({ length: words }, word).join(' ');
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  };
  const ids: string[] = [];
  const aged = newest / 1000;
  const cites: Record<string, string> = {};
  for (let index = 0; index < options.count; index++) {
    const id = Array.from({ length: 8 }, () => pick([...alphabet])).join('');
    const created = `${new Date(newest - index * 3_600_000).toISOString().slice(0, 19)}Z`;
    const date = created.slice(0, 10);
    const slug = Array.from({ length: 5 }, word).join('-');
    const cited = pathsOf(options, index).map((path) => `  - ${(cites[path] ??= citeOf(options.root, path))}`);
    const text = [
      '---',
      `type: ${pick(types)}`,
      `title: ${slug.replaceAll('-', ' ')} ${index}`,
      `description: ${sentence(12)}`,
      `created: ${created}`,
      'branch: main',
      `session: s${Math.floor(index / 5)}`,
      'agent: claude-code',
      'generated: { by: extractive/1, tokens: 0 }',
      'concepts: [how-it-works]',
      ...(cited.length === 0 ? [] : ['cites:', ...cited]),
      `aliases: [${word()} ${word()}, ${word()}]`,
      'facts:',
      `  - ${sentence(14)}`,
      `  - ${sentence(10)}`,
      'confidence: 0.8',
      '---',
      '',
      [sentence(18), sentence(22), sentence(20), sentence(16)].join(' '),
      '',
    ].join('\n');
    const file = join(
      options.root,
      '.claude-mem/observations',
      date.slice(0, 4),
      date.slice(5, 7),
      `${date}-${slug}-${id}.md`,
    );
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    // Not of this second: git and our caches look twice at files that may have changed since they were read.
    utimesSync(file, aged, aged);
    ids.push(id);
  }
  return ids;
}

function pathsOf({ cited = [], citesEach = 1 }: SyntheticOptions, index: number): string[] {
  const count = cited.length === 0 ? 0 : citesEach;
  return Array.from({ length: count }, (_, at) => cited[(index * count + at) % cited.length] ?? '');
}

/** Three lines of the file as they stand: fresh until somebody changes them. */
function citeOf(root: string, path: string): string {
  const bytes = readFileSync(join(root, path));
  const lines = bytes.toString('utf8').split('\n').slice(3, 6);
  return `{ path: ${path}, lines: 4-6, blob: ${blobId(bytes).slice(0, 10)}, text: ${hashLines(lines)} }`;
}

/** Numbers in [0, 1) that depend on the seed alone (mulberry32). */
function makeRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

// The catalog as columns: what looks at everything (times, trust, branches, sessions) finds it without decoding a single excerpt; an
// excerpt is decoded when somebody asks for it.
import type { Excerpt, Tier } from '../domain/excerpt.ts';
import { once } from '../domain/once.ts';
import { type CatalogRow, decodeRow, encodeRow } from './catalog-rows.ts';
import { bytesOf, numbersIn } from './columns.ts';
import { type Entries, fadesFrom, groupBySession, keyOf, sessionsOf } from './entries.ts';
import type { Linked } from '../memory/active.ts';

/** What trust, branch and standing are judged by. */
export type Thin = Linked & Pick<Excerpt, 'path' | 'tier' | 'blob' | 'branch'>;

export interface Shelf {
  readonly entries: Entries;
  /** As for formatColumns; without the edits. */
  readonly columns: readonly Uint8Array[];
  /** Records that lie beside the columns, by place; see edited-shelf.ts. */
  readonly edits: ReadonlyMap<number, Excerpt>;
  readonly mtimes: Float64Array;
  readonly sizes: Float64Array;
  /** As keyOf gives them. */
  readonly keys: Float64Array;
  /** As fadesFrom gives them. */
  readonly fades: Float64Array;
  /** By name, a text for each place. */
  texts(): Texts;
  tierAt(place: number): Tier;
  paths(): readonly string[];
  /** Places whose excerpt may hold this text as a value of its own, such as a cited path: all that do, and perhaps others. */
  placesNaming(text: string): number[];
  thins(): readonly Thin[];
}

export const textNames = ['path', 'id', 'type', 'created', 'blob', 'branch', 'session'] as const;
const numberColumns = 7;
const tierColumn = 6;
export const shelfColumns = numberColumns + textNames.length + 3;

/** Ids are lists of few records: kept by place. */
type Links = [place: number, supersedes: string[], forgets: string[]][];

/** A record as it was just read, or one in the columns of another shelf whose file is as it was. */
export type Stock = Excerpt | number;

/** A shelf of these, in their order; numbers are places of `old`. */
export function makeShelf(stock: readonly Stock[], old?: Shelf): Shelf {
  const before = old?.texts();
  const linksBefore = old && new Map(linksOf(old.columns).map((link) => [link[0], link]));
  const pieces = textNames.map((): string[][] => []);
  const mtimes = new Float64Array(stock.length);
  const sizes = new Float64Array(stock.length);
  const keys = new Float64Array(stock.length);
  const fades = new Float64Array(stock.length);
  const tiers = new Uint8Array(stock.length);
  const ends = new Uint32Array(stock.length);
  const rows: Uint8Array[] = [];
  const links: Links = [];
  let end = 0;
  for (let at = 0; at < stock.length; at++) {
    const one = stock[at]!;
    if (typeof one !== 'number') {
      for (const [ordinal, name] of textNames.entries())
        pieces[ordinal]!.push([(one[name] ?? '').replaceAll('\0', '\ufffd')]);
      mtimes[at] = one.mtimeMs;
      sizes[at] = one.bytes;
      keys[at] = keyOf(one);
      fades[at] = fadesFrom(one);
      tiers[at] = one.tier === 'local' ? 1 : 0;
      const row = Buffer.from(JSON.stringify(encodeRow(one)));
      rows.push(row);
      ends[at] = end += row.length;
      if (one.supersedes.length + one.forgets.length > 0) links.push([at, one.supersedes, one.forgets]);
      continue;
    }
    // What stood side by side and still does is copied at once.
    let last = at;
    while (last + 1 < stock.length && stock[last + 1] === one + last + 1 - at) last++;
    const until = one + last + 1 - at;
    mtimes.set(old!.mtimes.subarray(one, until), at);
    sizes.set(old!.sizes.subarray(one, until), at);
    keys.set(old!.keys.subarray(one, until), at);
    fades.set(old!.fades.subarray(one, until), at);
    tiers.set(old!.columns[tierColumn]!.subarray(one, until), at);
    for (const [ordinal, name] of textNames.entries()) pieces[ordinal]!.push(before![name].slice(one, until));
    const { ends: endsBefore, bytes } = rowsOf(old!.columns);
    const start = one === 0 ? 0 : endsBefore[one - 1]!;
    rows.push(bytes.subarray(start, endsBefore[until - 1]));
    for (let from = one; from < until; from++) {
      ends[at + from - one] = end + endsBefore[from]! - start;
      const link = linksBefore!.get(from);
      if (link) links.push([at + from - one, link[1], link[2]]);
    }
    end = ends[last]!;
    at = last;
  }
  const texts = byName((_, ordinal) => pieces[ordinal]!.flat());
  const { ordinals, order } = groupBySession(texts.session, texts.created);
  const columns = [
    ...[mtimes, sizes, keys, fades, ordinals, order, tiers].map(bytesOf),
    ...textNames.map((name) => Buffer.from(texts[name].join('\0'))),
    Buffer.from(JSON.stringify(links)),
    bytesOf(ends),
    Buffer.concat(rows, end),
  ];
  return shelfOf(columns, texts);
}

type TextName = (typeof textNames)[number];
export type Texts = Readonly<Record<TextName, string[]>>;

function textIn(columns: readonly Uint8Array[], name: TextName): string[] {
  const text = (columns[numberColumns + textNames.indexOf(name)] as Buffer).toString('utf8');
  return text === '' && columns[tierColumn]!.length === 0 ? [] : text.split('\0');
}

function byName(make: (name: TextName, ordinal: number) => string[]): Record<TextName, string[]> {
  return Object.fromEntries(textNames.map((name, ordinal) => [name, make(name, ordinal)])) as Record<
    TextName,
    string[]
  >;
}

function textsOf(columns: readonly Uint8Array[]): Texts {
  return byName((name) => textIn(columns, name));
}

function linksOf(columns: readonly Uint8Array[]): Links {
  return JSON.parse((columns[shelfColumns - 3] as Buffer).toString('utf8')) as Links;
}

function rowsOf(columns: readonly Uint8Array[]): { ends: Uint32Array; bytes: Buffer } {
  return { ends: numbersIn(Uint32Array, columns[shelfColumns - 2]!), bytes: columns[shelfColumns - 1] as Buffer };
}

/** The other way round: of columns that parseColumns gave. */
export function shelfOf(columns: readonly Uint8Array[], known?: Texts): Shelf {
  const [mtimes, sizes, keys, fades, ordinals, order, tiers] = columns as [Uint8Array, ...Uint8Array[]];
  const texts = once(() => known ?? textsOf(columns));
  const decoded: Excerpt[] = [];
  const rows = rowsOf(columns);
  const at = (place: number): Excerpt => (decoded[place] ??= decode(rows, place, tierIn(columns, place)));
  const keyColumn = numbersIn(Float64Array, keys!);
  const fadeColumn = numbersIn(Float64Array, fades!);
  return {
    entries: {
      count: tiers!.length,
      at,
      keyAt: (place) => keyColumn[place]!,
      fadesAt: (place) => fadeColumn[place]!,
      sessions: sessionsOf(numbersIn(Uint32Array, ordinals!), numbersIn(Uint32Array, order!)),
    },
    columns,
    edits: new Map(),
    mtimes: numbersIn(Float64Array, mtimes),
    sizes: numbersIn(Float64Array, sizes!),
    keys: keyColumn,
    fades: fadeColumn,
    tierAt: (place) => tierIn(columns, place),
    placesNaming: (text) => findRows(rows.bytes, rows.ends, Buffer.from(JSON.stringify(text))),
    texts,
    // Asked alone for every look: the other texts stay as they are.
    paths: once(() => known?.path ?? textIn(columns, 'path')),
    thins: once(() => thinsOf(columns, texts())),
  };
}

/** Numbers of the rows that hold the bytes, in order. */
function findRows(rows: Buffer, ends: Uint32Array, bytes: Buffer): number[] {
  const found: number[] = [];
  let row = 0;
  for (let at = rows.indexOf(bytes); at !== -1; at = rows.indexOf(bytes, ends[row - 1])) {
    while (ends[row]! <= at) row++;
    found.push(row++);
    if (row >= ends.length) break;
  }
  return found;
}

export function thinsOf(columns: readonly Uint8Array[], texts: Texts): Thin[] {
  const { path, id, type, created, blob, branch } = texts;
  const none: string[] = [];
  const thins = path.map((_, at): Thin => {
    const thin: Thin = {
      path: path[at]!,
      tier: tierIn(columns, at),
      id: id[at]!,
      type: type[at] as Thin['type'],
      created: created[at]!,
      blob: blob[at]!,
      supersedes: none,
      forgets: none,
    };
    if (branch[at] !== '') thin.branch = branch[at]!;
    return thin;
  });
  for (const [at, supersedes, forgets] of linksOf(columns)) Object.assign(thins[at]!, { supersedes, forgets });
  return thins;
}

function tierIn(columns: readonly Uint8Array[], place: number): Tier {
  return columns[tierColumn]![place] === 1 ? 'local' : 'shared';
}

function decode({ ends, bytes }: ReturnType<typeof rowsOf>, place: number, tier: Tier): Excerpt {
  const text = bytes.toString('utf8', place === 0 ? 0 : ends[place - 1], ends[place]);
  const read = decodeRow(JSON.parse(text) as CatalogRow, tier);
  if ('problem' in read) throw new RangeError('shelf: a row without a record');
  return read.excerpt;
}

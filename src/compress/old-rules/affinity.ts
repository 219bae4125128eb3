// How near statements are to one another: by rare words, names, files and time.
import type { Statement, Story } from './statements.ts';
import { stemsOf } from './words.ts';

export type Vector = Map<string, number>;
export type Rarity = (stem: string) => number;

const nameWeight = 1.6;
const partWeight = 0.7;

/** Words by rarity. A name counts as a whole; its parts are in other names, too, and count less than plain words. */
export function vectorOf(statements: readonly Statement[], rarity: Rarity): Vector {
  const vector: Vector = new Map();
  for (const { stems, identifiers } of statements) {
    const coded = new Set(stemsOf(identifiers.join(' ')));
    const add = (word: string, weight: number): void => void vector.set(word, (vector.get(word) ?? 0) + weight);
    for (const stem of stems) add(stem, rarity(stem) * (coded.has(stem) ? partWeight : 1));
    for (const identifier of identifiers) {
      const name = bareName(identifier);
      if (name.length > 3) add(`=${name}`, nameWeight * Math.max(...stemsOf(identifier).map(rarity), 0));
    }
  }
  return vector;
}

export function cosineOf(a: Vector, b: Vector): number {
  let dot = 0;
  let [normA, normB] = [0, 0];
  for (const [stem, weight] of a) {
    normA += weight ** 2;
    dot += weight * (b.get(stem) ?? 0);
  }
  for (const weight of b.values()) normB += weight ** 2;
  return dot === 0 ? 0 : dot / Math.sqrt(normA * normB);
}

/** `Mod.name(args)`, `:name` and `name/2` are one name. */
function bareName(identifier: string): string {
  return identifier
    .replace(/\(.*$|\/\d+$/g, '')
    .replace(/^.*[./:@]/, '')
    .toLowerCase();
}

/** Told from afar: its place in the session says nothing of the time it speaks of. */
export const isAway = ({ source }: Statement): boolean => ['summary', 'report', 'spec'].includes(source);

/** The stretch of work in which most of the edits of each path were made. */
export function editedIn(story: Story): (path: string) => number | undefined {
  const counts = new Map<string, Map<number, number>>();
  story.events.forEach((event, at) => {
    if (event.kind !== 'edit' || !event.ok) return;
    const episodes = counts.get(event.path) ?? new Map<number, number>();
    const episode = story.episodes[at] ?? 0;
    episodes.set(episode, (episodes.get(episode) ?? 0) + 1);
    counts.set(event.path, episodes);
  });
  return (path) => {
    const found = counts.get(path) ?? [...counts].find(([full]) => full.endsWith(`/${path}`))?.[1];
    return found && [...found].sort((a, b) => b[1] - a[1])[0]?.[0];
  };
}

/** The stretch of work that a statement speaks of; undefined when nothing tells. */
export function episodeOf(statement: Statement, editedAt: (path: string) => number | undefined): number | undefined {
  if (!isAway(statement)) return statement.episode;
  for (const path of statement.paths) {
    const episode = editedAt(path);
    if (episode !== undefined) return episode;
  }
  return undefined;
}

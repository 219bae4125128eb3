// A session has few shared places: topics that belong together share a record, so that what mattered is in one of them.
import { cosineOf, type Topic, type Vector } from './topics.ts';
import { rarityOf } from './score.ts';
import type { Statement } from './statements.ts';
import { stemsOf } from './words.ts';

/** Topics that have less in common than this stay apart. */
const minAffinity = 0.13;

export function centerOf(topic: Topic, rarity: (stem: string) => number): Vector {
  const center: Vector = new Map();
  for (const member of topic.members) {
    const weight = member === topic.seed ? 2 : 1;
    const coded = new Set(stemsOf(member.identifiers.join(' ')));
    for (const stem of member.stems)
      center.set(stem, (center.get(stem) ?? 0) + weight * rarity(stem) * (coded.has(stem) ? 1.5 : 1));
  }
  return center;
}

export const sizeOf = (topic: Topic): number => topic.members.reduce((sum, member) => sum + member.text.length + 6, 0);

/** Work that was done right before or after, and what was learned on the way to a commit, belong together. */
function nearness(a: Topic, b: Topic): number {
  const steps = Math.abs(a.seed.episode - b.seed.episode);
  if (a.kind === 'work' && b.kind === 'work') return steps === 1 ? 0.1 : 0;
  return steps === 0 && a.seed.source !== 'summary' && b.seed.source !== 'summary' ? 0.15 : 0;
}

/**
 * Merges the most related cores while there are more than places; what has too little in common or would overfill a record stays
 * apart. The first of two in the list gives the record its name.
 */
export function mergeTopics(
  topics: readonly Topic[],
  statements: readonly Statement[],
  { places, maxChars }: { places: number; maxChars: number },
): Topic[] {
  const rarity = rarityOf(statements);
  const centers = new Map(topics.map((topic) => [topic, centerOf(topic, rarity)]));
  const merged = [...topics];
  while (merged.length > places) {
    let best: { a: Topic; b: Topic; affinity: number } | undefined;
    merged.forEach((a, index) => {
      for (const b of merged.slice(index + 1)) {
        if (sizeOf(a) + sizeOf(b) > maxChars) continue;
        const affinity = cosineOf(centers.get(a)!, centers.get(b)!) + nearness(a, b);
        if (affinity >= (best?.affinity ?? minAffinity)) best = { a, b, affinity };
      }
    });
    if (best === undefined) return merged;
    const both: Topic = { ...best.a, members: [...best.a.members, ...best.b.members] };
    merged[merged.indexOf(best.a)] = both;
    merged.splice(merged.indexOf(best.b), 1);
    centers.set(both, centerOf(both, rarity));
  }
  return merged;
}

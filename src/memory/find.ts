// Search with the judgement of this repository: what may be found, what is only named.
import type { MemoryRecord } from '../domain/record.ts';
import { isTrusted } from '../domain/excerpt.ts';
import { runQuery, type Hit, type Query } from '../search/query.ts';
import type { Memory } from './open.ts';
import type { Judged, World } from './world.ts';

export interface Found extends Judged {
  hit: Hit;
}

/** Hits in order. Foreign ones are among them, to be named by id and date only; what belongs to another branch is not. */
export async function search(memory: Memory, world: World, query: Query): Promise<Found[]> {
  const hits = await runQuery(memory.place, world.catalog, query, {
    now: memory.env.now(),
    isTrusted: (excerpt) => world.isTrusted(excerpt),
    active: world.active,
    ...(world.index && { index: world.index }),
    isVisible: (excerpt) => world.byPath.get(excerpt.path)?.isHere ?? false,
  });
  return hits.flatMap((hit) => {
    const judged = world.byPath.get(hit.excerpt.path);
    return judged ? [{ ...judged, hit }] : [];
  });
}

/**
 * What a hit must show to be brought unasked, in words of the prompt that it holds and in the share of the prompt's information that they
 * make. Measured: ordinary requests ("fix the failing test") and prompts about other work share up to three words, seldom rare ones.
 */
const enough: readonly { words: number; coverage: number; score: number }[] = [
  { words: 7, coverage: 0.12, score: 0 },
  { words: 4, coverage: 0.2, score: 0 },
  { words: 3, coverage: 0.25, score: 70 },
];
/** Beside the best hit only those that come near it. */
const nearShare = 0.5;

/** Records that speak of a prompt, best first; only trusted observations. */
export async function findForPrompt(memory: Memory, world: World, prompt: string): Promise<Judged[]> {
  const found = await search(memory, world, { text: prompt.slice(0, 2000), limit: 10 });
  const telling = found.filter(
    ({ excerpt, trust, hit }) =>
      isTrusted(trust) &&
      excerpt.type !== 'session' &&
      enough.some(
        ({ words, coverage, score }) => hit.why.length >= words && hit.coverage >= coverage && hit.score >= score,
      ),
  );
  const least = (telling[0]?.hit.score ?? 0) * nearShare;
  return telling.filter(({ hit }) => hit.score >= least);
}

/** The trusted records that are most like a statement. */
export async function findSimilar(
  memory: Memory,
  world: World,
  statement: Pick<MemoryRecord, 'title' | 'description'>,
  limit: number,
): Promise<Judged[]> {
  const found = await search(memory, world, { text: `${statement.title} ${statement.description}`, limit });
  return found.filter(({ excerpt, trust }) => isTrusted(trust) && excerpt.type !== 'session');
}

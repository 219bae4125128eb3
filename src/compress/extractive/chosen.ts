// The records that a whole session leaves to everybody: its commits and its best lessons, merged into the few shared places, then
// filled with what belongs to them.
import { mergeTopics, centerOf, sizeOf } from './merge.ts';
import { rarityOf, isRepeat } from './score.ts';
import type { Statement, Story } from './statements.ts';
import {
  beginWork,
  canLead,
  closenessOf,
  cosineOf,
  isLesson,
  minAffinity,
  minMemberScore,
  type Topic,
  vectorOf,
  workSeeds,
} from './topics.ts';

/** What a file spends on everything but its statements, in bytes. */
const overheadBytes = 500;
/** Of the places' room: what seeds and commits take before the rest is filled in. */
const coreShare = 0.62;
/** Room that is left takes in what is further off. */
const looseAffinity = 0.2;
const maxima: Record<string, number> = { spec: 2, proof: 1, noise: 1 };

function coresOf(story: Story, statements: readonly Statement[], maxChars: number, places: number): Topic[] {
  const pool = new Set(statements);
  const work = workSeeds(story, statements)
    .filter((seed) => seed.source !== 'text')
    .sort((a, b) => Number(b.detail === 'subject') - Number(a.detail === 'subject'));
  for (const seed of work) pool.delete(seed);
  const cores = work.map((seed) => beginWork(seed, pool));
  let room = maxChars * places * coreShare - cores.reduce((sum, core) => sum + sizeOf(core), 0);
  const lessons = [...pool]
    .filter((seed) => isLesson(seed) && !seed.isPlan && canLead(seed) && isNaming(seed))
    .sort((a, b) => rankOf(b) - rankOf(a));
  for (const seed of lessons) {
    if (room < seed.text.length) break;
    const isTold = cores.some(({ members }) => members.some((member) => isRepeat(member, seed)));
    if (isTold && seed.source !== 'answer') continue;
    cores.push({ seed, members: [seed], kind: 'lesson' });
    room -= seed.text.length + 6;
  }
  return cores;
}

/** Names something, or was said by the user: else it cannot be understood alone. */
const isNaming = ({ source, identifiers }: Statement): boolean =>
  identifiers.length > 0 || source === 'answer' || source === 'prompt';

/** What the user decided comes first: nobody can find it out again. */
const rankOf = ({ source, score }: Statement): number => score + (source === 'answer' ? 3 : 0);

/** Each statement goes where it belongs most, the most wanted ones first. */
function fill(topics: readonly Topic[], statements: readonly Statement[], maxChars: number, least: number): void {
  const rarity = rarityOf(statements);
  const taken = new Set(topics.flatMap(({ members }) => members));
  const seeds = new Map(
    topics.map((topic) => [
      topic,
      topic.members.filter((member) => member === topic.seed || member.detail === 'subject'),
    ]),
  );
  const centers = new Map(topics.map((topic) => [topic, centerOf(topic, rarity)]));
  const waiting = statements
    .filter((one) => !taken.has(one) && !one.isPlan && one.source !== 'prompt' && one.score >= minMemberScore)
    .sort((a, b) => b.score - a.score);
  for (const statement of waiting) {
    const vector = vectorOf(statement, rarity);
    let best: Topic | undefined;
    let closest = least;
    for (const topic of topics) {
      if (sizeOf(topic) + statement.text.length + 6 > maxChars) continue;
      const same = topic.members.filter((member) => member.source === statement.source).length;
      if (same >= (maxima[statement.source] ?? 99)) continue;
      const cosine = cosineOf(vector, centers.get(topic)!);
      const closeness = Math.max(
        ...seeds.get(topic)!.map((seed) => closenessOf({ ...topic, seed, kind: kindOf(seed) }, statement, cosine)),
      );
      if (closeness > closest) [best, closest] = [topic, closeness];
    }
    if (best?.members.some((member) => isRepeat(member, statement)) !== false) continue;
    best.members.push(statement);
  }
}

const kindOf = (seed: Statement): Topic['kind'] =>
  seed.detail === 'subject' || seed.source === 'closing' || seed.source === 'reason' ? 'work' : 'lesson';

/** Who gets a place where not all do: what the user decided, what was committed, what weighs most. */
function worthOf({ members }: Topic): number {
  const has = (test: (member: Statement) => boolean): number => Number(members.some(test));
  const weight = members.reduce((sum, { score }) => sum + Math.max(0, score - 1.2), 0);
  return has(({ source }) => source === 'answer') * 40 + has(({ detail }) => detail === 'subject') * 20 + weight;
}

/** At most as many as there are places. */
export function chooseTopics(
  story: Story,
  statements: readonly Statement[],
  caps: { records: number; bytes: number },
): Topic[] {
  const maxChars = Math.floor(caps.bytes / Math.max(1, caps.records)) - overheadBytes;
  const cores = coresOf(story, statements, maxChars, caps.records);
  const merged = mergeTopics(cores, statements, { places: caps.records, maxChars: maxChars * 0.8 });
  const chosen = merged
    .toSorted((a, b) => worthOf(b) - worthOf(a))
    .slice(0, caps.records)
    .map((topic): Topic => ({ ...topic, isChosen: true }));
  for (const least of [minAffinity, looseAffinity]) fill(chosen, statements, maxChars, least);
  return chosen;
}

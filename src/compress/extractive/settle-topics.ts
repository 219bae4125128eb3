// What is done to topics once they have grown: small errors are listed, lessons that met are joined, what is too thin is folded in, and
// the few shared places are given away.
import { isDurable } from '../../domain/types.ts';
import { cosineOf, isAway } from './affinity.ts';
import type { Bundle } from './bundles.ts';
import { namesOf } from './corrections.ts';
import { typeOf } from './judge.ts';
import { sectionKind, type Statement } from './statements.ts';
import { isLesson, isProse } from './tellable.ts';
import { beginTopic, type Ground, isRetold, nearest, sizeOf, takeIn, type Topic, topicMaxChars } from './topic.ts';

/** Two lessons with this much in common (cosine) are one. */
const sameLesson = 0.3;
const sameNames = 2;
/** One modest sentence is no record where there are many. */
const thinScore = 4;
const fewTopics = 6;
/** What a file spends on everything but its statements. */
const overheadBytes = 600;
const chosenMaxChars = 2200;
/** A lesson of more than this stands alone. */
const foldedMaxChars = 620;

/** What a summary lists as errors and their cures, none enough for a record of its own: one list of them. */
export function errorDigests(waiting: Bundle[], ground: Ground): Topic[] {
  const lists = new Map<string, Bundle[]>();
  for (const bundle of waiting) {
    const { source, section, at } = bundle.best;
    if (source !== 'summary' || sectionKind(section) !== 'errors' || !/\S: \S/.test(bundle.best.text)) continue;
    lists.set(`${at} ${section}`, [...(lists.get(`${at} ${section}`) ?? []), bundle]);
  }
  return [...lists.values()]
    .filter((list) => list.length > 1)
    .map((list) => {
      for (const bundle of list) waiting.splice(waiting.indexOf(bundle), 1);
      const statements = list.flatMap((bundle) => bundle.statements);
      return { ...beginTopic({ statements, best: list[0]!.best }, ground), kind: 'digest' as const };
    });
}

const namesIn = ({ members }: Topic): Set<string> =>
  namesOf(
    members
      .filter(({ detail }) => detail !== 'in-vain')
      .map(({ text }) => text)
      .join('\n'),
  );

/** Names of some length that both speak of. */
function sharedNames(a: Topic, b: Topic): number {
  const names = namesIn(b);
  return [...namesIn(a)].filter((name) => names.has(name)).length;
}

/** Lessons that later statements have brought together. */
export function mergeLessons(topics: readonly Topic[], ground: Ground): Topic[] {
  const merged: Topic[] = [];
  for (const topic of topics) {
    const mate = merged.find(
      (other) =>
        other.kind === 'lesson' &&
        topic.kind === 'lesson' &&
        other.seed.source !== 'answer' &&
        topic.seed.source !== 'answer' &&
        sizeOf(other.members) + sizeOf(topic.members) <= topicMaxChars &&
        (cosineOf(other.center, topic.center) >= sameLesson || sharedNames(other, topic) >= sameNames),
    );
    if (mate) takeIn(mate, { statements: topic.members, best: topic.seed }, ground);
    else merged.push(topic);
  }
  return merged;
}

/** One modest sentence: it goes to the work that it was part of, or nowhere. */
export function foldThin(topics: Topic[], ground: Ground): Topic[] {
  const isThin = ({ kind, members: [seed, ...others] }: Topic): boolean =>
    kind === 'lesson' &&
    others.length === 0 &&
    !['answer', 'prompt', 'noise'].includes(seed!.source) &&
    (topics.length > fewTopics ? seed!.score < thinScore : !isLesson(seed!));
  const kept = topics.filter((topic) => !isThin(topic));
  for (const thin of topics.filter(isThin)) {
    const bundle = { statements: thin.members, best: thin.seed };
    const { topic, closeness } = nearest(kept, bundle, ground);
    if (topic && closeness >= 0.6) takeIn(topic, bundle, ground);
  }
  return kept;
}

/** Who gets a place where not all do: what the user decided, what was committed, what weighs most. */
export function placeTopics(
  topics: readonly Topic[],
  places: { records: number; bytes: number },
  ground: Ground,
): Topic[] {
  const canShare = (topic: Topic): boolean => isDurable(typeOf(topic, ground.story));
  const ranked = topics.toSorted((a, b) => weightOf(b) - weightOf(a));
  const best = ranked.filter(canShare).slice(0, places.records);
  const chosen = best.map((topic): Topic => ({ ...topic, isChosen: true }));
  const taken = (): number => chosen.reduce((sum, { members }) => sum + sizeOf(members) + overheadBytes, 0);
  const rest = ranked.filter(
    (topic) =>
      !best.includes(topic) &&
      !(taken() + sizeOf(topic.members) <= places.bytes && foldInto(chosen, topic, chosenMaxChars, ground)),
  );
  return [...chosen, ...rest];
}

function weightOf({ members, kind }: Topic): number {
  if (kind === 'report' || kind === 'pending') return -1;
  const has = (test: (member: Statement) => boolean): number => Number(members.some(test));
  const said = members.filter(isProse).reduce((sum, { score }) => sum + Math.max(0, score - 1.2), 0);
  const told = kind === 'digest' ? said / 2 : said;
  return (
    has(({ source }) => source === 'answer') * 20 +
    has(({ detail }) => detail === 'subject') * 6 +
    has(isLesson) * 3 +
    told
  );
}

/** A small lesson learned during chosen work, told among its facts: everybody gets it, and under the name of the work. */
function foldInto(chosen: readonly Topic[], topic: Topic, maxChars: number, ground: Ground): boolean {
  const { kind, members, seed } = topic;
  if (kind !== 'lesson' || ['answer', 'prompt', 'noise'].includes(seed.source)) return false;
  if (sizeOf(members) > foldedMaxChars) return false;
  const timed = members.find((member) => !isAway(member)) ?? seed;
  const bundle = { statements: members, best: timed };
  const open = chosen.filter((one) => sizeOf(one.members) + sizeOf(members) <= maxChars);
  const { topic: heir, closeness } = nearest(
    open.filter((one) => one.kind === 'work'),
    bundle,
    ground,
  );
  if (!heir || closeness < 1) return false;
  const news = members.filter((member) => !isRetold(member, heir.members));
  heir.members.push(...news.map((member) => (isProse(member) ? { ...member, isFolded: true } : member)));
  return true;
}

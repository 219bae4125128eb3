// What is done to topics once they have grown: small errors are listed, lessons that met are joined, what is too thin is folded in, and
// the few shared places are given away.
import { isDurable } from '../../domain/types.ts';
import { cosineOf, isAway } from './affinity.ts';
import type { Bundle } from './bundles.ts';
import { namesOf } from './corrections.ts';
import { commitTypes } from './cues.ts';
import { typeOf } from './judge.ts';
import { sectionKind, type Statement, type Story } from './statements.ts';
import { isFinding, isLesson, isProse } from './tellable.ts';
import { readSubject } from './titles.ts';
import { beginTopic, type Ground, isRetold, nearest, sizeOf, takeIn, type Topic, topicMaxChars } from './topic.ts';

/** Two lessons with this much in common (cosine) are one. */
const sameLesson = 0.3;
const relatedLesson = 0.12;
/** One modest sentence is no record where there are many. */
const thinScore = 4;
const fewTopics = 6;
const foldedCloseness = 0.6;
const mergedMaxChars = topicMaxChars + 250;
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

const explains = ({ cues }: Statement): boolean => cues.has('cause') || cues.has('cure');

/** What was found while a check failed, and what the closing text says of it. */
function isSameIncident(a: Statement, b: Statement, { failures }: Story): boolean {
  const [earlier, later] = a.at <= b.at ? [a, b] : [b, a];
  if (isAway(a) || isAway(b) || later.source !== 'closing' || earlier.source !== 'text') return false;
  const cured = failures.filter(({ curedAt }) => curedAt !== undefined && curedAt < later.at);
  const isOnly = new Set(cured.map(({ signature }) => signature)).size === 1;
  const isWithin = cured.some(({ at, curedAt }) => at <= earlier.at && earlier.at <= curedAt!);
  return isOnly && isWithin && explains(earlier) && explains(later) && later.episode - earlier.episode <= 1;
}

/** Two names in common, or one and some words, or many words. */
function isSameProblem(a: Topic, b: Topic): boolean {
  const names = namesIn(b);
  const shared = [...namesIn(a)].filter((name) => names.has(name));
  const cosine = cosineOf(a.center, b.center);
  return (
    cosine >= sameLesson || shared.length > 1 || (cosine >= relatedLesson && shared.some((name) => name.length > 9))
  );
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
        sizeOf(other.members) + sizeOf(topic.members) <= mergedMaxChars &&
        (isSameProblem(other, topic) || isSameIncident(other.seed, topic.seed, ground.story)),
    );
    if (mate) takeIn(mate, { statements: topic.members, best: topic.seed }, ground, mergedMaxChars);
    else merged.push(topic);
  }
  return merged;
}

const isFix = ({ seed }: Topic): boolean =>
  seed.detail === 'subject' && commitTypes[readSubject(seed.text).prefix as keyof typeof commitTypes] === 'bugfix';

/** The commit of a fix and the cause that was found for it are one record: the subject names it, the cause explains it. */
export function mergeFixes(topics: readonly Topic[], ground: Ground): Topic[] {
  const fixes = topics.filter(isFix);
  return topics.filter((topic) => {
    const { kind, seed, members } = topic;
    const isMended = ground.story.failures.some(
      ({ at, curedAt }) => curedAt !== undefined && at <= seed.at && seed.at <= curedAt + 1,
    );
    const isCause = kind === 'lesson' && !isAway(seed) && explains(seed) && (isMended || seed.source === 'closing');
    const mates = fixes.filter(
      (fix) =>
        fix.seed.episode === seed.episode || (seed.source === 'closing' && fix.seed.episode + 1 === seed.episode),
    );
    const fix = isCause && seed.source !== 'answer' && mates.length === 1 ? mates[0] : undefined;
    const isFull = fix && sizeOf(fix.members) + sizeOf(members) > mergedMaxChars;
    if (!fix || isFull) return true;
    takeIn(fix, { statements: members, best: seed }, ground, mergedMaxChars);
    return false;
  });
}

/** One modest sentence: it goes to the work that it was part of, or nowhere. */
export function foldThin(topics: Topic[], ground: Ground): Topic[] {
  const isThin = ({ kind, members: [seed, ...others] }: Topic): boolean =>
    kind === 'lesson' &&
    others.length === 0 &&
    !['answer', 'prompt', 'noise'].includes(seed!.source) &&
    (topics.length > fewTopics ? seed!.score < thinScore : !isLesson(seed!) && !isFinding(seed!));
  const kept = topics.filter((topic) => !isThin(topic));
  for (const thin of topics.filter(isThin)) {
    const bundle = { statements: thin.members, best: thin.seed };
    const { topic, closeness } = nearest(kept, bundle, ground);
    // Where it belongs and finds no room, it stands alone after all.
    if (topic && closeness >= foldedCloseness && !takeIn(topic, bundle, ground)) kept.push(thin);
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

/** A cause that was found while a check failed says so: what it tells of was mended since. */
function foldedFrom(member: Statement, { failures }: Story): Statement {
  const failure = failures.findLast(
    ({ at, curedAt }) => !isAway(member) && at < member.at && curedAt !== undefined && member.at < curedAt,
  );
  const text = failure ? `While \`${failure.command}\` failed: ${member.text}` : member.text;
  return { ...member, text, isFolded: true };
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
  heir.members.push(...news.map((member) => (isProse(member) ? foldedFrom(member, ground.story) : member)));
  return true;
}

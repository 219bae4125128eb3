// A topic while it grows: what it holds, where its middle is, how near something is to it.
import { cosineOf, episodeOf, isAway, type Rarity, type Vector, vectorOf } from './affinity.ts';
import type { Bundle } from './bundles.ts';
import { isRepeat } from './score.ts';
import type { Statement, Story } from './statements.ts';
import { allTasks } from './tasks.ts';
import { isLesson, lessonCues } from './tellable.ts';
import { containment, identifiersOf, remembered, stemsOf } from './words.ts';

export interface Topic {
  /** One of the session's best: it takes a shared place. */
  isChosen?: boolean;
  seed: Statement;
  members: Statement[];
  /** Ids of the session's own earlier records that this one says in full, and more. */
  supersedes?: string[];
  /** `digest`: small errors and their cures; `report`: what a subagent found; `pending`: where work stood when the host compacted. */
  kind: 'work' | 'lesson' | 'digest' | 'report' | 'pending';
  center: Vector;
}

/** What one record may hold, in characters of statements: keeps a file near 2 KB. */
export const topicMaxChars = 1300;
const minWorkAffinity = 0.38;
const minLessonAffinity = 0.48;

/** Characters of statements as they are rendered: what stands before several is said once. */
export function sizeOf(members: readonly Statement[]): number {
  const said = new Set<string>();
  return members.reduce((sum, { text, lead, at, source, paths }) => {
    const head = source === 'edit' ? (paths[0] ?? '') : lead;
    const isSaid = head !== '' && said.has(`${at} ${head}`);
    said.add(`${at} ${head}`);
    return sum + text.length + 4 - (isSaid ? head.length : 0);
  }, 0);
}

/** Nothing but what the topic says already, in other words. */
export function isRetold(statement: Statement, members: readonly Statement[]): boolean {
  // The longer of two says more.
  const isLonger = (member: Statement): boolean => statement.stems.size <= member.stems.size * 1.3;
  if (members.some((member) => isLonger(member) && isRepeat(member, statement))) return true;
  if (statement.source === 'answer' || statement.detail === 'in-vain') return false;
  const { stems, names } = ownWords(statement);
  const told = new Set(members.flatMap((member) => [...member.stems]));
  const isLessonLike = lessonCues.some((cue) => statement.cues.has(cue));
  if (containment(stems, told) < (isLessonLike ? 0.75 : 0.5)) return false;
  const flat = members.map(squashed).join(' ');
  return names.every((name) => flat.includes(squash(name)) || stemsOf(name).every((stem) => told.has(stem)));
}

/** What it says beyond its list's parent; two plain words with a stroke between them are no name. */
const ownWords = remembered(({ text, lead }: Statement) => {
  const own = text.slice(lead.length).replaceAll(allTasks, '');
  const names = identifiersOf(own).filter((name) => !/^[a-z]+\/[a-z]+$/.test(name));
  return { stems: new Set(stemsOf(own)), names };
});

const squashed = remembered(({ text }: Statement): string => squash(text));

const squash = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

export interface Ground {
  story: Story;
  rarity: Rarity;
  vector: (bundle: Bundle) => Vector;
  editedAt: (path: string) => number | undefined;
  /** The same check failed before the first and passed after the second. */
  isBetween: (at: number, seed: Statement) => boolean;
  /** Few topics: what was said during the work of one of them belongs to it. */
  isSmall: () => boolean;
  /** The stretch of work with which an earlier one was committed or closed. */
  endOf: (episode: number) => number;
}

function recenter(topic: Topic, { rarity }: Ground): void {
  topic.center = vectorOf([...topic.members, topic.seed], rarity);
}

/** How much a bundle belongs to a topic, 0 to about 2; what is enough is 1. */
function closenessOf(topic: Topic, bundle: Bundle, ground: Ground): number {
  const { seed } = topic;
  const { best } = bundle;
  if (best.source === 'commit') return 0;
  // What was tried before the finding that settled it.
  if (bundle.statements.some(({ settledBy }) => settledBy && topic.members.includes(settledBy))) return 2;
  if (best.detail === 'in-vain' && ground.isBetween(best.at, seed)) return 1.2;
  const cosine = cosineOf(ground.vector(bundle), topic.center);
  const episode = episodeOf(best, ground.editedAt);
  const isSame =
    episode !== undefined &&
    !isAway(seed) &&
    (episode === seed.episode ||
      ground.endOf(episode) === seed.episode ||
      (best.source === 'closing' && episode === seed.episode + 1 && cosine >= 0.1));
  const isBarred = best.source === 'closing' && cosine < 0.1;
  if (topic.kind === 'work')
    return isBarred ? 0 : (cosine * 1.6 + (isSame ? (ground.isSmall() ? minWorkAffinity : 0.3) : 0)) / minWorkAffinity;
  // A short session's closing text is one answer.
  if (ground.isSmall() && best.source === 'closing' && best.at === seed.at && best.task === undefined) return 1;
  const isSibling = best.lead !== '' && topic.members.some(({ lead, at }) => lead === best.lead && at === best.at);
  if (cosine < 0.1 && !isSibling) return 0;
  const near = isAway(seed) || isAway(best) ? 0 : Math.exp(-Math.abs(seed.at - best.at) / 6) * 0.5;
  return (cosine * 1.6 + near + (isSibling ? 0.3 : 0)) / minLessonAffinity;
}

/** Takes in what is news and fits, best first; false when nothing of a bundle did not fit but was news. */
export function takeIn(topic: Topic, { statements }: Bundle, ground: Ground, maxChars = topicMaxChars): boolean {
  let isTaken = false;
  let isNews = false;
  const left = new Set<number>();
  for (const statement of statements.toSorted((a, b) => b.score - a.score)) {
    const { source, at, identifiers, text } = statement;
    // The lesser sentences of a thought say little without its best one.
    if (source === 'text' && identifiers.length === 0 && left.has(at)) continue;
    const isKnown = isRetold(statement, topic.members);
    isNews ||= !isKnown;
    if (isKnown || sizeOf(topic.members) + text.length > maxChars) {
      left.add(at);
      continue;
    }
    topic.members.push(statement);
    isTaken = true;
  }
  if (isTaken) recenter(topic, ground);
  return isTaken || !isNews;
}

export function beginTopic({ statements, best }: Bundle, ground: Ground, isWork = false): Topic {
  const kind = best.source === 'commit' || (isWork && !isLesson(best)) ? 'work' : 'lesson';
  const topic: Topic = { seed: best, members: [best], kind, center: new Map() };
  // A commit has the first claim on its own message, in its order.
  for (const statement of statements) {
    const isTold =
      best.source === 'commit'
        ? topic.members.some((member) => isRepeat(member, statement))
        : isRetold(statement, topic.members);
    if (statement === best || isTold) continue;
    if (sizeOf(topic.members) + statement.text.length <= topicMaxChars) topic.members.push(statement);
  }
  recenter(topic, ground);
  return topic;
}

export function nearest(
  topics: readonly Topic[],
  bundle: Bundle,
  ground: Ground,
): { topic?: Topic; closeness: number } {
  let found: { topic?: Topic; closeness: number } = { closeness: 0 };
  for (const topic of topics) {
    const closeness = closenessOf(topic, bundle, ground);
    if (closeness > found.closeness) found = { topic, closeness };
  }
  return found;
}

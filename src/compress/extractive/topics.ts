// Which statements belong together. A topic grows from a seed (a commit, a closed task, a cause, a decision, a trap) and takes in the
// statements that are near it in time, in files and in words, best first, until the record is full.
import { hedge } from './cues.ts';
import { type Statement, type Story, sectionKind } from './statements.ts';
import { makeTitle } from './titles.ts';
import { rarityOf, isRepeat } from './score.ts';
import { containment, stemsOf } from './words.ts';

export interface Topic {
  /** One of the session's best: it takes a shared place. */
  isChosen?: boolean;
  seed: Statement;
  members: Statement[];
  /** Ids of the session's own earlier records that this one says in full, and more. */
  supersedes?: string[];
  /** `report`: what a subagent found; `pending`: where work stood when the host compacted. */
  kind: 'work' | 'lesson' | 'report' | 'pending';
}

/** What one record may hold, in characters of statements: keeps a file near 2 KB. */
export const topicMaxChars = 1550;
const lessonCues = ['cause', 'decision', 'trap', 'dead-end', 'security'] as const;
const minLessonScore = 3.6;
export const minAffinity = 0.42;
export const minMemberScore = 1.2;
const minReportScore = 1.9;
const listMaxChars = 900;
const likeShare = 0.6;

const lessonSources = new Set(['text', 'closing', 'summary']);

export function isLesson(statement: Statement, minScore = minLessonScore): boolean {
  if (statement.knownIn !== undefined) return false;
  if (statement.source === 'answer') return true;
  if (statement.source === 'prompt')
    return statement.cues.has('rule') && statement.stems.size > 3 && statement.text.length < 300;
  if (statement.detail === 'in-vain' || hedge.test(statement.text)) return false;
  if (statement.identifiers.length === 0 && statement.stems.size < 6) return false;
  if (!lessonSources.has(statement.source) || statement.score < minScore || statement.isPlan) return false;
  if (
    statement.source === 'summary' &&
    ['pending', 'messages', 'intent', 'now'].includes(sectionKind(statement.section) ?? '')
  )
    return false;
  if (statement.cues.has('proof') && !statement.cues.has('cause') && !statement.cues.has('cure')) return false;
  return (
    lessonCues.some((cue) => statement.cues.has(cue)) ||
    (statement.cues.has('cure') && sectionKind(statement.section) === 'errors')
  );
}

/** A whole title stands in it: one that is cut off promises more than it says. */
export function canLead(statement: Statement): boolean {
  const { source, identifiers, stems, text } = statement;
  const isTelling = identifiers.length > 0 || stems.size >= 6 || ['answer', 'prompt', 'commit'].includes(source);
  return isTelling && makeTitle(text)?.endsWith('…') === false;
}

/** Enough in common that a record of its own would tell the news twice. */
function isLike(statement: Statement, other: Statement): boolean {
  const [short, long] =
    statement.stems.size <= other.stems.size ? [statement.stems, other.stems] : [other.stems, statement.stems];
  return short.size > 3 && containment(short, long) >= likeShare;
}

/** How well a statement names a stretch of work: reasons of closed tasks best, counts of passing tests worst. */
function workRank(statement: Statement): number {
  const base = statement.source === 'reason' ? 6 : statement.source === 'closing' ? 3 : 0;
  return (
    base +
    statement.score +
    (statement.cues.has('cause') ? 1.5 : 0) -
    (/^\d|\btests? pass/.test(statement.text) ? 8 : 0)
  );
}

/** Commit subjects, else the best closing or reason of a stretch of work that changed files. */
export function workSeeds(
  story: Story,
  statements: readonly Statement[],
  told: readonly Statement[] = [],
): Statement[] {
  const seeds: Statement[] = [];
  const edited = new Set(
    story.events.flatMap((event, at) => (event.kind === 'edit' && event.ok ? [story.episodes[at] ?? 0] : [])),
  );
  for (const episode of edited) {
    const mine = statements.filter(
      (statement) =>
        statement.episode === episode || (statement.source === 'closing' && statement.episode === episode + 1),
    );
    const subjects = mine.filter((statement) => statement.detail === 'subject');
    if (subjects.length > 0) seeds.push(...subjects);
    else {
      const best = mine.filter(
        (statement) =>
          ['reason', 'closing', 'text'].includes(statement.source) &&
          !statement.isPlan &&
          statement.detail !== 'refused' &&
          statement.score >= minMemberScore &&
          statement.stems.size > 3 &&
          canLead(statement) &&
          !told.some((other) => other.source === 'commit' && isLike(statement, other)),
      );
      best.sort((a, b) => workRank(b) - workRank(a));
      if (best[0]) seeds.push(best[0]);
    }
  }
  return seeds;
}

export type Vector = Map<string, number>;

/** Words by rarity; those of identifiers count half as much again. */
export function vectorOf(statement: Statement, rarity: (stem: string) => number): Vector {
  const coded = new Set(stemsOf(statement.identifiers.join(' ')));
  return new Map([...statement.stems].map((stem) => [stem, rarity(stem) * (coded.has(stem) ? 1.5 : 1)]));
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

const isAway = (statement: Statement): boolean => ['summary', 'report', 'spec'].includes(statement.source);

/** How much a statement belongs to a topic, 0 to about 2. */
export function closenessOf(topic: Topic, other: Statement, cosine: number): number {
  const { seed } = topic;
  const isTimed = !isAway(seed) && !isAway(other);
  const sameEvent = seed.at === other.at && seed.source === other.source && seed.source !== 'summary';
  if (other.source === 'commit' && !sameEvent) return cosine > 0.35 ? cosine : 0;
  // What closes a stretch of work is said after the commit that ended it.
  const isClosing = seed.detail === 'subject' && other.source === 'closing' && other.episode === seed.episode + 1;
  const sameEpisode = isTimed && (seed.episode === other.episode || isClosing);
  if (topic.kind === 'work') return cosine * 1.6 + (sameEpisode ? 0.45 : 0) + (sameEvent ? 0.6 : 0);
  const isSibling =
    other.lead !== '' && topic.members.some((member) => member.lead === other.lead && member.at === other.at);
  const isFollowing =
    ['failure', 'proof', 'noise'].includes(other.source) ||
    (other.source === 'edit' && isTimed && other.at >= seed.at && other.at - seed.at <= 8);
  if (topic.kind === 'lesson' && cosine < 0.1 && !isSibling && !isFollowing) return 0;
  const near = isTimed ? Math.exp(-Math.abs(seed.at - other.at) / 8) * 0.5 : 0;
  return cosine * 1.6 + near + (sameEpisode ? 0.25 : 0) + (sameEvent ? 0.2 : 0) + (isSibling ? 0.4 : 0);
}

function grow(topic: Topic, pool: Set<Statement>, vectors: ReadonlyMap<Statement, Vector>): void {
  const center: Vector = new Map();
  const addToCenter = (statement: Statement, weight: number): void => {
    for (const [stem, value] of vectors.get(statement) ?? [])
      center.set(stem, (center.get(stem) ?? 0) + value * weight);
  };
  addToCenter(topic.seed, 1);
  for (const member of topic.members) if (member !== topic.seed) addToCenter(member, 0.25);
  let chars = topic.members.reduce((sum, member) => sum + member.text.length + 6, 0);
  const passed = new Set<Statement>();
  const counts = { spec: 0, proof: 0 } as Record<string, number>;
  const maxima = { spec: 3, proof: 1 } as Record<string, number>;
  for (;;) {
    let best: Statement | undefined;
    let bestWorth = 0;
    for (const statement of pool) {
      if (statement.score < minMemberScore || passed.has(statement) || chars + statement.text.length > topicMaxChars)
        continue;
      if (statement.isPlan && topic.kind === 'lesson' && statement.at !== topic.seed.at) continue;
      if ((counts[statement.source] ?? 0) >= (maxima[statement.source] ?? 99)) continue;
      const closeness = closenessOf(topic, statement, cosineOf(vectors.get(statement)!, center));
      if (closeness < minAffinity) continue;
      const worth = closeness * statement.score;
      if (worth > bestWorth) [best, bestWorth] = [statement, worth];
    }
    if (!best) return;
    passed.add(best);
    const found = best;
    if (topic.members.some((member) => isRepeat(member, found))) continue;
    topic.members.push(best);
    pool.delete(best);
    counts[best.source] = (counts[best.source] ?? 0) + 1;
    chars += best.text.length + 6;
    addToCenter(best, 0.25);
  }
}

/** A commit has the first claim on its own message. */
export function beginWork(seed: Statement, pool: Set<Statement>): Topic {
  const topic: Topic = { seed, members: [seed], kind: 'work' };
  if (seed.detail !== 'subject') return topic;
  let chars = seed.text.length;
  for (const statement of pool) {
    if (statement.source !== 'commit' || statement.at !== seed.at) continue;
    if (chars + statement.text.length > topicMaxChars) break;
    topic.members.push(statement);
    pool.delete(statement);
    chars += statement.text.length + 6;
  }
  return topic;
}

/** Topics of these statements, in the order of their worth; at most `maxTopics`. */
export function findTopics(
  story: Story,
  statements: readonly Statement[],
  maxTopics: number,
  { minScore = minLessonScore, told = [] as readonly Statement[] } = {},
): Topic[] {
  const rarity = rarityOf(statements);
  const pool = new Set(statements.filter((statement) => statement.source !== 'prompt' || isLesson(statement)));
  const vectors = new Map(statements.map((statement) => [statement, vectorOf(statement, rarity)]));
  const topics: Topic[] = [];
  const work = workSeeds(story, statements, told);
  const lessons = statements
    .filter(
      (statement) =>
        isLesson(statement, minScore) &&
        !work.includes(statement) &&
        canLead(statement) &&
        !told.some((other) => isLike(statement, other)),
    )
    .sort((a, b) => b.score - a.score);
  for (const seed of work) pool.delete(seed);
  const begun = new Map(work.map((seed) => [seed, beginWork(seed, pool)]));
  const early = work.filter(
    (seed) => seed.source === 'closing' && (['cause', 'cure', 'decision'] as const).some((cue) => seed.cues.has(cue)),
  );
  for (const seed of early) {
    const topic = begun.get(seed)!;
    grow(topic, pool, vectors);
    topics.push(topic);
  }
  const roomForLessons = Math.max(2, maxTopics - work.length);
  for (const seed of lessons) {
    if (topics.length >= roomForLessons) break;
    if (!pool.has(seed)) continue;
    pool.delete(seed);
    const topic: Topic = { seed, members: [seed], kind: 'lesson' };
    topics.push(topic);
    grow(topic, pool, vectors);
  }
  for (const seed of work) {
    if (early.includes(seed)) continue;
    const topic = begun.get(seed)!;
    grow(topic, pool, vectors);
    topics.push(topic);
  }
  return [...topics, ...listTopics(story, pool)];
}

/** What is a list by nature: a subagent's findings, and what a compaction found pending. Taken as they stand, best first. */
function listTopics(story: Story, pool: ReadonlySet<Statement>): Topic[] {
  const topics: Topic[] = [];
  story.events.forEach((event, at) => {
    if (event.kind !== 'report' && event.kind !== 'summary') return;
    const isPending = event.kind === 'summary';
    const mine = [...pool].filter(
      (statement) =>
        statement.at === at &&
        statement.source === event.kind &&
        (isPending ? sectionKind(statement.section) === 'pending' : statement.score >= minReportScore),
    );
    mine.sort((a, b) => b.score - a.score);
    const members: Statement[] = [];
    let chars = 0;
    for (const statement of mine) {
      if (chars + statement.text.length > listMaxChars) continue;
      members.push(statement);
      chars += statement.text.length + 6;
    }
    if (members[0] && members.length > 1)
      topics.push({ seed: members[0], members, kind: isPending ? 'pending' : 'report' });
  });
  return topics;
}

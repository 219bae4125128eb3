// Which statements belong together. A topic grows from a seed (a commit, a closed task, a cause, a decision, a trap) and takes in the
// statements that are near it in time, in files and in words, best first, until the record is full.
import { type Statement, type Story, sectionKind } from './statements.ts';
import { makeTitle } from './titles.ts';
import { rarityOf, saysTheSame } from './score.ts';

export interface Topic {
  seed: Statement;
  members: Statement[];
  kind: 'work' | 'lesson';
}

/** What one record may hold, in characters of statements: keeps a file near 2 KB. */
const topicMaxChars = 1350;
const lessonCues = ['cause', 'decision', 'trap', 'dead-end', 'security'] as const;
const minLessonScore = 3.6;
const minAffinity = 0.42;

const lessonSources = new Set(['text', 'closing', 'summary', 'answer', 'reason', 'commit', 'report']);

function isLesson(statement: Statement): boolean {
  if (statement.source === 'answer') return true;
  if (statement.source === 'prompt')
    return statement.cues.has('rule') && statement.stems.size > 3 && statement.text.length < 300;
  if (!lessonSources.has(statement.source) || statement.detail === 'subject') return false;
  if (statement.score < minLessonScore) return false;
  if (
    statement.source === 'summary' &&
    ['pending', 'messages', 'intent', 'now'].includes(sectionKind(statement.section) ?? '')
  )
    return false;
  return (
    lessonCues.some((cue) => statement.cues.has(cue)) ||
    (statement.cues.has('cure') && sectionKind(statement.section) === 'errors')
  );
}

/** Commit subjects, else the best closing or reason of a stretch of work that changed files. */
function workSeeds(story: Story, statements: readonly Statement[]): Statement[] {
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
          ['reason', 'closing', 'text'].includes(statement.source) && makeTitle(statement.text) !== undefined,
      );
      const rank = { reason: 2, closing: 1 } as Record<string, number>;
      best.sort((a, b) => (rank[b.source] ?? 0) - (rank[a.source] ?? 0) || b.score - a.score);
      if (best[0]) seeds.push(best[0]);
    }
  }
  return seeds;
}

/** How much a statement belongs to a topic, 0 to about 2. */
function affinity(seed: Statement, other: Statement, kind: Topic['kind'], rarity: (stem: string) => number): number {
  let shared = 0;
  let own = 0;
  for (const stem of seed.stems) {
    own += rarity(stem) ** 2;
    if (other.stems.has(stem)) shared += rarity(stem) ** 2;
  }
  let theirs = 0;
  for (const stem of other.stems) theirs += rarity(stem) ** 2;
  const cosine = own > 0 && theirs > 0 ? shared / Math.sqrt(own * theirs) : 0;
  const sameEpisode = seed.episode === other.episode && seed.source !== 'summary' && other.source !== 'summary';
  const near = Math.exp(-Math.abs(seed.at - other.at) / 10);
  const isNeighbour = seed.at === other.at && (seed.source !== 'summary' || seed.section === other.section);
  return (
    cosine * 1.6 +
    (kind === 'work'
      ? sameEpisode
        ? 0.45
        : 0
      : (sameEpisode ? 0.1 : 0) + (seed.source === 'summary' || other.source === 'summary' ? 0 : near * 0.45)) +
    (isNeighbour && seed.source !== 'summary' ? 0.3 : 0)
  );
}

function grow(topic: Topic, pool: Set<Statement>, rarity: (stem: string) => number): void {
  const ranked = [...pool]
    .map((statement) => ({ statement, closeness: affinity(topic.seed, statement, topic.kind, rarity) }))
    .filter(
      ({ statement, closeness }) =>
        closeness >= minAffinity &&
        !(topic.kind === 'lesson' && isLesson(statement) && closeness < 0.75 && statement.score > 4.5),
    )
    .sort((a, b) => b.closeness * 0.9 * b.statement.score - a.closeness * 0.9 * a.statement.score);
  let chars = topic.seed.text.length;
  for (const { statement } of ranked) {
    if (statement.score < 1.2 || chars + statement.text.length > topicMaxChars) continue;
    if (topic.members.some((member) => saysTheSame(member.stems, statement.stems))) continue;
    if (statement.source === 'proof' && topic.members.some((member) => member.source === 'proof')) continue;
    topic.members.push(statement);
    pool.delete(statement);
    chars += statement.text.length + 6;
  }
}

/** Topics of these statements, in the order of their worth; at most `maxTopics`. */
export function findTopics(story: Story, statements: readonly Statement[], maxTopics: number): Topic[] {
  const rarity = rarityOf(statements);
  const pool = new Set(statements);
  const topics: Topic[] = [];
  const work = workSeeds(story, statements);
  const lessons = statements
    .filter((statement) => isLesson(statement) && !work.includes(statement) && makeTitle(statement.text) !== undefined)
    .sort((a, b) => b.score - a.score);
  for (const seed of work) pool.delete(seed);
  const roomForLessons = Math.max(2, maxTopics - work.length);
  for (const seed of lessons) {
    if (topics.length >= roomForLessons) break;
    if (!pool.has(seed)) continue;
    pool.delete(seed);
    const topic: Topic = { seed, members: [seed], kind: 'lesson' };
    topics.push(topic);
    grow(topic, pool, rarity);
  }
  for (const seed of work) {
    const topic: Topic = { seed, members: [seed], kind: 'work' };
    grow(topic, pool, rarity);
    topics.push(topic);
  }
  return topics;
}

// Which bundles belong together. A topic grows from a commit, a closed task, an answer or a lesson; whatever else was said goes where it
// belongs most, starts a topic of its own, or is dropped. No topic is widened to fill its room.
import { editedIn, isAway, vectorOf } from './affinity.ts';
import type { Bundle } from './bundles.ts';
import { attachEvidence } from './evidence-of-topic.ts';
import { listTopics } from './list-topics.ts';
import { rarityOf } from './score.ts';
import { errorDigests, foldThin, mergeFixes, mergeLessons, placeTopics } from './settle-topics.ts';
import type { Statement, Story } from './statements.ts';
import { canLead, isFinding, isLesson, isPath, tellableBundles, workBundles } from './tellable.ts';
import { beginTopic, type Ground, isRetold, nearest, takeIn, type Topic } from './topic.ts';
import { remembered } from './words.ts';

/** The commit that work ended in. */
function commitOf({ best }: Bundle, topics: readonly Topic[]): Topic | undefined {
  const commits = topics.filter(({ seed }) => seed.detail === 'subject' && seed.episode >= best.episode);
  return commits.sort((a, b) => a.seed.episode - b.seed.episode)[0];
}

const isStrong = ({ best }: Bundle): boolean => isLesson(best) && canLead(best);

const isGroup = ({ statements, best }: Bundle): boolean =>
  statements.length >= (isPath(best.lead) ? 4 : 3) && ['closing', 'reason', 'summary'].includes(best.source);

/** Which topics a bundle may join: a lesson joins lessons, what tells of one file joins the work on it. */
function rivalsOf(bundle: Bundle, topics: readonly Topic[]): Topic[] {
  const isFile = isPath(bundle.best.lead);
  const isLessonAlone = isStrong(bundle) && bundle.best.source !== 'closing';
  return topics.filter(({ kind }) => (isLessonAlone ? kind === 'lesson' : !isFile || kind === 'work'));
}

/** Topics of these statements; at most `maxTopics` and what is a list by nature. */
export function findTopics(
  story: Story,
  statements: readonly Statement[],
  maxTopics: number,
  places?: { records: number; bytes: number },
): Topic[] {
  const bundles = tellableBundles(statements);
  const ends: number[] = [];
  const rarity = rarityOf(statements);
  const vector = remembered(({ statements: mates }: Bundle) => vectorOf(mates, rarity));
  const ground: Ground = {
    story,
    rarity,
    vector,
    editedAt: editedIn(story),
    endOf: (episode) => Math.min(...ends.filter((end) => end >= episode)),
    isSmall: () => ends.length <= 1,
    isBetween: (at, seed) =>
      !isAway(seed) &&
      story.failures.some(
        (failure) =>
          failure.at <= at && at <= seed.at && failure.curedAt !== undefined && seed.at <= failure.curedAt + 2,
      ),
  };
  const begun = new Set([
    ...bundles.filter(({ best }) => best.detail === 'subject'),
    ...bundles.filter(({ best }) => best.source === 'answer'),
  ]);
  const works = workBundles(story, bundles).filter((bundle) => !begun.has(bundle));
  let topics: Topic[] = [...begun].map((bundle) => beginTopic(bundle, ground));
  for (const bundle of works) {
    // Of several tasks that one commit ended each is told; a single one is told by the commit.
    const commit = commitOf(bundle, topics);
    const isOnly = commit !== undefined && works.filter((work) => commitOf(work, topics) === commit).length === 1;
    if (isOnly) takeIn(commit, bundle, ground);
    else topics.push(beginTopic(bundle, ground, true));
  }
  ends.push(...topics.filter(({ kind }) => kind === 'work').map(({ seed }) => seed.episode));
  const rest = bundles.filter((bundle) => !begun.has(bundle) && !works.includes(bundle));
  const waiting: Bundle[] = [];
  for (const bundle of [...rest.filter(isStrong), ...rest.filter((one) => !isStrong(one))]) {
    const { topic, closeness } = nearest(rivalsOf(bundle, topics), bundle, ground);
    if (topic && closeness >= 1 && takeIn(topic, bundle, ground)) continue;
    const isRetelling = bundle.best.source === 'closing' && closeness >= 0.7 && topic?.seed.source === 'commit';
    const isGrouped = isGroup(bundle) && bundle.statements.some(canLead);
    const isModest = ground.isSmall() && isFinding(bundle.best) && canLead(bundle.best);
    const mayBegin = (isStrong(bundle) || isGrouped || isModest) && topics.length < maxTopics;
    if (isRetelling) continue;
    if (!mayBegin) waiting.push(bundle);
    else if (!topics.some(({ members }) => isRetold(bundle.best, members)))
      topics.push(beginTopic(bundle, ground, isGroup(bundle)));
  }
  for (const bundle of waiting.splice(0)) {
    const { topic, closeness } = nearest(rivalsOf(bundle, topics), bundle, ground);
    if (!topic || closeness < 1 || !takeIn(topic, bundle, ground)) waiting.push(bundle);
  }
  topics.push(...errorDigests(waiting, ground));
  topics = mergeFixes(mergeLessons(topics, ground), ground);
  const noise = statements
    .filter(({ source, detail }) => source === 'noise' && detail !== 'left')
    .map((one) => ({ statements: [one], best: one }));
  topics.push(...noise.map((bundle) => beginTopic(bundle, ground)));
  attachEvidence(story, topics, statements, ground.rarity);
  const all = [...foldThin(topics, ground), ...listTopics(story, statements)];
  return places === undefined ? all : placeTopics(all, places, ground).slice(0, maxTopics);
}

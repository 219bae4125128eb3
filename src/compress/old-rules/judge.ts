// What sort of record a topic is, and how sure.
import type { ObservationType } from '../../domain/types.ts';
import { type Cue, commitTypes } from './cues.ts';
import type { Story } from './statements.ts';
import { isPath, isProse } from './tellable.ts';
import { readSubject } from './titles.ts';
import type { Topic } from './topic.ts';

/** What sort of record a topic becomes. */
export function typeOf(topic: Topic, story: Story): ObservationType {
  const { seed } = topic;
  if (topic.kind === 'pending') return 'progress';
  if (topic.kind === 'report') return 'discovery';
  if (topic.kind === 'digest') return 'bugfix';
  if (topic.supersedes !== undefined && topic.kind === 'lesson' && (seed.cues.has('cause') || seed.cues.has('cure'))) {
    return 'bugfix';
  }
  if (seed.source === 'answer') return 'decision';
  if (seed.source === 'prompt') return 'pattern';
  if (topic.kind === 'work' && seed.source === 'summary') return isPath(seed.lead) ? 'change' : 'discovery';
  if (topic.kind === 'work') {
    const prefix = readSubject(seed.text).prefix;
    if (Object.hasOwn(commitTypes, prefix)) return commitTypes[prefix as keyof typeof commitTypes];
    const created = story.events.some(
      (event, at) => event.kind === 'edit' && event.ok && event.created && story.episodes[at] === seed.episode,
    );
    const wasBroken = story.failures.some(
      (failure) => failure.curedAt !== undefined && story.episodes[failure.at] === seed.episode,
    );
    if (wasBroken && (seed.cues.has('cure') || seed.cues.has('cause'))) return 'bugfix';
    const isBuilding = topic.members.some(
      ({ source, text }) =>
        source !== 'edit' &&
        source !== 'spec' &&
        /\b(?:implement|introduc|support|upgrad|enabl|creat|extract)\w*|\bnew\b|\badd(?:s|ed)?\b/i.test(text),
    );
    if (!isBuilding && seed.cues.has('decision')) return 'decision';
    if (!isBuilding && (seed.source === 'text' || seed.cues.has('trap') || seed.cues.has('dead-end'))) {
      return seed.cues.has('trap') || seed.cues.has('dead-end') ? 'gotcha' : 'change';
    }
    return created || isBuilding ? 'feature' : 'change';
  }
  if (seed.cues.has('security')) return 'security';
  if (seed.source === 'noise') return 'gotcha';
  const hasCue = (cue: Cue): boolean => topic.members.some((member) => isProse(member) && member.cues.has(cue));
  if (curedIn(topic, story) && hasCue('cure') && hasCue('cause')) return 'bugfix';
  if (seed.cues.has('decision') && seed.cues.has('cause') && !seed.cues.has('cure')) return 'decision';
  if (/^(?:[\w ]{3,30}: )?(?:fixed|resolved|solved|repaired|cured|corrected|behoben|gelöst)\b/i.test(seed.text))
    return 'bugfix';
  const isCured = curedIn(topic, story);
  if (isCured && (seed.cues.has('cause') || seed.cues.has('cure'))) return 'bugfix';
  if (seed.cues.has('dead-end') && !seed.cues.has('cure')) return 'dead-end';
  if (seed.cues.has('cause') && seed.cues.has('cure')) return 'bugfix';
  if (seed.cues.has('cure') && /\b\w+(?:Error|Exception)\b|\b(?:fail|undefined|broke|crash)\w*/i.test(seed.text))
    return 'bugfix';
  if (seed.cues.has('decision')) return 'decision';
  if (seed.cues.has('trap')) return 'gotcha';
  if (seed.cues.has('dead-end')) return 'dead-end';
  return seed.cues.has('cure') ? 'bugfix' : 'discovery';
}

function curedIn(topic: Topic, story: Story): boolean {
  if (topic.members.some(({ detail }) => detail === 'cured')) return true;
  return story.failures.some(
    (failure) =>
      failure.curedAt !== undefined &&
      topic.seed.source !== 'summary' &&
      topic.seed.at >= failure.at - 2 &&
      topic.seed.at <= failure.curedAt + 1,
  );
}

/** The work that the finding was part of was committed later. */
function commitsAfter(topic: Topic, story: Story): boolean {
  return story.events.some((event, at) => at > topic.seed.at && event.kind === 'command' && event.commit !== undefined);
}

/** 0.5 to 0.9, by what bears the topic out. */
export function confidenceOf(topic: Topic, story: Story): number {
  if (topic.seed.source === 'answer') return 0.9;
  if (curedIn(topic, story)) return 0.9;
  if (topic.seed.source === 'commit') return 0.85;
  if (topic.supersedes !== undefined && commitsAfter(topic, story)) return 0.8;
  const isTold = topic.kind === 'work' && topic.seed.source === 'text';
  if (!isTold && topic.members.some((member) => member.source === 'proof')) return 0.8;
  if (topic.seed.source === 'reason') return 0.75;
  return ['report', 'spec'].includes(topic.seed.source) ? 0.5 : 0.6;
}

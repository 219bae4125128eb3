// A session's events as scored statements that were still true when it ended.
import type { Event } from '../../domain/event.ts';
import { markAttempts, settleClaims } from './attempts.ts';
import { isOutdated } from './list-topics.ts';
import { isLasting } from './lasting.ts';
import { lessonCues } from './tellable.ts';
import { scoreStatements } from './score.ts';
import { readStory, type Statement, type Story } from './statements.ts';

export interface ToldStory extends Story {
  /** All that was said, what lasts and what does not. */
  said: readonly Statement[];
}

/** `others` are scored with them, as part of the same story. */
export function tellStory(events: readonly Event[], others: readonly Statement[] = []): ToldStory {
  const story = readStory(events);
  markAttempts(story);
  scoreStatements(story, others);
  settleClaims(story);
  const lastChange = story.events.findLastIndex(
    (event) => (event.kind === 'edit' && event.ok) || (event.kind === 'command' && event.commit !== undefined),
  );
  const outdated = new Set(
    story.events.flatMap((event, at) => (event.kind === 'report' && isOutdated(story, at, event.text) ? [at] : [])),
  );
  // What was seen while a check failed that passes now, and explains nothing.
  const isSymptom = ({ source, at, cues, identifiers }: Statement): boolean =>
    source === 'text' &&
    identifiers.length === 0 &&
    ![...lessonCues, 'cure' as const, 'rule' as const, 'fact' as const].some((cue) => cues.has(cue)) &&
    story.failures.some((failure) => failure.at < at && failure.curedAt !== undefined && at < failure.curedAt);
  const statements = story.statements.filter(
    (statement) =>
      isLasting(statement, statement.at > lastChange) &&
      !isSymptom(statement) &&
      !(statement.source === 'report' && outdated.has(statement.at)),
  );
  return { ...story, statements, said: story.statements };
}

// A session's events as scored statements that were still true when it ended.
import type { Event } from '../../domain/event.ts';
import { markAttempts, settleClaims } from './attempts.ts';
import { isOutdated } from './list-topics.ts';
import { isLasting } from './lasting.ts';
import { scoreStatements } from './score.ts';
import { readStory, type Statement, type Story } from './statements.ts';

/** `others` are scored with them, as part of the same story. */
export function tellStory(events: readonly Event[], others: readonly Statement[] = []): Story {
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
  const statements = story.statements.filter(
    ({ source, at, ...rest }) =>
      isLasting({ source, ...rest }, at > lastChange) && !(source === 'report' && outdated.has(at)),
  );
  return { ...story, statements };
}

import type { Event } from './event.ts';

/** Returns the event with `change` applied to every text written by a person, program or file; paths, ids and times are kept. */
export function mapTexts(event: Event, change: (text: string) => string): Event {
  switch (event.kind) {
    case 'prompt':
    case 'text':
    case 'summary':
      return { ...event, text: change(event.text) };
    case 'command':
      return {
        ...event,
        command: change(event.command),
        ...(event.description === undefined ? {} : { description: change(event.description) }),
        output: change(event.output),
        ...(event.commit ? { commit: { ...event.commit, message: change(event.commit.message) } } : {}),
      };
    case 'edit':
      return {
        ...event,
        hunks: event.hunks.map((hunk) => ({
          ...hunk,
          removed: hunk.removed.map(change),
          added: hunk.added.map(change),
        })),
        ...(event.error === undefined ? {} : { error: change(event.error) }),
      };
    case 'answer':
      return {
        ...event,
        question: change(event.question),
        answer: change(event.answer),
        ...(event.subject === undefined ? {} : { subject: change(event.subject) }),
        ...(event.why === undefined ? {} : { why: change(event.why) }),
        ...(event.others === undefined ? {} : { others: event.others.map(change) }),
      };
    case 'verdict':
      return { ...event, what: change(event.what), reason: change(event.reason) };
    case 'task':
      return { ...event, subject: change(event.subject) };
    case 'report':
      return { ...event, description: change(event.description), text: change(event.text) };
    case 'external':
      return { ...event, input: change(event.input), text: change(event.text) };
    case 'read':
    case 'boundary':
      return event;
  }
}

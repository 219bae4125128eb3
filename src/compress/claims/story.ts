// Which events are worth a request, and what is kept of them for the session's summary.
import type { Event } from '../../domain/event.ts';

/** Characters of a session's story; beyond it the least telling events go first. */
const storyMaxChars = 40_000;
/** A text of less says "done" or "I'll look at it". */
const tellingChars = 200;

const readOnlyCommand =
  /^\s*(?:ls|ll|cat|head|tail|less|pwd|cd|echo|which|file|stat|wc|tree|find|grep|rg|fd|sed -n|git (?:status|log|diff|show|branch|blame|rev-parse))\b[^>]*$/;

/** True when a turn holds something that a later session may need: never reading and listing alone. */
export function isWorthCompressing(events: readonly Event[]): boolean {
  return events.some((event) => {
    switch (event.kind) {
      case 'edit':
      case 'answer':
      case 'verdict':
      case 'summary':
        return true;
      case 'command':
        return event.commit !== undefined || !event.ok || !readOnlyCommand.test(event.command);
      case 'text':
        return event.text.length >= tellingChars;
      case 'report':
        return event.text.length >= tellingChars;
      case 'prompt':
        return event.text.length >= tellingChars;
      case 'task':
        return event.status === 'completed';
      case 'external':
      case 'read':
      case 'boundary':
        return false;
    }
    return false;
  });
}

function cut(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : `${text.slice(0, maxChars - 1).trimEnd()}…`;
}

/** One event in brief. */
function briefEvent(event: Event): Event | undefined {
  switch (event.kind) {
    case 'prompt':
      return { ...event, text: cut(event.text, 600) };
    case 'text':
      return { ...event, text: cut(event.text, event.isFinal === true ? 1_200 : 400) };
    case 'command':
      return { ...event, command: cut(event.command, 200), output: cut(event.output, event.ok ? 80 : 300) };
    case 'edit':
      return {
        ...event,
        hunks: event.hunks.slice(0, 3).map(({ start, lines }) => ({ start, lines, removed: [], added: [] })),
      };
    case 'answer':
      return { ...event, question: cut(event.question, 300), answer: cut(event.answer, 300) };
    case 'summary':
      return { ...event, text: cut(event.text, 4_000) };
    case 'report':
      return { ...event, text: cut(event.text, 400) };
    case 'task':
    case 'verdict':
      return event;
    case 'external':
    case 'read':
    case 'boundary':
      return undefined;
  }
  return undefined;
}

/** Less goes first when the story grows too long. */
export function worthOf(event: Event): number {
  if (event.kind === 'summary' || event.kind === 'answer' || event.kind === 'verdict' || event.kind === 'prompt')
    return 3;
  if (event.kind === 'text') return event.isFinal === true ? 3 : 1;
  if (event.kind === 'command') return event.commit === undefined ? (event.ok ? 0 : 1) : 3;
  return event.kind === 'task' || event.kind === 'report' ? 2 : 0;
}

/** The story with new events told in brief; the oldest of the least telling ones make room. */
export function growStory(story: readonly Event[], events: readonly Event[]): Event[] {
  const grown = [...story, ...events.flatMap((event) => briefEvent(event) ?? [])];
  const sizes = grown.map((event) => JSON.stringify(event).length);
  let over = sizes.reduce((sum, size) => sum + size, 0) - storyMaxChars;
  if (over <= 0) return grown;
  const gone = new Set<number>();
  const order = grown.map((event, index) => ({ index, worth: worthOf(event) }));
  for (const { index } of order.sort((a, b) => a.worth - b.worth || a.index - b.index)) {
    if (over <= 0) break;
    gone.add(index);
    over -= sizes[index] ?? 0;
  }
  return grown.filter((_, index) => !gone.has(index));
}

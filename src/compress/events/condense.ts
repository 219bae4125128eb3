import { mapTexts } from '../../domain/event-texts.ts';
import type { Event, Hunk } from '../../domain/event.ts';
import { cleanOutput, cutMiddle, cutOutput } from './cut.ts';

/** Size limits of an event, in characters (UTF-16 units) unless the name says otherwise. A failure's output is the most useful. */
export const condenseLimits = {
  prompt: 6000,
  text: 8000,
  summary: 24_000,
  report: 10_000,
  answer: 6000,
  task: 500,
  external: 3000,
  command: 4000,
  output: 2500,
  failedOutput: 5000,
  error: 500,
  call: 500,
  hunks: 20,
  hunkLines: 60,
  hunkLine: 300,
};
const limits = condenseLimits;

/** Cuts one event to size. Pure; a small event keeps its texts, except for terminal control codes in output. */
export function condense(event: Event): Event {
  switch (event.kind) {
    case 'command': {
      const output = cleanOutput(event.ok ? event.output : breakLines(event.output));
      const short = mapTexts({ ...event, output: '' }, (text) => cutMiddle(text, limits.command));
      return { ...short, output: cutOutput(output, event.ok ? limits.output : limits.failedOutput) };
    }
    case 'edit': {
      const error = event.error && cutMiddle(cleanOutput(event.error), limits.error);
      return { ...event, hunks: condenseHunks(event.hunks), error };
    }
    case 'read':
    case 'boundary':
      return event;
    case 'verdict':
      return { ...event, what: cutMiddle(event.what, limits.call), reason: cutMiddle(event.reason, limits.prompt) };
    case 'external':
      return mapTexts(event, (text) => cutMiddle(cleanOutput(text), limits.external));
    default:
      return mapTexts(event, (text) => cutMiddle(text, limits[event.kind]));
  }
}

/** Restores line breaks that were written as `\\n`, as in messages of git's and hosts' hooks. */
function breakLines(text: string): string {
  const written = text.split('\\n').length - 1;
  return written >= 2 && /\\n(?:\\n|\[|[A-Z])/.test(text) ? text.replaceAll('\\n', '\n') : text;
}

function condenseHunks(hunks: readonly Hunk[]): Hunk[] {
  let room = limits.hunkLines;
  return hunks.slice(0, limits.hunks).map((hunk) => {
    const added = cutLines(hunk.added, room, limits.hunkLine);
    room = Math.max(room - hunk.added.length, 4);
    const removed = cutLines(hunk.removed, Math.min(room, Math.ceil(limits.hunkLines / 2)), limits.hunkLine);
    room = Math.max(room - hunk.removed.length, 4);
    return { ...hunk, removed, added };
  });
}

/** Keeps the start of long lists of lines: declarations are there. */
function cutLines(lines: readonly string[], most: number, lineMaxChars: number): string[] {
  const kept = lines.slice(0, lines.length > most ? Math.max(most - 1, 1) : most);
  const shown = kept.map((line) => cutMiddle(line, lineMaxChars).replaceAll('\n', ' '));
  return kept.length < lines.length ? [...shown, `[… ${lines.length - kept.length} lines cut …]`] : shown;
}

// A session's events as statements: the one currency that scoring, topics and records deal in. Each is a stretch of the session's own
// words with where it came from.
import type { CommandEvent, Event } from '../../domain/event.ts';
import { type Cue, cuePatterns, imperative, intent, sectionKinds } from './cues.ts';
import { editFacts } from './edits.ts';
import { endsTask, markEpisodes } from './episodes.ts';
import {
  countsLine,
  type Failure,
  findFailures,
  isLooking,
  leftoverFiles,
  noiseLines,
  quoteCommand,
  verdictOf,
} from './evidence.ts';
import { plainSpoken } from './lasting.ts';
import { plainText, splitSentences, splitStatements, trimSentence } from './sentences.ts';
import { namedTask, taskIn } from './tasks.ts';
import { clip, identifiersOf, pathsOf, stemsOf } from './words.ts';

export type Source =
  | 'text'
  | 'closing'
  | 'commit'
  | 'reason'
  | 'summary'
  | 'report'
  | 'spec'
  | 'failure'
  | 'proof'
  | 'noise'
  | 'edit'
  | 'prompt'
  | 'answer';

export interface Statement {
  text: string;
  source: Source;
  /** Index of its event. */
  at: number;
  /** Which stretch of work it belongs to: commits, prompts and compactions end one. */
  episode: number;
  section: string;
  /** The parent of a list item, at the start of the text; '' when none. */
  lead: string;
  /** Paragraph or list item within its text. */
  block: number;
  isPlan: boolean;
  cues: ReadonlySet<Cue>;
  stems: ReadonlySet<string>;
  identifiers: readonly string[];
  paths: readonly string[];
  /** Kind of an edit fact; of a commit's `subject`; of the message of a `refused` commit. */
  detail?: string;
  /** Id of the task that it reports on, by a task tracker. */
  task?: string;
  /** It was a record of its own, too small to stand alone. */
  isFolded?: boolean;
  /** The later finding that settled what it tells of. */
  settledBy?: Statement;
  /** Id of the session's own earlier record that it comes from. */
  knownIn?: string;
  /** Place in the story. */
  order: number;
  /** Filled by score.ts. */
  score: number;
}

export interface Story {
  events: readonly Event[];
  statements: Statement[];
  failures: Failure[];
  /** All lines that edits added. */
  written: string;
  /** Episode of each event. */
  episodes: number[];
  /** What tasks are called, by their ids, the last word last. */
  taskNames: ReadonlyMap<string, readonly string[]>;
  /** Index of the last commit; -1 without one. */
  lastCommit: number;
}

/** Who may speak of itself. */
const isAssistant: ReadonlySet<Source> = new Set(['text', 'closing', 'reason', 'summary', 'report']);

export function makeStatement(
  text: string,
  source: Source,
  at: number,
  episode: number,
  extra: Partial<Statement> = {},
): Statement {
  const cues = new Set<Cue>();
  for (const cue of Object.keys(cuePatterns) as Cue[]) if (cuePatterns[cue].test(text)) cues.add(cue);
  return {
    text,
    source,
    at,
    episode,
    section: '',
    lead: '',
    block: 0,
    isPlan: false,
    cues,
    stems: new Set(stemsOf(text)),
    identifiers: identifiersOf(text),
    paths: pathsOf(text),
    order: -1,
    score: 0,
    ...extra,
  };
}

/** Long quoted prose among a command's arguments: reasons of closed tasks, bodies of pull requests. Not commit messages. */
function proseArguments(command: string): string[] {
  if (/\bgit commit\b/.test(command)) return [];
  const found: string[] = [];
  for (const match of command.matchAll(/(?:--?[\w-]+[= ])"((?:[^"\\]|\\.){40,})"|(?:--?[\w-]+[= ])'([^']{40,})'/g)) {
    const text = match[1] ?? match[2] ?? '';
    if (text.split(/\s+/).length > 7 && !/[{};|]|\$\(|=>/.test(text)) found.push(text);
  }
  return found;
}

/** Text that a tool of the project printed about a task: headed prose, not code and not a listing. */
function isSpec(output: string): boolean {
  return /^(?:#{1,4} |[A-Z][A-Z ]{5,}$)/m.test(output) && (output.match(/^\s*[-*] .{20,}$/gm)?.length ?? 0) >= 3;
}

const trailer = /^(?:Co-authored-by|Signed-off-by|Change-Id|Reviewed-by):|^🤖|Generated with/i;

/** Body lines of a commit message. */
const bodyOf = (message: string): string =>
  message
    .split('\n')
    .slice(1)
    .filter((line) => !trailer.test(line.trim()))
    .join('\n');

/** The message of a commit that a hook refused: it tells of the work all the same. */
function refusedMessage({ command, ok, commit }: CommandEvent): string {
  if (ok || commit || !/\bgit\b.*\bcommit\b/.test(command)) return '';
  const here = /<<-?\s*['"]?(\w+)['"]?\n([\s\S]*?)\n\s*\1\b/.exec(command)?.[2];
  return here ?? /\s-m\s+"((?:[^"\\]|\\.)*)"/.exec(command)?.[1] ?? /\s-m\s+'([^']*)'/.exec(command)?.[1] ?? '';
}

const withoutGlyphs = (output: string): string =>
  output
    .split('\n')
    .filter((line) => !/[○●◐◑◒◓↳↲←✓✔▶►│┃├└]/u.test(line))
    .join('\n');

export function isMachinePrompt(text: string): boolean {
  return /^\s*<(?:task-notification|system-reminder|command-name|local-command|bash-)/.test(text);
}

/** The last sentence says what comes next: the turn was interrupted, its last text closes nothing. */
function isCutOff(text: string): boolean {
  return intent.test(plainText(splitSentences(text.trim().split('\n').at(-1) ?? '').at(-1) ?? ''));
}

/** Everything that the events say, in order; nothing from turns whose prompt was private. */
export function readStory(all: readonly Event[]): Story {
  let isHidden = false;
  const events = all.filter((event) => {
    if (event.kind === 'prompt') isHidden = event.isPrivate === true;
    return !isHidden;
  });
  const episodes = markEpisodes(events);
  const failures = findFailures(events);
  const statements: Statement[] = [];
  const lastCommit = events.findLastIndex((event) => event.kind === 'command' && event.commit !== undefined);
  /** What a compaction found to do was done, or is told at the end. */
  const isWorkedOn = (at: number): boolean => lastCommit > at;
  const put = (text: string, source: Source, at: number, extra: Partial<Statement> = {}): void => {
    statements.push(makeStatement(text, source, at, episodes[at] ?? 0, extra));
  };
  const taskNames = new Map<string, string[]>();
  const nameTask = (text: string): void => {
    const [, id = '', name = ''] = namedTask.exec(text) ?? [];
    if (name !== '') taskNames.set(id, [...(taskNames.get(id) ?? []), name.replace(/^["“](.*)["”]$/, '$1')]);
  };
  const prose = (text: string, source: Source, at: number, detail?: string, task?: string): void => {
    for (const piece of splitStatements(text)) {
      const isStale = source === 'summary' && isWorkedOn(at) && imperative.test(piece.text);
      const isPlan =
        piece.isPlan ||
        isStale ||
        (source === 'text' && imperative.test(piece.text.replace(/^`?[\w./-]+`?\s*[—–:-]\s+/u, '')));
      const { section, lead, block } = piece;
      const said = isAssistant.has(source) ? plainSpoken(piece.text) : piece.text;
      nameTask(piece.lead || piece.text);
      const about = task ?? taskIn(lead === '' ? section : lead) ?? taskIn(said);
      put(said, source, at, { section, lead, block, isPlan, ...(detail && { detail }), ...(about && { task: about }) });
    }
  };
  events.forEach((event, at) => {
    switch (event.kind) {
      case 'text':
        prose(event.text, event.isFinal === true && !isCutOff(event.text) ? 'closing' : 'text', at);
        break;
      case 'report':
        prose(event.text, 'report', at);
        break;
      case 'summary':
        prose(event.text, 'summary', at);
        break;
      case 'answer':
        put(`${plainText(event.question)} — ${plainText(event.answer)}`, 'answer', at);
        break;
      case 'prompt':
        if (!isMachinePrompt(event.text)) prose(clip(event.text, 3000), 'prompt', at);
        break;
      case 'command': {
        if (event.commit) {
          put((event.commit.message.split('\n')[0] ?? '').trim(), 'commit', at, { detail: 'subject' });
          prose(bodyOf(event.commit.message), 'commit', at);
        }
        prose(bodyOf(refusedMessage(event)), 'reason', at, 'refused');
        for (const reason of proseArguments(event.command))
          prose(reason, 'reason', at, undefined, taskIn(event.command));
        if (event.ok && isSpec(event.output)) prose(withoutGlyphs(event.output), 'spec', at);
        if (!isLooking(event)) {
          for (const line of noiseLines(event))
            put(`Passing \`${quoteCommand(event.command)}\` still prints: ${line}`, 'noise', at);
          const line = verdictOf(event) === 'pass' && !endsTask.test(event.command) ? countsLine(event.output) : '';
          if (line !== '') put(`\`${quoteCommand(event.command)}\`: ${line}`, 'proof', at);
        }
        break;
      }
      default:
    }
  });
  for (const failure of failures) {
    const cure =
      failure.curedAt === undefined
        ? ''
        : ` → passed after edits in ${failure.editedPaths
            .slice(0, 3)
            .map((path) => `\`${path}\``)
            .join(', ')}`;
    put(`\`${failure.command}\` failed: ${failure.line}${cure}`, 'failure', failure.at, {
      detail: failure.curedAt === undefined ? 'open' : 'cured',
    });
  }
  for (const fact of editFacts(events))
    put(`\`${fact.path}\` ${fact.text}`, 'edit', fact.at, { paths: [fact.path], detail: fact.kind });
  const written = events
    .flatMap((event) => (event.kind === 'edit' && event.ok ? event.hunks.flatMap((hunk) => hunk.added) : []))
    .join('\n');
  const left = leftBehind(events);
  if (left)
    put(
      `\`git status\` after the last commit still shows ${left.paths.map((path) => `\`${path}\``).join(', ')}`,
      'noise',
      left.at,
      { episode: lastCommitEpisode(events, episodes), detail: 'left' },
    );
  statements.sort((a, b) => a.at - b.at).forEach((statement, order) => (statement.order = order));
  return { events, statements, failures, episodes, written, lastCommit, taskNames };
}

/** What sort of section a statement of a summary stands in. */
export function sectionKind(section: string): (typeof sectionKinds)[number]['kind'] | undefined {
  return sectionKinds.find((row) => row.pattern.test(section))?.kind;
}

function lastCommitEpisode(events: readonly Event[], episodes: readonly number[]): number {
  return episodes[events.findLastIndex((event) => event.kind === 'command' && event.commit !== undefined)] ?? 0;
}

/** Files that the last `git status` still showed as changed after the last commit. */
export function leftBehind(events: readonly Event[]): { at: number; paths: string[] } | undefined {
  const at = events.findLastIndex((event) => event.kind === 'command' && event.ok && leftoverFiles(event).length > 0);
  const event = events[at];
  if (event?.kind !== 'command') return undefined;
  const committed = events.slice(0, at).some((earlier) => earlier.kind === 'command' && earlier.commit !== undefined);
  const changedLater = events
    .slice(at)
    .some(
      (later) =>
        (later.kind === 'edit' && later.ok) ||
        (later.kind === 'command' &&
          (later.commit !== undefined || /\bgit status\b/.test(later.command)) &&
          later !== event),
    );
  return committed && !changedLater ? { at, paths: leftoverFiles(event).slice(0, 6) } : undefined;
}

/** A user's request as one line: the first sentence that is not a greeting. */
export function requestLine(text: string): string {
  const first = splitStatements(text)[0]?.text ?? trimSentence(text) ?? plainText(text);
  return clip(first, 200);
}

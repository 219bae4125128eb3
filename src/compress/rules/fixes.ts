// Failures that an edit cured, by strict evidence; and errors that the user reported and an edit answered.
import type { Draft } from '../../domain/draft.ts';
import { titleMaxChars } from '../../domain/record.ts';
import type { Edited, PreparedSession, Ran, Turn } from '../session/prepared-session.ts';
import { checkOf, failureLine, judgesCode } from '../session/command-results.ts';
import { citesOf, isReplaced, unique } from './edited-lines.ts';
import { isPromise, keepLines, keptLines } from './kept-text.ts';
import { makeDraft, type Worth } from './drafts.ts';
import { defect, mended, reason } from './words/language.ts';
import { isRemark } from './remarks.ts';
import type { Timeline } from './session-order.ts';
import { plain, readLines, splitSentences, writeLines } from './words/sentences.ts';
import { makeTitle } from './titles.ts';
import { fileNames, holdsName, shared, subjectOf } from './words/content-words.ts';
import { changesOf, isProse } from './work.ts';

/** What fails for such a reason is cured by no edit. */
const outside =
  /\b(?:ECONN\w+|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|EACCES|ENOSPC)\b|could not (?:resolve|connect)|connection (?:refused|reset|to server)|network|timed? ?out|unreachable|failed to download|command not found|permission denied|rate limit|no space left/i;
const keywords = new Set(
  'export const function return import from class async await static public private protected default extends new this self true false null undefined none let var for while else elif case switch break continue try catch except finally throw raise with string number boolean void type interface enum struct impl pub use mod match func package def end do lambda yield print test describe expect assert should'.split(
    ' ',
  ),
);
/** A test that was adapted cures nothing. */
const testPath = /(?:^|\/)(?:tests?|specs?|__tests__)\/|(?:^|\/)test_|[._-](?:test|spec)s?\./i;
/** A longer closing tells of more than one failure. */
const closingMaxChars = 1_500;

export function fixesOf(session: PreparedSession, timeline: Timeline): Draft[] {
  const drafts: Draft[] = [];
  for (const turn of session.turns) {
    drafts.push(...reported(turn, session, timeline));
    const fixed = new Set<string>();
    for (const [index, step] of turn.steps.entries()) {
      if (step.kind !== 'ran' || step.passedIn === undefined) continue;
      if (fixed.has(step.command) || !judgesCode(step.command) || outside.test(step.output)) continue;
      const edits = editsBetween(session, turn, index, step).filter((edit) => isNamed(edit, step.output));
      if (
        edits.every(({ path }) => testPath.test(path)) ||
        session.end.failing.some(({ command }) => checkOf(command) === checkOf(step.command))
      )
        continue;
      fixed.add(step.command);
      const passed = session.turns.find(({ number }) => number === step.passedIn);
      drafts.push(...cured(step, edits, passed ?? turn, session, timeline));
    }
  }
  return drafts;
}

/** Edits after the failure and before the same command passed; what was put back and comments alone do not count. */
function editsBetween(session: PreparedSession, turn: Turn, index: number, failure: Ran): Edited[] {
  const found: Edited[] = [];
  for (const each of session.turns.filter(({ number }) => number >= turn.number)) {
    for (const step of each === turn ? each.steps.slice(index + 1) : each.steps) {
      if (step.kind === 'ran' && step.ok && step.command === failure.command && step.unproven === undefined)
        return found;
      if (step.kind === 'edit' && isStanding(step, session)) found.push(step);
    }
  }
  return found;
}

const isStanding = (edit: Edited, session: PreparedSession): boolean =>
  isCode(edit) && !isReplaced(edit, session) && session.end.files.some(({ path }) => path === edit.path);

function isCode({ path, hunks }: Edited): boolean {
  const lines = hunks.flatMap(({ added, removed }) => [...added, ...removed]).filter((line) => line.trim() !== '');
  return !isProse(path) && lines.some((line) => !/^\s*(?:\/\/|#(?!\w)|\*|\/\*|--\s|<!--)/.test(line));
}

/** The failure's output holds the edited path, or a name of the edited lines. */
function isNamed({ path, hunks }: Edited, output: string): boolean {
  if (fileNames(path).some((name) => holdsName(output, name))) return true;
  const names = new Set(
    hunks.flatMap(({ removed, added }) => [...removed, ...added].join('\n').match(/[\p{L}_][\p{L}\p{N}_]{3,}/gu) ?? []),
  );
  return [...names].some((name) => !keywords.has(name.toLowerCase()) && holdsName(output, name));
}

function cured(
  failure: Ran,
  edits: readonly Edited[],
  turn: Turn,
  session: PreparedSession,
  timeline: Timeline,
): Draft[] {
  const check = failure.command.length > 120 ? 'The check' : `\`${failure.command.replaceAll('`', "'")}\``;
  const paths = edits.map(({ path }) => `\`${path}\``).filter(unique);
  const told = explain(turn, edits, failure.output, timeline);
  const proof = `${check} failed: ${failure.line}. It passed after the edit of ${paths.join(', ')}.`;
  const cure = told.cure === '' ? diagnosisOf(failure, edits[0]!, session) : told.cure;
  return bugfix('cured', turn, { ...told, cure }, proof, edits, session, failureTitle(failure, edits[0]!.path));
}

/** What the agent said of the failure right before the edit that cured it; '' when nothing. */
function diagnosisOf(failure: Ran, edit: Edited, { turns }: PreparedSession): string {
  const steps = turns.flatMap((turn) => turn.steps);
  const said = steps.slice(steps.indexOf(failure) + 1, steps.indexOf(edit)).findLast(({ kind }) => kind === 'said');
  if (said?.kind !== 'said') return '';
  const sentences = readLines(said.text).flatMap((line) => (line.kind === 'prose' ? line.sentences : []));
  const told = sentences.find((sentence) => isRemark(plain(sentence)) && !isPromise(sentence));
  return told === undefined ? '' : `was said before the edit: ${plain(told).replace(/[:：]$/, '')}`;
}

/** A line that says what went wrong, not how far a command had come. */
const saysFault =
  /error|exception|fail|undefined|undeclared|unknown|unexpected|expected|cannot|can't|could not|must|not |no such|missing|invalid|mismatch|panic|assert|traceback|warning|unused|denied|refused|duplicate|overflow|null|nil\b|≠|!=/i;

/** The agent told no cause that could be its title. */
export const isTitledByFailure = ({ title }: Draft): boolean => /\(cured in `[^`]+`\)$/.test(title);

/** The failure's own line with the file that cured it. Undefined where it does not say what failed. */
function failureTitle({ line }: Ran, path: string): string | undefined {
  if (!saysFault.test(line)) return undefined;
  const bare = line.replace(/^(?:\d+[.)]|Error:|error:)\s+/, '').replace(/[\s.:]+$/, '');
  const cures = fileNames(path).map((name) => ` (cured in \`${name}\`)`);
  const told = cures.map((cure) => [makeTitle(bare, true, titleMaxChars - cure.length)?.title, cure] as const);
  const [title, cure] = told.find(([text]) => text !== undefined) ?? [];
  return title === undefined ? undefined : `${title}${cure}`;
}

/** The user reported an error whose text names a file, the agent edited that file and says why. */
function reported(turn: Turn, session: PreparedSession, timeline: Timeline): Draft[] {
  const output = errorIn(turn);
  const edits = turn.steps.filter(
    (step): step is Edited => step.kind === 'edit' && isStanding(step, session) && isNamed(step, output),
  );
  const later = session.turns.filter(({ number }) => number > turn.number);
  const line = failureLine(output);
  if (edits.length === 0 || line === '' || later.some(({ prompt }) => prompt.includes(line))) return [];
  return bugfix('reported', turn, explain(turn, edits, output, timeline), `Reported: ${line}`, edits, session);
}

/** The error that the prompt pastes, or that a command reproduced before an edit after which a check passed. */
function errorIn({ prompt, steps }: Turn): string {
  const pasted = /\b(?:[A-Z]\w*)?(?:Error|Exception)\b\s*:|\bTraceback\b|^\s+at \S+ \(|\bpanicked at\b/m.test(prompt);
  if (pasted) return prompt;
  if (!defect.test(prompt)) return '';
  const edit = steps.findLastIndex(({ kind }) => kind === 'edit');
  const runs = steps.map((step) => (step.kind === 'ran' && step.unproven === undefined ? step : undefined));
  const isChecked = runs.slice(edit + 1).some((run) => run?.ok && checkOf(run.command) !== '');
  const reproduced = runs
    .slice(0, Math.max(0, edit))
    .find(
      (run) =>
        run?.ok === false &&
        judgesCode(run.command) &&
        !outside.test(run.output) &&
        shared(subjectOf(prompt), subjectOf(`${run.command}\n${run.line}`)) >= 1,
    );
  return isChecked ? (reproduced?.output ?? '') : '';
}

interface Explained {
  title: string | undefined;
  /** The sentence that tells the cure; '' where none does. */
  cure: string;
  body: string;
}

/** `title`: where the agent's words have none; without any nothing is kept. */
function bugfix(
  worth: Worth,
  turn: Turn,
  told: Explained,
  proof: string,
  edits: readonly Edited[],
  session: PreparedSession,
  title?: string,
): Draft[] {
  const named = told.title ?? title;
  if (named === undefined) return [];
  const facts = session.end.files.flatMap((net) =>
    changesOf(
      edits.filter(({ path }) => path === net.path),
      net,
    ),
  );
  const swaps = facts.filter((fact) => fact.startsWith('was')).slice(0, 2);
  return [
    makeDraft(worth, turn, 'bugfix', named, {
      description: told.cure === '' ? (swaps[0] ?? '') : told.cure,
      body: [told.body, proof].filter((text) => text !== '').join('\n\n'),
      facts: swaps,
      concepts: ['problem-solution'],
      cites: citesOf(edits, session),
    }),
  ];
}

/** The closing's sentence that names what was edited or what failed is the title; of the rest one tells the cure. */
function explain(turn: Turn, edits: readonly Edited[], output: string, timeline: Timeline): Explained {
  const none: Explained = { title: undefined, cure: '', body: '' };
  if (turn.closing.length > closingMaxChars) return none;
  const changed = edits.flatMap(({ hunks }) => hunks.flatMap(({ added, removed }) => [...added, ...removed]));
  const theme = subjectOf([...changed, ...edits.map(({ path }) => path), failureLine(output)].join('\n'));
  const isAbout = (sentence: string): boolean => shared(subjectOf(sentence), theme) >= 1;
  const lines = keptLines(turn.closing, timeline.closingAt(turn), timeline);
  // A closing that tells of much else tells the fault in a sentence that says so.
  const isShort = splitSentences(turn.closing).length <= 4;
  const saysCure = (sentence: string): boolean => isShort || mended.test(sentence) || reason.test(sentence);
  const kept = keepLines(lines, (sentence) => isAbout(sentence) && saysCure(sentence));
  const body = kept?.body ?? writeLines(lines.filter(({ sentences }) => sentences.some(isAbout)));
  const sentences = readLines(body).flatMap((line) => (line.kind === 'prose' ? line.sentences : []));
  const cure = sentences.find((sentence) => isAbout(sentence) || reason.test(sentence)) ?? '';
  // The cure is the gist: it is not told twice.
  const rest = cure === '' ? body : body.replace(cure, '').replace(/^\s+|(?<=\n) (?=\S)|(?<=\n)\s*\n(?=\n)/g, '');
  return { title: kept?.title.title, cure: plain(cure), body: rest.trim() };
}

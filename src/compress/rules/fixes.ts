// Failures that an edit cured, by strict evidence; and errors that the user reported and an edit answered.
import type { Draft } from '../../domain/draft.ts';
import { titleMaxChars } from '../../domain/record.ts';
import type { Edited, PreparedSession, Ran, Turn } from '../session/prepared-session.ts';
import { checkOf, failureLine, judgesCode } from '../session/commands.ts';
import { citesOf, unique } from './cites.ts';
import { keepText, makeDraft, type Kept } from './kept-text.ts';
import { defect } from './language.ts';
import type { Timeline } from './timeline.ts';
import { plain, readLines } from './sentences.ts';
import { makeTitle, type Title } from './titles.ts';
import { contentOf, fileNames, holdsName, shared, subjectOf } from './words.ts';

/** What fails for such a reason is cured by no edit. */
const outside =
  /\b(?:ECONN\w+|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|EACCES|ENOSPC)\b|could not (?:resolve|connect)|connection (?:refused|reset|to server)|network|timed? ?out|unreachable|failed to download|command not found|permission denied|rate limit|no space left/i;
const keywords = new Set(
  'export const function return import from class async await static public private protected default extends new this self true false null undefined none let var for while else elif case switch break continue try catch except finally throw raise with string number boolean void type interface enum struct impl pub use mod match func package def end do lambda yield print test describe expect assert should'.split(
    ' ',
  ),
);
const shownMaxChars = 160;
/** A longer closing tells of more than one failure. */
const closingMaxChars = 1_500;

export function fixesOf(session: PreparedSession, timeline: Timeline): Draft[] {
  const drafts: Draft[] = [];
  for (const turn of session.turns) {
    const fixed = new Set<string>();
    for (const [index, step] of turn.steps.entries()) {
      if (step.kind !== 'ran' || step.ok || step.passedIn === undefined || step.unproven !== undefined) continue;
      if (fixed.has(step.command) || !judgesCode(step.command) || outside.test(step.output)) continue;
      const edits = editsBetween(session, turn, index, step).filter((edit) => isNamed(edit, step.output));
      if (edits.length === 0 || session.end.failing.some(({ command }) => checkOf(command) === checkOf(step.command)))
        continue;
      fixed.add(step.command);
      const passed = session.turns.find(({ number }) => number === step.passedIn);
      drafts.push(...cured(step, edits, passed ?? turn, session, timeline));
    }
    if (fixed.size === 0) drafts.push(...reported(turn, session, timeline));
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
      if (step.kind === 'edit' && isCode(step) && session.end.files.some(({ path }) => path === step.path))
        found.push(step);
    }
  }
  return found;
}

function isCode({ path, hunks }: Edited): boolean {
  const lines = hunks.flatMap(({ added, removed }) => [...added, ...removed]).filter((line) => line.trim() !== '');
  return (
    !/\.(?:md|mdx|txt|rst|adoc)$/i.test(path) &&
    lines.some((line) => !/^\s*(?:\/\/|#(?!\w)|\*|\/\*|--\s|<!--)/.test(line))
  );
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
  const path = edits[0]!.path;
  const told = withCure(explanation(turn, edits, failure.output, timeline));
  const title = told?.title.title ?? failureTitle(failure, path);
  if (title === undefined) return [];
  const facts = changesOf(edits, session);
  const check = failure.command.length > 120 ? 'The check' : `\`${failure.command.replaceAll('`', "'")}\``;
  return [
    makeDraft('bugfix', title, {
      description: told?.cure ?? facts[0] ?? '',
      body: [
        told?.body ?? '',
        `${check} failed: ${failure.line}. It passed after the edit of ${edits
          .map((edit) => `\`${edit.path}\``)
          .filter(unique)
          .join(', ')}.`,
      ]
        .filter((text) => text !== '')
        .join('\n\n'),
      facts,
      concepts: ['problem-solution'],
      cites: citesOf(edits, session),
      importance: 0.75,
      confidence: 0.95,
      place: 'shared',
      turn: turn.number,
      evidence: 'command',
    }),
  ];
}

/** The failure's own line with the file that cured it. */
function failureTitle({ line, command }: Ran, path: string): string | undefined {
  const bare = line.replace(/^(?:Error|error):\s+/, '').replace(/[\s.:]+$/, '');
  const cure = ` (cured in \`${path}\`)`;
  const told = makeTitle(bare, true, titleMaxChars - cure.length)?.title ?? `\`${checkOf(command) || command}\` failed`;
  return makeTitle(`${told}${cure}`, true)?.title;
}

/** The user reported an error whose text names a file, the agent edited that file and says why. */
function reported(turn: Turn, session: PreparedSession, timeline: Timeline): Draft[] {
  const output = errorIn(turn);
  const edits = turn.steps.filter(
    (step): step is Edited =>
      step.kind === 'edit' &&
      isCode(step) &&
      session.end.files.some(({ path }) => path === step.path) &&
      isNamed(step, output),
  );
  const later = session.turns.filter(({ number }) => number > turn.number);
  const line = failureLine(output);
  if (edits.length === 0 || line === '' || later.some(({ prompt }) => prompt.includes(line))) return [];
  const told = withCure(explanation(turn, edits, output, timeline));
  if (told === undefined) return [];
  const facts = changesOf(edits, session);
  return [
    makeDraft('bugfix', told.title.title, {
      description: told.cure === '' ? (facts[0] ?? '') : told.cure,
      body: [told.body, `Reported: ${line}`].filter((text) => text !== '').join('\n\n'),
      facts,
      concepts: ['problem-solution'],
      cites: citesOf(edits, session),
      importance: 0.7,
      confidence: 0.7,
      place: 'shared',
      turn: turn.number,
      evidence: 'edit',
    }),
  ];
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

/** The title tells the cause; the next sentence, as a rule, the cure. */
function withCure(told: Kept | undefined): { title: Title; body: string; cure: string } | undefined {
  if (told === undefined) return undefined;
  const [first = '', ...rest] = readLines(told.body)
    .filter(({ kind }) => kind === 'prose')
    .flatMap(({ sentences }) => sentences);
  const cure = first;
  const isShort = cure !== '' && cure.length <= 300;
  return {
    title: told.title,
    body: isShort && rest.length === 0 && told.body.trim() === first ? '' : told.body,
    cure: isShort ? plain(cure) : '',
  };
}

/** The closing's sentence that names what was edited or what failed. */
function explanation(turn: Turn, edits: readonly Edited[], output: string, timeline: Timeline): Kept | undefined {
  const changed = edits
    .flatMap(({ hunks }) => hunks.flatMap(({ added, removed }) => [...added, ...removed]))
    .join('\n');
  const theme = subjectOf(`${changed}\n${edits.map(({ path }) => path).join('\n')}\n${failureLine(output)}`);
  if (turn.closing.length > closingMaxChars) return undefined;
  return keepText(
    turn.closing,
    timeline.closingAt(turn),
    timeline,
    (sentence) => shared(new Set([...subjectOf(sentence), ...contentOf(sentence)]), theme) >= 1,
  );
}

const shown = (lines: readonly string[]): string =>
  lines.map((line) => line.trim().replace(/\s+/g, ' ').replaceAll('`', "'")).join(' ');

/** One short line that took the place of another. */
function changesOf(edits: readonly Edited[], session: PreparedSession): string[] {
  const stands = new Set(session.end.files.flatMap(({ added }) => added));
  return edits
    .filter((edit) =>
      edit.hunks.every(({ added }) => added.every((line) => line.trim() === '' || stands.has(line.trim()))),
    )
    .flatMap(({ hunks }) => hunks)
    .filter(({ removed, added }) => removed.length > 0 && added.length > 0 && removed.length <= 2 && added.length <= 2)
    .map(({ removed, added }) => ({ before: shown(removed), after: shown(added) }))
    .filter(({ before, after }) => before.length + after.length <= shownMaxChars)
    .slice(0, 2)
    .map(({ before, after }) => `was \`${before}\`, now \`${after}\``);
}

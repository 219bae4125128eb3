// What was tried in vain: a plan, edits, and the same check failing with the same line. The evidence turns a plan into a dead end.
import { correction, openClaim } from './cues.ts';
import { namesOf } from './corrections.ts';
import type { Failure } from './evidence.ts';
import { saysTheSame } from './score.ts';
import type { Statement, Story } from './statements.ts';
import { stemsOf } from './words.ts';

/** Words of every repair: they say nothing of what was repaired. */
const commonStems = new Set(
  stemsOf('fix fixes issue error problem fail failed commit line function check code file add remove type'),
);

/** Says what, not how. */
const unsaid = /^\w+ (?:two|three|both|these|those|all|the following)\b/i;

/** What a failure is about: its line, and the checkers that the output names in brackets. */
function subjectOf(failure: Failure, story: Story): ReadonlySet<string> {
  const event = story.events[failure.at];
  const output = event?.kind === 'command' ? event.output : '';
  const tags = [...output.matchAll(/^\[([A-Za-z][\w -]{2,20})\]/gm)].map((match) => match[1] ?? '');
  return new Set(stemsOf([failure.line, failure.command, ...tags].join(' ')).filter((stem) => !commonStems.has(stem)));
}

/** Plans between two equal failures become statements of what did not help. */
export function markAttempts(story: Story): void {
  for (const failure of story.failures) {
    const again = story.failures.find((later) => later.at > failure.at && later.signature === failure.signature);
    if (!again || (failure.curedAt !== undefined && failure.curedAt < again.at)) continue;
    const same = story.failures.find(
      (later) => later.at >= again.at && later.signature === failure.signature && later.line === failure.line,
    );
    if (!same) continue;
    const lastEdit = story.events.findLastIndex(
      (event, at) => event.kind === 'edit' && event.ok && at > failure.at && at < again.at,
    );
    if (lastEdit < 0) continue;
    const still = subjectOf(same, story);
    const subject = new Set([...subjectOf(failure, story)].filter((stem) => still.has(stem)));
    for (const statement of story.statements) {
      if (!statement.isPlan || statement.source !== 'text' || statement.at <= failure.at || statement.at > lastEdit)
        continue;
      if (
        statement.stems.size < 4 ||
        unsaid.test(statement.text) ||
        ![...statement.stems].some((stem) => subject.has(stem))
      )
        continue;
      statement.isPlan = false;
      statement.source = 'failure';
      statement.detail = 'in-vain';
      statement.lead = `Tried in vain, \`${failure.command}\` failed again`;
      statement.text = `${statement.lead}: ${statement.text}`;
      statement.cues = new Set([...statement.cues, 'dead-end']);
    }
  }
}

const minSharedStems = 3;
const unsettled = /\b(?:false positive|unresolved|unsolved)\b/i;

/** A claim that nobody would make any more; what was tried on the way stays true. */
function settle(statement: Statement, finding: Statement): void {
  statement.settledBy = finding;
  const isListed = statement.lead !== '' && statement.cues.has('dead-end') && statement.text.startsWith(statement.lead);
  if (isListed) {
    const own = statement.text.slice(statement.lead.length).replace(/^:\s*/, '');
    statement.lead = 'Tried in vain';
    statement.text = `${statement.lead}: ${own}`;
    statement.stems = new Set(stemsOf(own));
    statement.detail = 'in-vain';
    statement.source = 'failure';
  } else if (unsettled.test(statement.text)) statement.score -= 12;
  else if (!statement.cues.has('dead-end') && statement.source !== 'failure') statement.score -= 6;
}

const causeClaim = /\b(?:root cause|(?:real|actual|main) (?:issue|problem|bug|reason|culprit|cause))\b/i;

/** The `real reason` of something of which a later finding tells another: the last word holds. */
function isOvertaken(statement: Statement, findings: readonly Statement[]): boolean {
  if (!causeClaim.test(statement.text)) return false;
  const names = namesOf(statement.text);
  return findings.some(
    (finding) =>
      finding.at > statement.at &&
      !saysTheSame(finding.stems, statement.stems) &&
      [...namesOf(finding.text)].some((name) => names.has(name)),
  );
}

/** Claims that a later finding settled lose their worth; what was tried on the way keeps it. */
export function settleClaims(story: Story): void {
  const findings = story.statements.filter(
    (statement) =>
      ['text', 'closing'].includes(statement.source) &&
      !statement.isPlan &&
      correction.test(statement.text) &&
      (statement.cues.has('cause') || statement.cues.has('cure')),
  );
  for (const statement of story.statements) if (isOvertaken(statement, findings)) statement.score -= 8;
  for (const statement of story.statements) {
    if (!openClaim.test(statement.text)) continue;
    const settling = findings.findLast(
      (finding) =>
        finding.at > statement.at &&
        [...finding.stems].filter((stem) => statement.stems.has(stem)).length >= minSharedStems,
    );
    if (settling) settle(statement, settling);
  }
}

// What was tried in vain: a plan, edits, and the same check failing with the same line. The evidence turns a plan into a dead end.
import { correction, openClaim } from './cues.ts';
import type { Story } from './statements.ts';

/** Plans between two equal failures become statements of what did not help. */
export function markAttempts(story: Story): void {
  for (const failure of story.failures) {
    const again = story.failures.find((later) => later.at > failure.at && later.signature === failure.signature);
    if (!again || (failure.curedAt !== undefined && failure.curedAt < again.at)) continue;
    const isSame = story.failures.some(
      (later) => later.at >= again.at && later.signature === failure.signature && later.line === failure.line,
    );
    if (!isSame) continue;
    const lastEdit = story.events.findLastIndex(
      (event, at) => event.kind === 'edit' && event.ok && at > failure.at && at < again.at,
    );
    if (lastEdit < 0) continue;
    for (const statement of story.statements) {
      if (!statement.isPlan || statement.source !== 'text' || statement.at <= failure.at || statement.at > lastEdit)
        continue;
      if (statement.stems.size < 4) continue;
      statement.isPlan = false;
      statement.source = 'failure';
      statement.detail = 'in-vain';
      statement.lead = `Tried in vain, \`${failure.command}\` failed again`;
      statement.text = `${statement.lead}: ${statement.text}`;
      statement.cues = new Set([...statement.cues, 'dead-end']);
    }
  }
}

/** Claims that a later finding of the same request settled lose their worth; what was tried on the way keeps it. */
export function settleClaims(story: Story): void {
  const findings = story.statements.filter(
    (statement) =>
      ['text', 'closing'].includes(statement.source) &&
      !statement.isPlan &&
      correction.test(statement.text) &&
      (statement.cues.has('cause') || statement.cues.has('cure')),
  );
  for (const statement of story.statements) {
    if (!openClaim.test(statement.text) || statement.cues.has('dead-end') || statement.source === 'failure') continue;
    const later = findings.some(
      (finding) =>
        finding.at > statement.at &&
        [...finding.stems].filter((stem) => statement.stems.has(stem)).length >= minSharedStems,
    );
    if (later) statement.score -= 6;
  }
}

const minSharedStems = 3;

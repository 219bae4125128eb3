// How much a later session would want a statement: where it comes from, what it signals, how specific it is, what followed it.
import { cueWeight, dangling, hedge, pointing } from './cues.ts';
import { type Source, type Statement, type Story, sectionKind } from './statements.ts';
import { containment, remembered, stemsOf } from './words.ts';

const sourceWeight = {
  answer: 3,
  closing: 1.5,
  commit: 2,
  reason: 1.9,
  text: 1,
  summary: 1.1,
  report: 0.4,
  spec: 0.3,
  failure: 1,
  proof: 0.5,
  noise: 1.2,
  edit: 0.6,
  prompt: 0.3,
} satisfies Record<Source, number>;

const editWeight: Record<string, number> = {
  tests: 1,
  defines: 0.9,
  reverted: 1.2,
  values: 0.8,
  message: 0.5,
  comment: 0.3,
  replaced: 0.4,
};
const sectionWeight: Record<string, number> = { errors: 0.9, files: 0.2, analysis: -0.5, now: -0.5, intent: -0.8 };

/** Rarity of every stem within these statements: 1 for a word said once, near 0 for one that is everywhere. */
export function rarityOf(statements: readonly Statement[]): (stem: string) => number {
  const counts = new Map<string, number>();
  for (const statement of statements) for (const stem of statement.stems) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  const total = Math.log(statements.length + 2);
  return (stem) => Math.max(0, 1 - Math.log(1 + (counts.get(stem) ?? 0)) / total);
}

function scoreOf(statement: Statement, story: Story, rarity: (stem: string) => number): number {
  const { text, source } = statement;
  let score: number = sourceWeight[source];
  if (source === 'edit') score += editWeight[statement.detail ?? ''] ?? 0;
  let cues = 0;
  for (const cue of statement.cues) cues += cueWeight[cue];
  const isProse = !['proof', 'failure', 'noise', 'edit'].includes(source);
  score += Math.min(2.6, cues) * (isProse ? 1 : 0.35);
  score += Math.min(1.4, statement.identifiers.length * 0.28);
  if (/\d/.test(text)) score += 0.15;
  if (/\d+\.\d+/.test(text)) score += 0.3;
  let rare = 0;
  for (const stem of statement.stems) rare += rarity(stem);
  score += statement.stems.size > 0 ? (rare / statement.stems.size) * 0.9 : -1;
  if (statement.stems.size < 4) score -= 0.7;
  if (text.length > 320) score -= 0.4;
  if (text.includes('?') && source !== 'answer') score -= 1;
  if (source === 'summary') {
    const kind = sectionKind(statement.section);
    if (kind === 'messages') score -= 5;
    else if (kind !== undefined) score += sectionWeight[kind] ?? 0;
  }
  if (source === 'spec') score += isBuilt(statement, story) ? 0.6 : -3;
  if (statement.detail === 'cured' || statement.detail === 'in-vain') score += 0.7;
  if (isProse && source !== 'answer' && dangling.test(text)) score -= 2.2;
  if (statement.cues.has('proof') && statement.cues.size < 3 && source === 'text') score -= 0.7;
  if (isProse && source !== 'answer') {
    if (statement.isPlan) score -= isTelling(statement) ? 1 : 2.3;
    if (hedge.test(text)) score -= 1.5;
    if (/^i (?:have|can|need|could|want|am)\b/i.test(text)) score -= 0.7;
    if (pointing.test(text)) score -= statement.identifiers.length === 0 ? 2 : 0.5;
    if (isDisproved(statement, story)) score -= 8;
  }
  if (/"[^"]{6,}"|“[^”]{6,}”/.test(text)) score += 0.3;
  const inIncident = story.failures.some(
    (failure) => failure.curedAt !== undefined && statement.at > failure.at && statement.at < failure.curedAt,
  );
  if (inIncident && (statement.cues.has('cause') || statement.cues.has('cure'))) score += 0.6;
  return score + (0.3 * statement.at) / Math.max(1, story.events.length);
}

/** A claim after which the same check failed again, or that no check bore out: later findings win. What was seen to fail stays. */
function isDisproved(statement: Statement, story: Story): boolean {
  if (statement.source !== 'text' || statement.cues.has('dead-end')) return false;
  if (
    !statement.cues.has('cause') &&
    !/\b(?:false positive|looks? (?:correct|fine|right)|should (?:return|work|be))\b/i.test(statement.text)
  )
    return false;
  const before = story.failures.findLast(
    (failure) =>
      failure.at < statement.at && statement.at - failure.at < 40 && (failure.curedAt ?? Infinity) > statement.at,
  );
  if (!before) return false;
  return story.failures.some(
    (failure) =>
      failure.at > statement.at &&
      failure.signature === before.signature &&
      failure.line === before.line &&
      (before.curedAt === undefined || failure.at < before.curedAt),
  );
}

/** A plan that says how, or what becomes what. */
function isTelling(statement: Statement): boolean {
  return (
    statement.cues.has('decision') ||
    /\bby \w+ing\b|\binto\b|\binstead\b|\bbecause\b|\bsince\b/.test(statement.text) ||
    statement.identifiers.length > 2 ||
    (statement.identifiers.length > 1 && /\bto\b/.test(statement.text))
  );
}

/** A requirement whose names the session's edits took up. */
function isBuilt(statement: Statement, story: Story): boolean {
  return statement.identifiers.some((identifier) => identifier.length > 4 && story.written.includes(identifier));
}

/** Scores every statement in place. */
export function scoreStatements(story: Story, others: readonly Statement[] = []): void {
  const rarity = rarityOf(story.statements);
  for (const statement of [...story.statements, ...others]) statement.score = scoreOf(statement, story, rarity);
}

/** Whether one statement says what the other says: most of the shorter one's words are in the longer one. */
export function saysTheSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a.size === 0 || b.size === 0) return false;
  const [short, long] = a.size <= b.size ? [a, b] : [b, a];
  if (short.size < 3) return long.size <= 4 && containment(short, long) === 1;
  return containment(short, long) >= (long.size > 3 * short.size ? 0.95 : 0.75);
}

/** The same for two statements: items of one list share their parent's words, which say nothing of their likeness. */
export function isRepeat(a: Statement, b: Statement): boolean {
  if (a.lead === '' || a.lead !== b.lead) {
    // Items of two lists in one form differ in what they count.
    const isListed = a.lead !== '' && b.lead !== '';
    return saysTheSame(telling(a.stems), telling(b.stems)) && (!isListed || numbersIn(a) === numbersIn(b));
  }
  const [short, long] = [ownStems(a), ownStems(b)].sort((x, y) => x.size - y.size) as [
    ReadonlySet<string>,
    ReadonlySet<string>,
  ];
  return saysTheSame(short, long) || (a.identifiers.length > 0 && short.size > 0 && containment(short, long) === 1);
}

/** Words of every repair: they say nothing of what was repaired. */
const commonStems = new Set(
  stemsOf('fix fixes fixed issue issues error errors problem add added remove removed update updated'),
);

const telling = remembered((stems: ReadonlySet<string>): ReadonlySet<string> => {
  const kept = new Set([...stems].filter((stem) => !commonStems.has(stem)));
  return kept.size < 3 ? stems : kept;
});

const numbersIn = ({ text }: Statement): string => (text.match(/\d+(?:\.\d+)*/g) ?? []).join(' ');

const ownStems = remembered(
  ({ text, lead }: Statement): ReadonlySet<string> => new Set(stemsOf(text.slice(lead.length))),
);

/** A commit's own words are kept before those of anybody who says the same. */
const keptFirst = ({ source, score }: Statement): number => score + (source === 'commit' ? 4 : 0);

/** The best of every group of statements with the same news; of two alike the later one wins. Linear in pairs that share a rare word. */
export function dropRepeats(statements: readonly Statement[]): Statement[] {
  const kept: Statement[] = [];
  const byStem = new Map<string, Statement[]>();
  const rarity = rarityOf(statements);
  for (const statement of [...statements].sort((a, b) => keptFirst(b) - keptFirst(a) || b.at - a.at)) {
    const anchors = [...statement.stems].sort((a, b) => rarity(b) - rarity(a)).slice(0, 6);
    const rivals = new Set(anchors.flatMap((stem) => byStem.get(stem) ?? []));
    const isOwn = statement.detail === 'subject' || statement.source === 'answer';
    if (!isOwn && [...rivals].some((rival) => isRepeat(statement, rival))) continue;
    kept.push(statement);
    for (const stem of statement.stems) {
      const holders = byStem.get(stem);
      if (holders === undefined) byStem.set(stem, [statement]);
      else holders.push(statement);
    }
  }
  return kept;
}

// What may be stored of what was said: nothing that was true for a moment only, and nothing of the writer.
import { raiseFirst } from './sentences.ts';

/** What a judge of lastingness needs to know of a statement. */
interface Said {
  text: string;
  source: string;
  lead: string;
  detail?: string;
  stems: ReadonlySet<string>;
  identifiers: readonly string[];
  cues: ReadonlySet<string>;
}

const ownDeed =
  /(^|[.;:,—–-] |\b(?:and|but|so) )I (?:have |had |also |just |then )*(?=(?:\w{2,}ed|chose|kept|made|wrote|took|put|found|left|ran|set|built|split|cut|went)\b)/g;

/** `Ich habe zuerst versucht, x`: only where the clause still stands without its doer. */
const germanDeed = /(^|[.;:] )Ich habe (?:zuerst |zunächst |dann |auch |erst )?(?=versucht\b)/g;

/** `I tried x` becomes `Tried x`, `my code` becomes `the code`: a record has no writer. */
export function plainSpoken(text: string): string {
  const said = text
    .replace(ownDeed, '$1')
    .replace(/\bI(?:'m| am) (?=\w+ing\b)/g, '')
    .replace(germanDeed, '$1')
    .replace(/\bmy (?=\p{Ll})/giu, 'the ');
  return said === text ? text : raiseFirst(said);
}

const writer = /(?<![\p{L}\p{N}_`'"-])(?:I|I'm|I've|I'd|I'll|me|myself|[Ii]ch|mir|mich|meine?)(?![\p{L}\p{N}_`'"-])/u;

/** States that the next step changes, said at the end of a stretch of work or while it goes on. */
const momentary: readonly RegExp[] = [
  /\b(?:everything|all|it|(?:working|work) tree|branch|main|code|tests?|changes?) (?:is|are|was|were) (?:now |still |all |also )*(?:clean|pushed|committed|green|up to date|in place|staged|not committed)\b/i,
  /\b(?:is|are) (?:now |still )?(?:unused|uncommitted|unstaged|committed|pushed|(?:functionally )?complete)\b/i,
  /\b(?:uncommitted|unstaged) (?:changes?|files?|work)\b/i,
  /\b(?:ci|builds?|pipeline) (?:is|are) (?:now )?(?:green|red|passing|failing)\b/i,
  /^(?:(?:has|have) )?(?:just |only )?(?:\d+|one|two|three|four|some|several|a few|multiple|only|more) (?:[\w-]+ ){0,2}(?:issues?|errors?|warnings?|problems?|failures?|suggestions?)\b/i,
  /^the only (?:one|(?:\w+ )?(?:error|issue|failure|warning))\b/i,
  /^the (?:[\w`.-]+ ){0,3}(?:warnings?|errors?|failures?|complaints?) (?:is|are) (?:expected|about|fine|unrelated|pre-existing|gone|only)\b/i,
  /\b(?:pre-existing \w+ only|only pre-existing)\b/i,
  /^(?:the |these |those |all )?(?:\w+ )?(?:issues?|problems?|errors?|fix(?:es)?) (?:is|are|was|were) (?:now )?(?:fixed|resolved|gone|in)\b/i,
  /^(?:alles|der stand|der branch) (?:ist|sind) (?:jetzt |nun )?(?:sauber|committet|gepusht|grün|fertig)\b/i,
];

/** The same, as long as something was changed afterwards: what was wrong, or was to be done, was done. */
const passing =
  /(?:^|: )(?:current(?:ly)?|still needs?|needs?)\b|\b(?:haven't|hasn't|have not|has not|isn't|aren't|is not|are not|does not|doesn't|not) (?:\w+ )?yet\b|\b(?:haven't|hasn't) (?:yet )?(?:read|done|been)\b|\byet because\b|\bstill (?:needs?|complain\w*|fail(?:s|ing)|compiling|running|uses?|used|referenced?|references|missing|there|unresolved|open)\b|\bstill .{3,40} directly\b|\bneeds? to be (?:merged|updated|fixed|changed|moved|added|removed|renamed|extracted|refactored|replaced|rewritten|implemented|wired|passed)\b|\b(?:noch nicht|derzeit|aktuell noch)\b/i;

/** Compares with what is gone and was never described. */
const beforehand = /\bthe (?:old|former|latter|above|previous)\b/i;

const isTold: ReadonlySet<string> = new Set(['text', 'closing', 'reason', 'summary', 'report']);

/** Whether a statement is still true when the session is over; `isOver`: nothing was changed after it. */
export function isLasting(statement: Said, isOver: boolean): boolean {
  const { text, source, lead, stems, identifiers, cues } = statement;
  if (!isTold.has(source)) return true;
  if (writer.test(text) || (source === 'text' && beforehand.test(text))) return false;
  const own = lead === '' ? text : text.slice(lead.length).replace(/^:\s*/, '');
  if (momentary.some((pattern) => pattern.test(own))) return false;
  if (!isOver && passing.test(text)) return false;
  // `That didn't work.`: of what, nobody can tell.
  return !(cues.has('dead-end') && identifiers.length === 0 && stems.size < 4);
}

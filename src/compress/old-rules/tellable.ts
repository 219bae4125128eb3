// What of a session may be told, bundled as it was said.
import { type Bundle, bundleStatements, worthOf } from './bundles.ts';
import { dangling, hedge, pointing } from './cues.ts';
import { sectionKind, type Source, type Statement, type Story } from './statements.ts';
import { doerless, makeTitle } from './titles.ts';

export const lessonCues = ['cause', 'decision', 'trap', 'dead-end', 'security'] as const;
const minLessonScore = 3.4;
const minMemberScore = 1.7;
const minFindingScore = 2.2;
/** What closes a stretch of work was chosen by its author. */
const minEndScore = 1.2;

const prose: ReadonlySet<Source> = new Set(['text', 'closing', 'commit', 'reason', 'summary', 'answer', 'prompt']);

export const isProse = ({ source, detail, knownIn }: Statement): boolean =>
  prose.has(source) || detail === 'in-vain' || (knownIn !== undefined && source !== 'failure');

/** A sentence that a later session would look up by itself. */
export function isLesson(statement: Statement): boolean {
  const { source, section, detail, cues, identifiers, stems } = statement;
  if (statement.knownIn !== undefined || statement.isPlan) return false;
  if (source === 'answer') return true;
  if (source === 'prompt') return cues.has('rule') && stems.size > 3 && statement.text.length < 300;
  if (!['text', 'closing', 'summary'].includes(source) || statement.score < minLessonScore) return false;
  if (detail === 'in-vain' || hedge.test(statement.text)) return false;
  if (identifiers.length === 0 && stems.size < 6) return false;
  const kind = sectionKind(section);
  if (source === 'summary' && kind !== undefined && !['errors', 'files', 'analysis'].includes(kind)) return false;
  if (cues.has('proof') && !(['cause', 'cure', 'trap'] as const).some((cue) => cues.has(cue))) return false;
  return lessonCues.some((cue) => cues.has(cue));
}

/** What a short session has place for, too: it names something and says what it does. */
export const isFinding = ({ source, cues, identifiers, score }: Statement): boolean =>
  source === 'text' && cues.has('fact') && identifiers.length > 0 && score >= minFindingScore;

/** The parent of a list that tells of one file. */
export const isPath = (lead: string): boolean => /^`?[\w./@-]+`?$/.test(lead) && /[./]\w/.test(lead);

/** A whole title stands in it. */
export function canLead({ source, identifiers, stems, text }: Statement): boolean {
  const minStems = ['closing', 'reason'].includes(source) ? 3 : 6;
  const isTelling = identifiers.length > 0 || stems.size >= minStems || ['answer', 'prompt', 'commit'].includes(source);
  return isTelling && (makeTitle(text) !== undefined || source === 'answer' || source === 'prompt');
}

/** Told by the session's summary, as a next step. */
const leftOver = /^(?:remaining|next(?: steps?)?|todo|still (?:open|missing|to do)|open|offen|noch offen)\b/i;

/** What somebody meant to do next is no news of what was done, unless it says what was chosen. */
function isTellable(statement: Statement): boolean {
  const { source, section, isPlan, cues, identifiers, text } = statement;
  if (source === 'answer' || source === 'commit' || statement.knownIn !== undefined) return true;
  if (source === 'prompt') return isLesson(statement);
  if (['pending', 'now', 'messages', 'intent'].includes(sectionKind(section) ?? '')) return false;
  const isEnd = source === 'closing' || source === 'reason';
  if (statement.score < (isEnd ? minEndScore : minMemberScore) || (hedge.test(text) && source !== 'closing'))
    return false;
  if ((pointing.test(text) && identifiers.length === 0) || leftOver.test(text)) return false;
  if (sectionKind(section) === 'analysis' && ![...lessonCues, 'cure' as const].some((cue) => cues.has(cue)))
    return false;
  if (statement.lead === '' && source === 'summary' && doerless.test(text)) return false;
  return (
    !isPlan ||
    (cues.has('decision') && cues.has('cause') && identifiers.length > 0 && !/^\w+ (?:it|this|that)\b/i.test(text))
  );
}

/** Bundles without what cannot be told; a sentence that leans on the one before goes with it. */
function bundlesOf(statements: readonly Statement[]): Bundle[] {
  return bundleStatements(statements.filter(isProse)).flatMap(({ statements: mates }) => {
    const kept: Statement[] = [];
    for (const mate of mates) {
      const isLeaning = dangling.test(mate.text) && mate.source !== 'answer' && mate.source !== 'prompt';
      const before = kept.at(-1);
      if (isTellable(mate) && (!isLeaning || before?.block === mate.block)) kept.push(mate);
    }
    const isFile = isPath(kept[0]?.lead ?? '') && kept.length > 1;
    const [alone, together] = [
      kept.filter((mate) => isFile && isLesson(mate)),
      kept.filter((mate) => !isFile || !isLesson(mate)),
    ];
    return [...alone.map((mate) => [mate]), together].flatMap((list) => bundleStatements(list));
  });
}

/** How well a statement names a stretch of work: reasons of closed tasks best, counts of passing tests worst. */
function workRank({ source, score, cues, text }: Statement): number {
  const base = source === 'reason' ? 6 : source === 'closing' ? 3 : 0;
  return base + score + (cues.has('cause') ? 1.5 : 0) - (/^\d|\btests? pass/.test(text) ? 8 : 0);
}

/** What a task's closing reason and the closing text say of it, together. */
function joinTasks(bundles: readonly Bundle[]): Bundle[] {
  const joined: Bundle[] = [];
  const reasonsFirst = bundles.toSorted(
    (a, b) => Number(b.best.source === 'reason') - Number(a.best.source === 'reason'),
  );
  const byTask = new Map<string, Bundle>();
  for (const bundle of reasonsFirst) {
    const { source } = bundle.best;
    const task = bundle.statements.find((statement) => statement.task)?.task;
    const isReport = task !== undefined && (source === 'reason' || source === 'closing');
    const mate = isReport ? byTask.get(task) : undefined;
    if (mate) mate.statements.push(...bundle.statements);
    else joined.push(bundle);
    if (isReport && !mate) byTask.set(task, bundle);
  }
  return joined.sort((a, b) => worthOf(b) - worthOf(a));
}

/** Of every stretch of work that changed files and was not committed: the bundle that names it best. */
export function workBundles(story: Story, bundles: readonly Bundle[]): Bundle[] {
  const edited = new Set(
    story.events.flatMap((event, at) => (event.kind === 'edit' && event.ok ? [story.episodes[at] ?? 0] : [])),
  );
  const isCommitted = (episode: number): boolean =>
    bundles.some(({ best }) => best.detail === 'subject' && best.episode === episode);
  return [...edited].flatMap((episode) => {
    if (isCommitted(episode)) return [];
    const mine = bundles.filter(
      ({ best, statements }) =>
        (['reason', 'closing'].includes(best.source) || (best.source === 'text' && edited.size === 1)) &&
        best.detail !== 'refused' &&
        (best.episode === episode || (best.source === 'closing' && best.episode === episode + 1)) &&
        best.stems.size > 2 &&
        statements.some(canLead),
    );
    return mine.toSorted((a, b) => workRank(b.best) - workRank(a.best)).slice(0, 1);
  });
}

/** Everything that may be told, the most telling first. */
export const tellableBundles = (statements: readonly Statement[]): Bundle[] => joinTasks(bundlesOf(statements));

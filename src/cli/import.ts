import { findSources, importFrom, newRun, type SourceFound } from '../import/import-source.ts';
import { addSkipped, type ImportReport } from '../import/report.ts';
import { isSourceName, sourceNames, type SourceName } from '../import/sources.ts';
import { undoImport } from '../import/undo.ts';
import type { Memory } from '../memory/open.ts';
import { cleanLine } from '../privacy/invisible.ts';
import { parseSpan } from '../search/dates.ts';
import { askYes, hasTerminal } from './ask.ts';
import { countOf, defineCommand, usageError, type CliContext, type Lines } from './command.ts';

const shownMax = 10;

export const command = defineCommand({
  usage: 'import [SOURCE… | all | undo [RUN]]',
  details:
    'Without a source: what there is here, counted; nothing is written. A source is read and never changed, and no network is used.\n' +
    'Records go to this machine alone (--share shares what was reviewed before and still holds), redacted, citing the files as they stood then.\n' +
    `Sources: ${sourceNames.join(', ')}.\n` +
    'import undo takes the last run back, or the one that is named: files that nobody edited and git does not have.',
  words: {},
  options: {
    from: {
      type: 'text',
      value: 'PATH',
      describe: 'a folder or file of the source, where it is not in its usual place',
    },
    also: { type: 'list', value: 'PATH', describe: 'a former folder of this repository' },
    since: { type: 'text', value: 'DATE', describe: 'leave out what is older, such as 2026-09-01 or "last month"' },
    max: { type: 'number', min: 1, describe: 'at most so many records (500), what lasts and is new first' },
    all: 'also what gates and caps leave out',
    share: 'share what was reviewed (git, adr, kage), lasts and still holds',
    model: 'sessions: ask your own model; says the price first',
    'dry-run': { type: 'flag', short: 'n', describe: 'say what would come; write nothing' },
    yes: { type: 'flag', short: 'y', describe: 'do not ask' },
  },
  async run(context, { from, also, since, max, all, share, model, yes, 'dry-run': isDry }, [first, ...rest]) {
    const { env, open, print, answer } = context;
    const span = since === undefined ? undefined : parseSpan(since, env.now());
    if (since !== undefined && !span) throw usageError(`--since: expected a date such as 2026-09-01; got '${since}'`);
    const memory = await open();
    if (first === 'undo') return undo(context, memory, rest);
    if (first === undefined) {
      const sources = await findSources(memory, { also });
      return answer({ sources }, overviewLines(sources));
    }
    const names = await namesOf(memory, [first, ...rest], from);
    const options = {
      from,
      also,
      since: span?.from,
      max,
      isAll: all,
      isDry,
      isSharing: share,
      withModel: model,
      progress: print.progress,
      ...(isDry && { planned: [] }),
    };
    const run = newRun(memory);
    const reports: ImportReport[] = [];
    for (const name of names)
      if (isDry || yes || (await isConfirmed(context, memory, name, options)))
        reports.push(await importFrom(memory.reread(), name, run, options));
    return answer({ run, sources: reports }, reports.flatMap(reportLines));
  },
});

/** `all`: whatever is here. */
async function namesOf(memory: Memory, asked: readonly string[], from: string | undefined): Promise<SourceName[]> {
  const isAll = asked.length === 1 && asked[0] === 'all';
  if (from !== undefined && (isAll || asked.length > 1)) throw usageError('import: --from goes with one source');
  if (isAll) return (await findSources(memory)).filter(({ count }) => count > 0).map(({ source }) => source);
  return asked.map((name) => {
    if (isSourceName(name)) return name;
    throw usageError(
      `import: '${name}': expected one of ${sourceNames.join(', ')}, all or undo`,
      'repomem import alone says what there is here',
    );
  });
}

function overviewLines(found: readonly SourceFound[]): Lines {
  if (found.length === 0) return ['There is nothing to import here.'];
  return [
    'What is here (nothing was written):',
    ...found.map(({ source, count, unit, oldest, imported, note }) =>
      [
        `  ${source.padEnd(16)} ${String(count).padStart(6)} ${unit}`,
        oldest && `oldest ${oldest.slice(0, 10)}`,
        imported > 0 && `${imported} imported`,
        note && cleanLine(note, 200),
      ]
        .filter(Boolean)
        .join(', '),
    ),
    'repomem import SOURCE imports one, --dry-run shows what would come; records stay on this machine.',
  ];
}

/** On a terminal ten examples are shown first. Elsewhere naming the source is the answer. */
async function isConfirmed(
  { print, isJson }: CliContext,
  memory: Memory,
  name: SourceName,
  options: Parameters<typeof importFrom>[3],
): Promise<boolean> {
  const preview = (): Promise<ImportReport> => importFrom(memory, name, 'preview', { ...options, isDry: true });
  if (name === 'sessions' && options.withModel === true) {
    for (const note of (await preview()).notes) print.err(cleanLine(note, 300));
    if (hasTerminal()) return askYes('Ask your model about each of these sessions?', print.err);
    throw usageError('import sessions --model: expected --yes where nobody can be asked; nothing was sent');
  }
  if (name === 'mem0' && !hasTerminal())
    throw usageError('import mem0: its memories are about a person; expected --yes where nobody can be asked');
  if (isJson || !hasTerminal()) return true;
  const { records } = await preview();
  if (records.length === 0) return true;
  for (const { type, title } of records.slice(-shownMax)) print.err(`  ${type.padEnd(12)} ${cleanLine(title)}`);
  const what = records.length === 1 ? 'this record' : `these and the rest, ${records.length} records`;
  return askYes(`Import ${what}?`, print.err);
}

function reportLines(report: ImportReport): Lines {
  const { source, run, isDry, read, records, known, stale, redacted, skipped, notes } = report;
  const shared = records.filter(({ tier }) => tier === 'shared').length;
  const verb = isDry ? 'would come' : 'imported';
  const left = { ...skipped };
  addSkipped(left, { 'imported before': known });
  const reasons = Object.entries(left).filter(([, count]) => count > 0);
  return [
    `${source}: ${countOf(records.length, 'record')} of ${read} ${read === 1 ? 'entry' : 'entries'} ${verb} (${records.length - shared} local, ${shared} shared)`,
    ...(isDry ? records : records.slice(-shownMax)).map(
      ({ id, type, title }) => `  ${id} ${type.padEnd(12)} ${cleanLine(title)}`,
    ),
    !isDry && records.length > shownMax && `  … and ${records.length - shownMax} more: repomem list`,
    reasons.length > 0 && `  left out: ${reasons.map(([reason, count]) => `${count} ${cleanLine(reason)}`).join('; ')}`,
    stale > 0 && `  ${stale} of ${records.length} no longer hold in all that they cite`,
    redacted > 0 && `  ${redacted} passages were redacted`,
    ...notes.map((note) => `  ${cleanLine(note, 300)}`),
    !isDry && records.length > 0 && `  repomem view looks them through; repomem import undo ${run} takes them back`,
  ];
}

function undo({ answer }: CliContext, memory: Memory, [run, ...more]: readonly string[]): number {
  if (more.length > 0) throw usageError('import undo: expected one run');
  const undone = undoImport(memory, run);
  return answer(undone, [
    `${undone.run}: ${countOf(undone.removed.length, 'record')} taken back.`,
    ...undone.kept.map((file) => `Kept, edited or in git: ${file}`),
  ]);
}

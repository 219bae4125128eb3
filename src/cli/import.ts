import { RepomemError } from '../domain/errors.ts';
import { addSkipped, type ImportReport } from '../import/report.ts';
import { findSources, importFrom, newRun, type SourceFound } from '../import/import-source.ts';
import type { RunOptions } from '../import/source.ts';
import { isSourceName, sourceNames, type SourceName } from '../import/sources.ts';
import { undoImport } from '../import/undo.ts';
import type { Memory } from '../memory/open.ts';
import { openMemory } from '../memory/open.ts';
import { cleanLine } from '../privacy/invisible.ts';
import { askYes, hasTerminal } from './ask.ts';
import { countOf } from './count-of.ts';
import { jsonOption, listOf, numberOf, textOf, type CliContext, type Command, type Values } from './command.ts';
import type { Printer } from './print.ts';

const shownMax = 10;

export const command: Command = {
  usage: 'import [SOURCE… | all | undo [RUN]]',
  details:
    'Without a source: what there is here, counted; nothing is written. A source is read and never changed, and no network is used.\n' +
    'Records go to this machine alone (--share shares what was reviewed before and still holds), redacted, citing the files as they stood then.\n' +
    `Sources: ${sourceNames.join(', ')}.\n` +
    'import undo takes the last run back, or the one that is named: files that nobody edited and git does not have.',
  options: {
    from: {
      type: 'string',
      value: 'PATH',
      describe: 'a folder or file of the source, where it is not in its usual place',
    },
    also: { type: 'string', multiple: true, value: 'PATH', describe: 'a former folder of this repository' },
    since: { type: 'string', value: 'DATE', describe: 'leave out what is older, such as 2026-09-01' },
    max: { type: 'string', value: 'N', describe: 'at most so many records (500), what lasts and is new first' },
    all: { type: 'boolean', describe: 'also what gates and caps leave out' },
    share: { type: 'boolean', describe: 'share what was reviewed (git, adr, kage), lasts and still holds' },
    model: { type: 'boolean', describe: 'sessions: ask your own model; says the price first' },
    'dry-run': { type: 'boolean', short: 'n', describe: 'say what would come; write nothing' },
    yes: { type: 'boolean', short: 'y', describe: 'do not ask' },
    json: jsonOption,
  },
  async run(context, values, [first, ...rest]) {
    const options = readOptions(values);
    const memory = await openMemory(context.env);
    if (first === undefined) return overview(context, memory, values);
    if (first === 'undo') return undo(context, memory, rest, values);
    const names = await namesOf(memory, [first, ...rest], values);
    const from = textOf(values, 'from');
    if (from !== undefined && names.length > 1)
      throw new RepomemError('usage', `import: --from goes with one source; got ${names.length}`);
    const run = newRun(memory);
    const reports: ImportReport[] = [];
    for (const name of names) {
      const whole = {
        ...options,
        ...(from !== undefined && { from }),
        also: listOf(values, 'also'),
        progress: context.print.progress,
      };
      if (!(await isConfirmed(context, memory, name, whole, values))) continue;
      reports.push(await importFrom(memory.reread(), name, run, whole));
    }
    if (values['json'] === true) context.print.json({ run, sources: reports });
    else for (const report of reports) printReport(context.print, report);
    return 0;
  },
};

function readOptions(values: Values): RunOptions {
  const since = textOf(values, 'since');
  if (since !== undefined && !isDate(since))
    throw new RepomemError('usage', `--since: expected a date such as 2026-09-01; got '${since}'`);
  const max = numberOf(values, 'max', 1);
  return {
    ...(since !== undefined && { since }),
    ...(max !== undefined && { max }),
    isAll: values['all'] === true,
    isDry: values['dry-run'] === true,
    isSharing: values['share'] === true,
    withModel: values['model'] === true,
  };
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z?)?$/.test(text)) return false;
  const ms = Date.parse(text);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text.slice(0, 10));
}

/** `all`: whatever is here. */
async function namesOf(memory: Memory, asked: readonly string[], values: Values): Promise<SourceName[]> {
  if (asked.length === 1 && asked[0] === 'all') {
    if (textOf(values, 'from') !== undefined)
      throw new RepomemError('usage', 'import all: --from goes with one source');
    return (await findSources(memory)).filter(({ count }) => count > 0).map(({ source }) => source);
  }
  return asked.map((name) => {
    if (isSourceName(name)) return name;
    throw new RepomemError('usage', `import: '${name}': expected one of ${sourceNames.join(', ')}, all or undo`, {
      hint: 'repomem import alone says what there is here',
    });
  });
}

async function overview({ print }: CliContext, memory: Memory, values: Values): Promise<number> {
  const found = await findSources(memory, { also: listOf(values, 'also') });
  if (values['json'] === true) {
    print.json({ sources: found });
    return 0;
  }
  if (found.length === 0) {
    print.out('There is nothing to import here.');
    return 0;
  }
  print.out('What is here (nothing was written):');
  for (const one of found) print.out(lineOf(one));
  print.out('repomem import SOURCE imports one, --dry-run shows what would come; records stay on this machine.');
  return 0;
}

function lineOf({ source, count, unit, oldest, imported, note }: SourceFound): string {
  const parts = [
    `  ${source.padEnd(16)} ${String(count).padStart(6)} ${unit}`,
    ...(oldest === undefined ? [] : [`oldest ${oldest.slice(0, 10)}`]),
    ...(imported > 0 ? [`${imported} imported`] : []),
    ...(note === undefined ? [] : [cleanLine(note, 200)]),
  ];
  return parts.join(', ');
}

/** On a terminal ten examples are shown first. Elsewhere naming the source is the answer. */
async function isConfirmed(
  { print }: CliContext,
  memory: Memory,
  name: SourceName,
  options: RunOptions & { from?: string; also: string[] },
  values: Values,
): Promise<boolean> {
  if (options.isDry || values['yes'] === true) return true;
  if (name === 'sessions' && options.withModel === true) {
    const { notes } = await importFrom(memory, name, 'preview', { ...options, isDry: true });
    for (const note of notes) print.err(cleanLine(note, 300));
    if (hasTerminal()) return askYes('Ask your model about each of these sessions?', (text) => print.err(text));
    throw new RepomemError(
      'usage',
      'import sessions --model: expected --yes where nobody can be asked; nothing was sent',
    );
  }
  if (name === 'mem0' && !hasTerminal())
    throw new RepomemError(
      'usage',
      'import mem0: its memories are about a person; expected --yes where nobody can be asked',
    );
  if (values['json'] === true || !hasTerminal()) return true;
  const preview = await importFrom(memory, name, 'preview', { ...options, isDry: true });
  if (preview.records.length === 0) return true;
  for (const { type, title } of preview.records.slice(-shownMax)) print.err(`  ${type.padEnd(12)} ${cleanLine(title)}`);
  const what = preview.records.length === 1 ? 'this record' : `these and the rest, ${preview.records.length} records`;
  return askYes(`Import ${what}?`, (text) => print.err(text));
}

function printReport(print: Printer, report: ImportReport): void {
  const { source, run, isDry, records, known, stale, redacted } = report;
  const shared = records.filter(({ tier }) => tier === 'shared').length;
  const verb = isDry ? 'would come' : 'imported';
  print.out(
    `${source}: ${countOf(records.length, 'record')} of ${report.read} entries ${verb} (${records.length - shared} local, ${shared} shared)`,
  );
  for (const { id, type, title } of isDry ? records : records.slice(-shownMax))
    print.out(`  ${id} ${type.padEnd(12)} ${cleanLine(title)}`);
  if (!isDry && records.length > shownMax) print.out(`  … and ${records.length - shownMax} more: repomem list`);
  const skipped = { ...report.skipped };
  addSkipped(skipped, { 'imported before': known });
  const reasons = Object.entries(skipped).filter(([, count]) => count > 0);
  if (reasons.length > 0)
    print.out(`  left out: ${reasons.map(([reason, count]) => `${count} ${cleanLine(reason)}`).join('; ')}`);
  if (stale > 0) print.out(`  ${stale} of ${records.length} no longer hold in all that they cite`);
  if (redacted > 0) print.out(`  ${redacted} passages were redacted`);
  for (const note of report.notes) print.out(`  ${cleanLine(note, 300)}`);
  if (!isDry && records.length > 0)
    print.out(`  repomem view looks them through; repomem import undo ${run} takes them back`);
}

function undo({ print }: CliContext, memory: Memory, rest: readonly string[], values: Values): number {
  if (rest.length > 1) throw new RepomemError('usage', `import undo: expected one run; got ${rest.length}`);
  const undone = undoImport(memory, rest[0]);
  if (values['json'] === true) print.json(undone);
  else {
    print.out(`${undone.run}: ${countOf(undone.removed.length, 'record')} taken back.`);
    for (const file of undone.kept) print.out(`Kept, edited or in git: ${file}`);
  }
  return 0;
}

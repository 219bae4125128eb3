// One import from one source: read, chosen, written; and the look at all of them that writes nothing.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { RepomemError } from '../domain/errors.ts';
import { idFromBytes } from '../domain/id.ts';
import { waitForLock } from '../compress/claims/lock.ts';
import type { Memory } from '../memory/open.ts';
import { chooseItems } from './choose-items.ts';
import { readGround, type GroundOptions } from './ground.ts';
import { readImports } from './import-log.ts';
import { addSkipped, type ImportReport } from './report.ts';
import type { Found, RunOptions } from './source.ts';
import { loadSource, sourceNames, type SourceName } from './sources.ts';
import { writeItems } from './write-items.ts';

export interface SourceFound extends Found {
  source: SourceName;
  /** Entries that were imported. */
  imported: number;
}

/** What is here, source by source; writes nothing. */
export async function findSources(memory: Memory, options: GroundOptions = {}): Promise<SourceFound[]> {
  const ground = readGround(memory, options);
  const found: SourceFound[] = [];
  for (const name of sourceNames) {
    const source = await loadSource(name);
    const one = source.needsFrom === true && ground.from === undefined ? undefined : await source.find(ground);
    if (one === undefined) continue;
    const imported = new Set(readImports(memory.paths, name).map(({ from }) => from)).size;
    found.push({ source: name, imported, ...one });
  }
  return found;
}

export function newRun({ env }: Memory): string {
  return `${env.now().toISOString().slice(0, 10)}-${idFromBytes(env.randomBytes(8)).slice(0, 4)}`;
}

/** Throws RepomemError for a source that cannot be read; then nothing was written. */
export async function importFrom(
  memory: Memory,
  name: SourceName,
  run: string,
  { from, also, ...options }: RunOptions & GroundOptions,
): Promise<ImportReport> {
  const { paths, env } = memory;
  const source = await loadSource(name);
  const ground = readGround(memory, { ...(from !== undefined && { from }), ...(also && { also }) });
  if (source.needsFrom === true && ground.from === undefined)
    throw new RepomemError('usage', `import ${name}: expected --from PATH; it has no usual place`);
  if (ground.from !== undefined && !existsSync(ground.from))
    throw new RepomemError('not-found', `import ${name} --from: ${ground.from}: expected a file or folder; found none`);
  const report: ImportReport = {
    source: name,
    run,
    isDry: options.isDry,
    read: 0,
    known: 0,
    records: [],
    skipped: {},
    stale: 0,
    redacted: 0,
    notes: [],
  };
  if (source.write !== undefined) {
    const { write } = source;
    await underLock(memory, options, () => write(ground, report, options));
    return noteNothing(report, ground.from);
  }
  const reading = await source.read(ground, options);
  report.read = reading.items.length;
  report.notes.push(...reading.notes);
  addSkipped(report.skipped, reading.skipped);
  const { items, skipped } = chooseItems(reading.items, options);
  addSkipped(report.skipped, skipped);
  if (paths.worktree === undefined && env.cwd === '') return report;
  await underLock(memory, options, () => writeItems(memory, items, report, options));
  return noteNothing(report, ground.from);
}

/** A named place without anything of the source is most likely the wrong one. */
function noteNothing(report: ImportReport, from: string | undefined): ImportReport {
  if (from !== undefined && report.read === 0 && Object.keys(report.skipped).length === 0)
    report.notes.push(`${from}: nothing of ${report.source} was found there`);
  return report;
}

/** The compressor's lock: one writer of records at a time. */
async function underLock(memory: Memory, options: RunOptions, work: () => Promise<void>): Promise<void> {
  if (options.isDry) return work();
  const { paths, env } = memory;
  mkdirSync(paths.spoolDir, { recursive: true, mode: 0o700 });
  const newToken = (): string => Buffer.from(env.randomBytes(12)).toString('hex');
  let waits = 0;
  const lock = await waitForLock(join(paths.spoolDir, 'lock'), newToken, () => {
    options.progress?.('waiting for the compressor that runs');
    return waits++ < 6000;
  });
  if (lock === undefined)
    throw new RepomemError('busy', `${paths.root}: another program writes records; nothing was written`);
  try {
    await work();
  } finally {
    lock.release();
  }
}

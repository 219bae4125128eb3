// Past sessions of the host, through the compressor: oldest first, each once, a session that was captured live never.
import { RepomemError } from '../../domain/errors.ts';
import { readState } from '../../compress/claims/session-state.ts';
import { shortSession } from '../../domain/id.ts';
import { tierDir } from '../../compress/plan/session-files.ts';
import { join } from 'node:path';
import { collectGarbage } from '../../store/collect-garbage.ts';
import { readRecordSet } from '../../memory/records.ts';
import { sessionCompressor, type SessionPlan } from '../compress-session.ts';
import type { Ground } from '../ground.ts';
import { appendImports, hashOfText, importedSources, pendingOf, readImports, type ImportEntry } from '../import-log.ts';
import { emptyReading } from '../item.ts';
import type { ImportReport } from '../report.ts';
import type { RunOptions, Source } from '../source.ts';
import {
  keptDays,
  likelyFormer,
  listTranscripts,
  mayBeOwn,
  readOwn,
  type OwnTranscript,
  type TranscriptFile,
} from './transcripts.ts';

export const source: Source = {
  async find(ground) {
    const files = listTranscripts(ground);
    const own = files.filter((file) => mayBeOwn(ground, file));
    const live = await capturedSessions(ground);
    const begun = new Set(readImports(ground.memory.paths, 'sessions').map(({ from }) => from));
    const fresh = own.filter(({ session }) => begun.has(`sessions:${session}`) || !isCaptured(ground, session, live));
    const [oldest] = fresh;
    const former = likelyFormer(
      ground,
      files.filter((file) => !own.includes(file)),
    );
    if (oldest === undefined && former.length === 0) return undefined;
    const notes = former.map((folder) => `probably also of this repository: --also ${folder}`);
    if (oldest !== undefined) notes.unshift(whenGone(ground, oldest.mtimeMs));
    return {
      count: fresh.length,
      unit: fresh.length === 1 ? 'session' : 'sessions',
      ...(oldest && { oldest: new Date(oldest.mtimeMs).toISOString() }),
      note: notes.join('; '),
    };
  },
  async read() {
    return emptyReading();
  },
  write,
};

/** The host deletes its transcripts. */
function whenGone({ env }: Ground, mtimeMs: number): string {
  const days = Math.ceil((mtimeMs + keptDays(env.home) * 86_400_000 - env.now().getTime()) / 86_400_000);
  return days <= 0 ? 'the oldest goes any day now' : `the oldest goes in ${days} ${days === 1 ? 'day' : 'days'}`;
}

/** Short ids of sessions with records that no import wrote. */
async function capturedSessions({ memory }: Ground): Promise<Set<string>> {
  const imported = new Set(
    importedSources(memory.paths).flatMap((name) => readImports(memory.paths, name).map(({ id }) => id)),
  );
  const { assessed } = await readRecordSet(memory);
  return new Set(
    assessed.flatMap(({ excerpt }) =>
      excerpt.session === undefined || imported.has(excerpt.id) ? [] : excerpt.session,
    ),
  );
}

function isCaptured({ memory }: Ground, session: string, live: ReadonlySet<string>): boolean {
  return live.has(shortSession(session)) || readState(memory.paths, session).revision > 0;
}

async function write(ground: Ground, report: ImportReport, options: RunOptions): Promise<void> {
  const { memory } = ground;
  const { paths, env } = memory;
  const asks = options.withModel === true;
  const compressor = await sessionCompressor(memory, ground.roots, { asks, isDry: options.isDry });
  if (asks && !compressor.hasModel)
    throw new RepomemError('usage', 'import sessions --model: expected a model in your own settings; there is none', {
      hint: 'repomem settings provider claude, or without --model',
    });
  const log = readImports(paths, report.source);
  const done = new Set(log.flatMap(({ from, isPending }) => (isPending === true ? [] : from)));
  const begun = new Set(log.map(({ from }) => from));
  const live = await capturedSessions(ground);
  const files = listTranscripts(ground);
  const seen = new Set<string>();
  const others: TranscriptFile[] = [];
  const at = env.now().toISOString();
  const note = (reason: string): void => void (report.skipped[reason] = (report.skipped[reason] ?? 0) + 1);
  let [taken, tokens] = [0, 0];
  for (const [index, file] of files.entries()) {
    options.progress?.(`session ${index + 1} of ${files.length}`);
    const transcript = readOwn(ground, file, seen);
    if (transcript === undefined) {
      others.push(file);
      continue;
    }
    report.read++;
    if (done.has(`sessions:${file.session}`)) report.known++;
    else if (!begun.has(`sessions:${file.session}`) && isCaptured(ground, file.session, live)) note('captured live');
    else if (options.since !== undefined && transcript.ended < options.since) note('older than --since');
    else if (options.max !== undefined && taken >= options.max) note('beyond --max');
    else {
      taken++;
      const planned = await compressor.plan(transcript);
      const entries = planned === undefined ? [] : reportPlan(ground, planned, report, { run: report.run, at });
      tokens += planned?.tokens ?? 0;
      if (entries.length === 0) note('nothing to remember in it');
      if (!options.isDry) publish(ground, transcript, planned, entries, report, at);
      // A session leaves tens of megabytes behind.
      await collectGarbage();
    }
  }
  if (asks) report.notes.push(`about ${tokens} tokens ${options.isDry ? 'would be sent' : 'were sent'} to your model`);
  for (const folder of likelyFormer(ground, others))
    report.notes.push(`probably also of this repository: --also ${folder}`);
}

function reportPlan(
  { memory: { paths } }: Ground,
  { plan }: SessionPlan,
  report: ImportReport,
  { run, at }: { run: string; at: string },
): ImportEntry[] {
  const from = `sessions:${plan.state.session}`;
  return plan.written.map(({ id, tier, path, title, type }) => {
    report.records.push({ id, from, tier, type, title, path: join(tierDir(paths, tier), path) });
    const text = plan.files.find((file) => file.path === path && file.tier === tier)?.text ?? '';
    return { from, id, run, at, tier, path, hash: hashOfText(text), session: plan.state.session };
  });
}

/** A session that was stopped half-way is done again, and writes the same. */
function publish(
  { memory: { paths } }: Ground,
  { session }: OwnTranscript,
  planned: SessionPlan | undefined,
  entries: readonly ImportEntry[],
  report: ImportReport,
  at: string,
): void {
  appendImports(paths, report.source, pendingOf(entries));
  planned?.publish();
  const empty: ImportEntry = { from: `sessions:${session}`, id: '', run: report.run, at, session };
  appendImports(paths, report.source, entries.length > 0 ? entries : [empty]);
}

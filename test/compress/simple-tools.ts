// A memory without git and minimal dependencies, for tests of the pipeline alone.
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import type { Event } from '../../src/domain/event.ts';
import type { MemoryPaths } from '../../src/domain/memory-paths.ts';
import type { MemoryRecord } from '../../src/domain/record.ts';
import { blankMode } from '../../src/compress/providers/provider.ts';
import { replayProvider } from '../helpers/replay-provider.ts';
import type { CompressSettings, CompressTools } from '../../src/compress/claims/dependencies.ts';
import { wordsOfRecord } from '../../src/index/record-words.ts';
import { refreshTable } from '../../src/index/refresh.ts';
import { writeFileAtomic } from '../../src/store/atomic.ts';
import { listRecordFiles } from '../../src/store/list-files.ts';
import { readRecordFile } from '../../src/store/read-file.ts';

export function simplePlace(root: string): MemoryPaths {
  const memoryDir = join(root, '.claude-mem');
  const commonDir = join(root, '.git');
  const privateDir = join(commonDir, 'repomem');
  const paths: MemoryPaths = {
    root,
    memoryDir,
    worktree: root,
    gitDir: commonDir,
    commonDir,
    worktreeKey: 'main',
    localDir: join(memoryDir, 'local'),
    privateDir,
    spoolDir: join(privateDir, 'spool', 'main'),
  };
  for (const name of ['tmp', 'new', 'claims', 'dead']) mkdirSync(join(paths.spoolDir, name), { recursive: true });
  mkdirSync(memoryDir, { recursive: true });
  return paths;
}

export const simpleSettings: CompressSettings = {
  maxRecords: 5,
  maxBytes: 10_240,
  maxLocalBytes: 14_336,
  sessions: false,
  types: ['auto'],
  language: 'auto',
  mode: blankMode,
  learnWhen: 'session',
  retryDelaysMs: [1, 1],
};

/** A payload of the tests' own host: its events as they are. */
export interface SimplePayload {
  session: string;
  events: Partial<Event>[];
  transcriptPath?: string;
}

function parseSimple(payload: unknown, at: string): ReturnType<CompressTools['parsePayload']> {
  const { session, events, transcriptPath } = payload as SimplePayload;
  if (!Array.isArray(events)) throw new Error('no events');
  return {
    session,
    agent: 'simple',
    events: events.map((event) => ({ at, key: '', ...event }) as Event),
    ...(transcriptPath === undefined ? {} : { transcriptPath }),
  };
}

/** Overrides win; everything else is as plain as can be. */
export function simpleTools(paths: MemoryPaths, overrides: Partial<CompressTools> = {}): CompressTools {
  return {
    env: { now: () => new Date(), randomBytes: (count) => randomBytes(count) },
    settings: simpleSettings,
    provider: replayProvider([]),
    fallback: { ...replayProvider([{ reply: { by: 'fallback/1' } }]), name: 'rules' },
    parsePayload: parseSimple,
    readTranscript: (_path, from) => ({ entries: [], to: from }),
    redact: (text) => ({ text: text.replaceAll('hunter2', '[redacted]') }),
    filter: (events) => [...events],
    snapshot: (gone) => ({ ...(gone ?? { branch: 'main' }), onDefault: gone === undefined, objectFormat: 'sha1' }),
    readKnown: async () => {
      const { table } = await refreshTable(paths, { wordsOf: wordsOfRecord });
      return Array.from({ length: table.count }, (_, row) => table.excerptAt(row));
    },
    readRecord: async (excerpt) => {
      const absolute = isAbsolute(excerpt.path) ? excerpt.path : join(paths.root, excerpt.path);
      const read = readRecordFile({ ...excerpt, absolute });
      return 'record' in read ? read.record : undefined;
    },
    makeCites: (drafts) => drafts.map(({ path }) => ({ path })),
    untracked: (filePaths) => new Set(filePaths),
    write: writeFileAtomic,
    ...overrides,
  };
}

export function recordsOf(paths: MemoryPaths): MemoryRecord[] {
  return listRecordFiles(paths).files.flatMap((file) => {
    const read = readRecordFile(file);
    return 'record' in read ? [read.record] : [];
  });
}

let ordinal = 0;

/** One event file, written beside and renamed in. */
export function putPayload(paths: MemoryPaths, payload: SimplePayload | string): string {
  ordinal++;
  const name = `${process.pid}-${String(ordinal).padStart(8, '0')}.json`;
  const file = join(paths.spoolDir, 'tmp', name);
  writeFileSync(file, typeof payload === 'string' ? payload : JSON.stringify(payload));
  renameSync(file, join(paths.spoolDir, 'new', name));
  return name;
}

export function namesIn(paths: MemoryPaths, folder: string): string[] {
  return readdirSync(join(paths.spoolDir, folder)).filter((name) => !name.startsWith('.'));
}

export function readAll(dir: string): string {
  let text = '';
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) text += readFileSync(join(entry.parentPath, entry.name), 'utf8');
  return text;
}

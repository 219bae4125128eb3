// Reads a SQLite database that another program may be writing: read-only, by Node's own module where there is one, else by the sqlite3 command.
// Never `immutable`: it would pass over everything that stands in the write-ahead log.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { codeOf, RepomemError } from '../../domain/errors.ts';
import { namesIn } from '../files.ts';

export type Row = Record<string, unknown>;

export interface Database {
  all(sql: string): Row[];
  close(): void;
}

/** Undefined where this way does not exist on the machine. Throws RepomemError for a file that is no database, damaged or locked. */
export type Opener = (file: string) => Promise<Database | undefined>;

const busyMs = 5_000;
const outputMaxBytes = 512 * 1024 * 1024;

/** Node 22.13 and newer. Its note on standard error that the module is experimental is not the user's business. */
export const openWithNode: Opener = async (file) => {
  interface Statement {
    all(): Row[];
  }
  interface Module {
    DatabaseSync: new (
      file: string,
      options: { readOnly: boolean; timeout: number },
    ) => { prepare(sql: string): Statement; close(): void };
  }
  const name = 'node:sqlite';
  const warn = process.emitWarning;
  process.emitWarning = () => {};
  let sqlite: Module;
  try {
    sqlite = (await import(name)) as Module;
  } catch {
    return undefined;
  } finally {
    process.emitWarning = warn;
  }
  return said(file, () => {
    const database = new sqlite.DatabaseSync(file, { readOnly: true, timeout: busyMs });
    return {
      all: (sql) => said(file, () => database.prepare(sql).all()),
      close: () => database.close(),
    };
  });
};

export const openWithCommand: Opener = async (file) => {
  if (spawnSync('sqlite3', ['-version'], { stdio: 'ignore' }).status !== 0) return undefined;
  return {
    all: (sql) =>
      said(file, () => {
        const quiet = ['-init', '/dev/null', '-batch', '-bail'];
        const args = [...quiet, '-readonly', '-json', '-cmd', `.timeout ${busyMs}`, file];
        const run = spawnSync('sqlite3', [...args, sql], { encoding: 'utf8', maxBuffer: outputMaxBytes });
        if (run.error) throw run.error;
        if (run.status !== 0) throw new Error(run.stderr.trim().split('\n')[0] ?? '');
        return run.stdout.trim() === '' ? [] : (JSON.parse(run.stdout) as Row[]);
      }),
    close: () => {},
  };
};

/** The driver's own words, made ours. */
function said<T>(file: string, ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (/locked|busy/i.test(reason))
      throw new RepomemError('busy', `${file}: another program has it locked; nothing was read`, {
        hint: 'try again when it is done, or import a JSON export with --from',
        cause: error,
      });
    if (/unable to open|readonly|read-only|CANTOPEN/i.test(reason))
      throw Object.assign(new RepomemError('read-only', `${file}: cannot be opened: ${reason}`), { isUnopened: true });
    throw new RepomemError('bad-record', `${file}: expected a SQLite database; got: ${reason}`, {
      hint: 'a copy from its backups/ folder, or a JSON export, can be imported with --from',
      cause: error,
    });
  }
}

/**
 * Opens `file`, hands it to `use` and leaves everything beside it as it was. Throws RepomemError `install` where no way of reading exists.
 */
export async function withDatabase<T>(
  file: string,
  use: (database: Database) => T,
  openers: readonly Opener[] = [openWithNode, openWithCommand],
): Promise<T> {
  for (const open of openers) {
    const shm = `${file}-shm`;
    const hadShm = existsSync(shm);
    try {
      const used = await useOne(file, open, use);
      if (used !== undefined) return used.value;
    } catch (error) {
      if (!(error instanceof Error && 'isUnopened' in error)) throw error;
      const used = await useCopy(file, open, use);
      if (used !== undefined) return used.value;
    } finally {
      if (!hadShm && existsSync(shm) && !isHeld(shm)) rmSync(shm, { force: true });
    }
  }
  throw new RepomemError(
    'install',
    `${file}: cannot be read here; expected Node 22.13 or newer, or the sqlite3 command`,
    {
      hint: 'install one of them, or import a JSON export: --from FILE (export-memories, or /api/search?format=json of the running daemon)',
    },
  );
}

async function useOne<T>(
  file: string,
  open: Opener,
  use: (database: Database) => T,
): Promise<{ value: T } | undefined> {
  const database = await open(file);
  if (database === undefined) return undefined;
  try {
    return { value: use(database) };
  } finally {
    database.close();
  }
}

/** SQLite has to write beside a database with a log: where it may not, a private copy of both is read. */
async function useCopy<T>(
  file: string,
  open: Opener,
  use: (database: Database) => T,
): Promise<{ value: T } | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'repomem-'));
  try {
    const copy = join(folder, basename(file));
    copyFileSync(file, copy);
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`);
    return await useOne(copy, open, use);
  } catch (error) {
    if (codeOf(error) === 'EACCES' || codeOf(error) === 'ENOENT')
      throw new RepomemError('not-found', `${file}: cannot be read: ${error instanceof Error ? error.message : ''}`);
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether another process has it open. Where that cannot be found out, it counts as held. */
function isHeld(file: string): boolean {
  if (existsSync('/proc/self/fd'))
    return namesIn('/proc').some(
      (pid) => /^\d+$/.test(pid) && pid !== String(process.pid) && openFilesOf(pid).includes(file),
    );
  const run = spawnSync('lsof', ['-t', '--', file], { encoding: 'utf8' });
  return run.error !== undefined || run.stdout.trim() !== '';
}

function openFilesOf(pid: string): string[] {
  return namesIn(`/proc/${pid}/fd`).flatMap((name) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${name}`);
    } catch {
      return []; // Closed meanwhile.
    }
  });
}

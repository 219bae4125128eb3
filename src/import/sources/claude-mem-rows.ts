// The rows of claude-mem, from its database of any version or from a JSON export: columns are read by name, and what is missing is missing.
import { RepomemError } from '../../domain/errors.ts';
import type { Database, Row } from './sqlite.ts';

export interface ClaudeMemRows {
  observations: Row[];
  summaries: Row[];
  sessions: Row[];
  /** Content session → folders that its tools ran in. */
  folders: ReadonlyMap<string, string[]>;
}

const pageRows = 5_000;

/** `isWanted` drops rows while they are read: a database may hold a hundred thousand of other projects. Throws RepomemError for a foreign database. */
export function readRows(database: Database, file: string, isWanted: (row: Row) => boolean): ClaudeMemRows {
  const tables = new Set(
    database.all("SELECT name FROM sqlite_master WHERE type = 'table'").map(({ name }) => textOf(name)),
  );
  if (!tables.has('observations') || !tables.has('sdk_sessions'))
    throw new RepomemError(
      'bad-record',
      `${file}: expected a database of claude-mem (tables observations, sdk_sessions)`,
      {
        hint: 'it is claude-mem.db in ~/.claude-mem; --from names another one',
      },
    );
  const page = (table: string): Row[] => {
    const kept: Row[] = [];
    for (let last = -1; ;) {
      const rows = database.all(`SELECT * FROM ${table} WHERE id > ${last} ORDER BY id LIMIT ${pageRows}`);
      kept.push(...rows.filter(isWanted));
      last = Number(rows.at(-1)?.['id'] ?? NaN);
      if (rows.length < pageRows || !Number.isInteger(last)) return kept;
    }
  };
  const folders = new Map<string, string[]>();
  if (tables.has('tool_uses'))
    for (const row of database.all(
      "SELECT DISTINCT content_session_id AS session, cwd FROM tool_uses WHERE cwd IS NOT NULL AND cwd <> ''",
    ))
      folders.set(textOf(row['session']), [...(folders.get(textOf(row['session'])) ?? []), textOf(row['cwd'])]);
  return {
    observations: page('observations'),
    summaries: tables.has('session_summaries') ? page('session_summaries') : [],
    sessions: database.all(sessionColumns(database)),
    folders,
  };
}

/** Of the sessions only what joins the two ids: prompts stay where they are. */
function sessionColumns(database: Database): string {
  const has = new Set(database.all('PRAGMA table_info(sdk_sessions)').map(({ name }) => textOf(name)));
  const wanted = ['content_session_id', 'claude_session_id', 'memory_session_id', 'sdk_session_id', 'project'];
  return `SELECT ${wanted.filter((name) => has.has(name)).join(', ')} FROM sdk_sessions`;
}

/** An export by `export-memories`, or the answer of the search endpoint. Undefined for other JSON. */
export function rowsOfExport(value: unknown, isWanted: (row: Row) => boolean): ClaudeMemRows | undefined {
  if (typeof value !== 'object' || value === null || !('observations' in value)) return undefined;
  const list = (name: string): Row[] => {
    const rows = (value as Row)[name];
    return Array.isArray(rows) ? rows.filter((row): row is Row => typeof row === 'object' && row !== null) : [];
  };
  if (!Array.isArray((value as Row)['observations'])) return undefined;
  return {
    observations: list('observations').filter(isWanted),
    summaries: [...list('summaries'), ...list('session_summaries')].filter(isWanted),
    sessions: [...list('sessions'), ...list('sdk_sessions')],
    folders: new Map(),
  };
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** A JSON array in a text; of anything else each line. */
export function listOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(textOf).filter((item) => item.trim() !== '');
  const text = textOf(value).trim();
  if (text === '') return [];
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed)) return parsed.map(textOf).filter((item) => item.trim() !== '');
    return typeof parsed === 'string' ? [parsed] : [];
  } catch {
    return text
      .split('\n')
      .map((line) => line.replace(/^[-*]\s+/, '').trim())
      .filter((line) => line !== '');
  }
}

/** Of epochs in milliseconds or seconds, or an ISO time; undefined for none. */
export function timeOf(row: Row): string | undefined {
  const epoch = Number(row['created_at_epoch'] ?? NaN);
  const ms =
    Number.isFinite(epoch) && epoch > 0 ? (epoch < 1e11 ? epoch * 1000 : epoch) : Date.parse(textOf(row['created_at']));
  return Number.isFinite(ms) && ms > 0 && ms < 8.64e15 ? new Date(ms).toISOString() : undefined;
}

// claude-mem: its database, or a JSON export of it. Only what belongs to this repository, and of that what is no noise.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RepomemError } from '../../domain/errors.ts';
import { isObservationType } from '../../domain/types.ts';
import { readJson, settingsIn } from '../files.ts';
import { expandHome, isElsewhere, isInside, ownPath, type Ground } from '../ground.ts';
import {
  draftOf,
  emptyReading,
  skip,
  type ItemFile,
  type Reading,
  type StatementItem,
  type SummaryItem,
} from '../item.ts';
import type { Source } from '../source.ts';
import { firstSentence, isTakenBack, typeNamed } from '../statements.ts';
import { listOf, readRows, rowsOfExport, textOf, timeOf, type ClaudeMemRows } from './claude-mem-rows.ts';
import { withDatabase, type Row } from './sqlite.ts';

const filesMax = 5;
const noise =
  /^(?:installed|install(?:ing)?|ran|running|listed|listing|read|viewed|opened|checked|executed|started|stopped|searched|no (?:changes|output)|git status|tests? (?:ran|passed|run))\b/i;

const unit = 'observations and summaries';

export const source: Source = {
  async find(ground) {
    const file = fileOf(ground);
    if (!existsSync(file)) return undefined;
    try {
      const { items } = await readAll(ground, file);
      const times = items.map(({ at }) => at).sort();
      return { count: items.length, unit, ...(times[0] !== undefined && { oldest: times[0] }) };
    } catch (error) {
      return { count: 0, unit, note: error instanceof Error ? error.message : String(error) };
    }
  },
  async read(ground) {
    const file = fileOf(ground);
    if (!existsSync(file))
      throw new RepomemError('not-found', `${file}: expected a database of claude-mem or a JSON export; found none`, {
        hint: '--from names the file',
      });
    return readAll(ground, file);
  },
};

function fileOf({ env, from }: Ground): string {
  const named = from ?? expandHome(dataFolder(env.vars, env.home), env.home);
  return statSync(named, { throwIfNoEntry: false })?.isDirectory() === true ? join(named, 'claude-mem.db') : named;
}

function dataFolder(vars: Readonly<Record<string, string | undefined>>, home: string): string {
  const named = textOf(settingsIn(join(home, '.claude-mem/settings.json'))['CLAUDE_MEM_DATA_DIR']);
  return vars['CLAUDE_MEM_DATA_DIR'] || named || join(home, '.claude-mem');
}

async function readAll(ground: Ground, file: string): Promise<Reading> {
  const isWanted = (row: Row): boolean => mayBelong(ground, row);
  if (/^\ufeff?[{[]/.test(readFileSync(file).subarray(0, 4).toString())) {
    const rows = rowsOfExport(readJson(file, "claude-mem's export"), isWanted);
    if (rows === undefined)
      throw new RepomemError(
        'bad-record',
        `${file}: expected claude-mem's export with a list observations; found none`,
      );
    return readingOf(ground, rows);
  }
  return withDatabase(file, (database) => readingOf(ground, readRows(database, file, isWanted)));
}

/** By the name alone: folders decide later, where they are known. */
function mayBelong(ground: Ground, row: Row): boolean {
  const named = [textOf(row['project']), textOf(row['merged_into_project'])].filter((name) => name !== '');
  if (named.some((name) => name === ground.name || name.startsWith(`${ground.name}/`))) return true;
  const files = [...listOf(row['files_modified']), ...listOf(row['files_read'])];
  return files.some((path) => path.startsWith('/') && isInside(ground, path));
}

function readingOf(ground: Ground, rows: ClaudeMemRows): Reading {
  const reading = emptyReading();
  const contentOf = new Map(
    rows.sessions.map((row) => [memorySession(row), textOf(row['content_session_id'] ?? row['claude_session_id'])]),
  );
  const belongs = (row: Row): boolean => {
    const folders = rows.folders.get(contentOf.get(memorySession(row)) ?? '') ?? [];
    if (folders.some((folder) => isInside(ground, folder))) return true;
    return !folders.some((folder) => isElsewhere(ground, folder)) && !isOfOthers(ground, row);
  };
  for (const row of rows.observations) {
    const item = belongs(row) ? statementOf(ground, row, contentOf, reading) : skip(reading, 'of another folder');
    if (item !== undefined) reading.items.push(item);
  }
  reading.items.push(...summariesOf(rows.summaries.filter(belongs), contentOf));
  return reading;
}

function memorySession(row: Row): string {
  return textOf(row['memory_session_id'] ?? row['sdk_session_id']);
}

/** It names files of a folder that exists and is none of ours, and no file of ours. */
function isOfOthers(ground: Ground, row: Row): boolean {
  const files = [...listOf(row['files_modified']), ...listOf(row['files_read'])].filter((path) => path.startsWith('/'));
  return files.length > 0 && files.every((path) => ownPath(ground, path, namesOf(row)) === undefined);
}

/** Of a linked worktree's project (`shop-web/feature-search`) the worktree's own folder, too. */
function namesOf(row: Row): string[] {
  return textOf(row['project']).split('/').filter(Boolean).reverse();
}

function sessionOf(row: Row, contentOf: ReadonlyMap<string, string>): string {
  return contentOf.get(memorySession(row)) || memorySession(row);
}

function statementOf(
  ground: Ground,
  row: Row,
  contentOf: ReadonlyMap<string, string>,
  reading: Reading,
): StatementItem | undefined {
  const at = timeOf(row);
  const type = textOf(row['type']);
  const narrative = textOf(row['narrative']).trim() || textOf(row['text']).trim();
  const named = textOf(row['title']).trim();
  if (type === 'sensitive') return skip(reading, 'marked as sensitive');
  const sentence = named === '' ? firstSentence(narrative) : { first: named, rest: narrative };
  const title = sentence.first;
  if (at === undefined || title === '') return skip(reading, 'without a time or a title');
  const facts = listOf(row['facts']);
  if (noise.test(title) && !/\b(?:because|since|so that|fail|error|broke)/i.test(narrative))
    return skip(reading, 'noise');
  const subtitle = textOf(row['subtitle']).trim();
  const known = typeNamed(type) ?? 'discovery';
  const isFading = known === 'change' || known === 'refactor' || known === 'discovery';
  const concepts = listOf(row['concepts']).filter((concept) => concept !== known);
  const session = sessionOf(row, contentOf);
  const draft = draftOf({
    type: isFading && isTakenBack(`${title}. ${subtitle}`) ? 'dead-end' : known,
    title,
    description: subtitle === 'Manual memory' ? '' : subtitle,
    body: sentence.rest,
    facts,
    concepts: isObservationType(type) || type === '' ? concepts : [...concepts, type.replaceAll('_', '-')],
    importance: Math.min(1, 0.4 + (facts.length + concepts.length) * 0.05),
  });
  return {
    kind: 'statement',
    from: `claude-mem:${session.slice(0, 8)}-${textOf(row['id'])}`,
    at,
    session,
    agent: 'claude-code',
    group: session,
    draft,
    files: filesOf(ground, row),
  };
}

function filesOf(ground: Ground, row: Row): ItemFile[] {
  const own = (value: unknown): string[] => listOf(value).flatMap((path) => ownPath(ground, path, namesOf(row)) ?? []);
  const modified = [...new Set(own(row['files_modified']))];
  const read = [...new Set(own(row['files_read']))].filter((path) => !modified.includes(path));
  const kept = modified.length + read.length > filesMax ? modified.slice(0, filesMax) : [...modified, ...read];
  return kept.map((path) => ({ path, ...(modified.includes(path) && { isEdited: true }) }));
}

/** One for each turn; of a session the last one tells. */
function summariesOf(rows: readonly Row[], contentOf: ReadonlyMap<string, string>): SummaryItem[] {
  const last = new Map<string, { row: Row; at: string; started: string }>();
  for (const row of rows) {
    const at = timeOf(row);
    if (at === undefined) continue;
    const session = sessionOf(row, contentOf);
    const older = last.get(session);
    const started = older === undefined || older.started > at ? at : older.started;
    last.set(session, older !== undefined && older.at > at ? { ...older, started } : { row, at, started });
  }
  return [...last].map(([session, { row, at, started }]) => {
    const lines = (name: string): string[] =>
      textOf(row[name])
        .split(/\n+/)
        .map((line) => line.replace(/^[-*]\s+/, '').trim())
        .filter((line) => line !== '');
    const request = textOf(row['request']).trim();
    const title = request || (lines('completed')[0] ?? lines('learned')[0] ?? '');
    return {
      kind: 'summary',
      from: `claude-mem:${session.slice(0, 8)}-summary`,
      at,
      started: `${started.slice(0, 19)}Z`,
      session,
      agent: 'claude-code',
      summary: {
        title,
        request,
        investigated: lines('investigated'),
        learned: lines('learned'),
        completed: lines('completed'),
        nextSteps: lines('next_steps'),
      },
    };
  });
}

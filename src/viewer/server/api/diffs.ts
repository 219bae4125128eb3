// What commits and ranges changed, line by line.
import { RepomemError } from '../../../domain/errors.ts';
import { readCommit } from '../../../git/history/commits.ts';
import { cleanLine } from '../../../privacy/invisible.ts';
import type { ChangesAnswer, CommitChanges } from '../../wire.ts';
import { cleanCode } from '../clean-code.ts';
import { textParam, type Ask, type Route } from '../route.ts';
import { diffFiles } from './file-diffs.ts';

/** Words that name commits: no option, nothing unseen. */
export function revisionOf(text: string, name: string): string {
  if (!/^[^-\s\u0000-\u001f][^\s\u0000-\u001f]{0,250}$/.test(text))
    throw new RepomemError('usage', `${name}: expected a commit, branch, tag or range; got '${text.slice(0, 60)}'`);
  return text;
}

/** RepomemError `usage` for a path that leads out of the working tree. */
export function pathOf(path: string): string {
  if (/^[/\\]|(?:^|[/\\])\.\.?(?:[/\\]|$)|\u0000/.test(path))
    throw new RepomemError(
      'usage',
      `path: expected a path below the top of the working tree; got '${path.slice(0, 100)}'`,
    );
  return path;
}

async function commit({ source, params, query }: Ask): Promise<CommitChanges> {
  const { paths } = source;
  const info = readCommit(paths, revisionOf(params['id'] ?? '', 'id'));
  return {
    commit: { ...info, author: cleanLine(info.author, 80), summary: cleanLine(info.summary, 200) },
    ...shown(await diffFiles(paths, { head: info.id, ...pathsOf(query) })),
  };
}

async function hunks({ source, query }: Ask): Promise<ChangesAnswer> {
  const range = /^(.+?)\.\.\.?(.+)$/.exec(revisionOf(textParam(query, 'range') ?? '', 'range'));
  if (!range) throw new RepomemError('usage', 'range: expected BASE..HEAD');
  const [, base = '', head = ''] = range;
  return shown(await diffFiles(source.paths, { base, head, ...pathsOf(query) }));
}

function pathsOf(query: URLSearchParams): { path?: string } {
  const path = textParam(query, 'path');
  return path === undefined ? {} : { path: pathOf(path) };
}

function shown({ files, isCut }: ChangesAnswer): ChangesAnswer {
  const clean = files.map(({ rows, ...file }) => ({
    ...file,
    path: cleanCode(file.path),
    rows: rows.map((row) => ({ ...row, text: cleanCode(row.text) })),
  }));
  return { files: clean, isCut };
}

export const diffRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/commit/:id',
    about: 'What a commit changed, against its first parent; of the memory’s files the names alone',
    takes: { path: 'of one file' },
    run: commit,
  },
  {
    method: 'GET',
    path: '/api/hunks',
    about: 'What a range changed, as /api/commit',
    takes: { range: 'BASE..HEAD', path: 'of one file' },
    run: hunks,
  },
];

// Records of earlier sessions that a later session made obsolete.
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compressAll } from '../../src/compress/claims/run-claims.ts';
import { replayProvider, type ScriptedReply } from '../helpers/replay-provider.ts';
import { claimsOf, isOpposed } from '../../src/compress/plan/contradict.ts';
import type { Draft } from '../../src/domain/draft.ts';
import type { Event } from '../../src/domain/event.ts';
import type { MemoryPaths } from '../../src/domain/memory-paths.ts';
import type { MemoryRecord } from '../../src/domain/record.ts';
import { tempDir } from '../helpers/temp-repo.ts';
import { putPayload, recordsOf, simplePlace, simpleTools } from './simple-tools.ts';

let paths: MemoryPaths;
beforeEach(() => void (paths = simplePlace(tempDir())));
afterEach(() => rmSync(paths.root, { recursive: true, force: true }));

const trap: Partial<Draft> = {
  type: 'gotcha',
  title: '`parseRows()` skips rows without an amount silently',
  description: 'Nobody is told.',
};
const answered = (...drafts: Partial<Draft>[]): ScriptedReply => ({
  reply: {
    drafts,
    summary: { title: 'Rows', request: 'x', investigated: [], learned: [], completed: ['a'], nextSteps: [] },
  },
});
const commit = (message: string): Partial<Event> => ({
  kind: 'command',
  key: 'c',
  command: 'git commit',
  ok: true,
  output: '',
  commit: { message },
});
const edit: Partial<Event> = {
  kind: 'edit',
  key: 'e',
  path: 'rows.py',
  ok: true,
  created: false,
  hunks: [{ start: 8, lines: 3, removed: [], added: ['raise ValueError'] }],
};

async function session(id: string, events: Partial<Event>[], reply: ScriptedReply): Promise<void> {
  putPayload(paths, { session: id, events });
  await compressAll(paths, simpleTools(paths, { provider: replayProvider([reply]) }), { waits: true });
}

const find = (title: string): MemoryRecord | undefined =>
  recordsOf(paths).find((record) => record.title.includes(title));

describe('a commit of a later session', () => {
  beforeEach(() =>
    session(
      'one',
      [{ kind: 'text', key: 't', text: '`parseRows()` skips rows without an amount silently. Nobody is told.' }],
      answered(trap),
    ),
  );
  const message = 'Fix parseRows: fail on rows without an amount instead of skipping them silently';

  it('that mends what a record without a cite says supersedes it through the record on the same', async () => {
    const mended = { type: 'bugfix' as const, title: '`parseRows()` fails on rows without an amount' };
    await session('two', [edit, commit(message)], answered(mended));
    expect(find('fails on rows')?.supersedes).toEqual([find('skips rows')?.id]);
  });

  it('marks it where no record tells of the mending', async () => {
    await session('two', [edit, commit(message)], answered());
    const summary = recordsOf(paths).find(({ type, session: of }) => type === 'session' && of === 'two');
    expect(summary?.contradicts).toEqual([find('skips rows')?.id]);
  });

  it.each(['Add tests for parseRows', 'Fix the header of the export', 'Describe how rows are read'])(
    'with the message %j leaves it alone',
    async (other) => {
      await session('two', [edit, commit(other)], answered());
      expect(recordsOf(paths).flatMap(({ supersedes, contradicts }) => [...supersedes, ...contradicts])).toEqual([]);
    },
  );
});

describe('another value for the same name', () => {
  const statement = (title: string) => ({ title, description: '', facts: [], body: '' });
  it.each([
    ['`timeoutMs` in config/app.json is 30000', '`timeoutMs` in config/app.json is 5000 for payments', true],
    ['`timeoutMs` in config/app.json is 30000', '`retries` in config/app.json is 0', false],
  ])('%j against %j: %s', (newer, older, isOpposite) => {
    expect(isOpposed(claimsOf(statement(newer)), claimsOf(statement(older)))).toBe(isOpposite);
  });
});

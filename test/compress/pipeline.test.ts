import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TranscriptEntry } from '../../src/agents/agent.ts';
import { retryDead } from '../../src/compress/claims/claim.ts';
import { previewPasses } from '../../src/compress/claims/request.ts';
import { compressAll } from '../../src/compress/claims/run-claims.ts';
import { replayProvider, type ScriptedReply } from '../helpers/replay-provider.ts';
import { readState } from '../../src/compress/claims/session-state.ts';
import type { CompressReport, CompressTools } from '../../src/compress/claims/dependencies.ts';
import type { Draft } from '../../src/domain/draft.ts';
import type { Event } from '../../src/domain/event.ts';
import type { MemoryPaths } from '../../src/domain/memory-paths.ts';
import { readLedger } from '../../src/git/state/ledger.ts';
import { writeFileAtomic } from '../../src/store/atomic.ts';
import { blobId } from '../../src/store/blob.ts';
import { listRecordFiles } from '../../src/store/list-files.ts';
import { tempDir } from '../helpers/temp-repo.ts';
import { namesIn, putPayload, readAll, recordsOf, simplePlace, simpleSettings, simpleTools } from './simple-tools.ts';

let paths: MemoryPaths;
beforeEach(() => void (paths = simplePlace(tempDir())));
afterEach(() => rmSync(paths.root, { recursive: true, force: true }));

const edit = (key: string): Partial<Event> => ({
  kind: 'edit',
  key,
  path: 'a.ts',
  ok: true,
  created: false,
  hunks: [],
});
const ending: Partial<Event> = { kind: 'boundary', key: 'end', what: 'end' };
const put = (...events: Partial<Event>[]): string => putPayload(paths, { session: 's', events });
const run = (tools: Partial<CompressTools> = {}): Promise<CompressReport> =>
  compressAll(paths, simpleTools(paths, tools), { waits: true });
const drafts = (...list: Partial<Draft>[]): ScriptedReply => ({ reply: { drafts: list } });
const gotcha = (title: string, importance = 0.5): Partial<Draft> => ({ type: 'gotcha', title, importance });
const disk = (code: string): Error => Object.assign(new Error(`${code}: the disk says no`), { code });
const tiers = (): Record<string, string> =>
  Object.fromEntries(
    listRecordFiles(paths).files.map((file) => [
      /^title: (.*)$/m.exec(readFileSync(file.absolute, 'utf8'))?.[1],
      file.tier,
    ]),
  );

const summary = (title: string): ScriptedReply => ({
  reply: { summary: { title, request: 'fix', investigated: [], learned: ['a'], completed: [], nextSteps: ['b'] } },
});
const said = (key: string, text = key): TranscriptEntry => ({
  kind: 'event',
  event: { kind: 'text', key, at: '2026-11-20T12:00:00Z', text },
});
const writeNoRecord: CompressTools['write'] = (file, ...rest) => {
  if (file.endsWith('.md')) throw disk('ENOSPC');
  writeFileAtomic(file, ...rest);
};

it.each([false, true])('closing texts stand in a summary unless it is shared: %s', async (sessions) => {
  const { reply } = summary('Fix the queue') as { reply: { summary: object } };
  const provider = replayProvider([
    { reply: { summary: { ...reply.summary, texts: ['The queue retries.'] } } } as never,
  ]);
  put(edit('e'), ending);
  await run({ provider, settings: { ...simpleSettings, sessions } });
  const [file] = listRecordFiles(paths).files;
  expect(file?.tier).toBe(sessions ? 'shared' : 'local');
  expect(readFileSync(file!.absolute, 'utf8').includes('## Reports\n\nThe queue retries.')).toBe(!sessions);
});

describe('a provider that fails', () => {
  it('is tried three times, then the fallback takes the claim', async () => {
    const provider = replayProvider([{ error: 'overloaded' }]);
    const fallback = replayProvider([drafts(gotcha('From the fallback'))]);
    put(edit('e'));
    const report = await run({ provider, fallback });
    expect(provider.requests).toHaveLength(3);
    expect(fallback.requests).toEqual([provider.requests[0]]);
    expect(report.records).toMatchObject([{ title: 'From the fallback', tier: 'shared' }]);
    expect(report.problems.map(({ code }) => code)).toEqual(['provider', 'provider', 'provider']);
  });

  it('leaves the events to be tried again when the fallback fails too', async () => {
    const fallback = replayProvider([{ error: 'a fault' }, { error: 'a fault' }, { error: 'a fault' }]);
    const name = put(edit('e'));
    const report = await run({ provider: fallback, fallback });
    expect(report.problems.at(-1)).toMatchObject({ code: 'dead-claim' });
    expect(namesIn(paths, 'dead').sort()).toEqual([name, `${name}.reason`]);
    expect(retryDead(paths.spoolDir)).toBe(1);
    await run({ provider: replayProvider([drafts(gotcha('At last'))]) });
    expect(recordsOf(paths)).toMatchObject([{ title: 'At last' }]);
    expect(namesIn(paths, 'dead')).toEqual([]);
  });
});

describe('a poisoned event', () => {
  it('is set aside with its reason and the others go on', async () => {
    const bad = putPayload(paths, 'not json');
    put(edit('e'));
    const report = await run({ provider: replayProvider([drafts(gotcha('Still written'))]) });
    expect(recordsOf(paths)).toHaveLength(1);
    expect(report.problems).toMatchObject([{ code: 'dead-event' }]);
    expect(readFileSync(join(paths.spoolDir, 'dead', `${bad}.reason`), 'utf8')).toMatch(/JSON/);
  });

  it('is read although it holds raw control characters', async () => {
    const payload = JSON.stringify({ session: 's', events: [edit('e')] });
    putPayload(paths, `\uFEFF${payload.replace('"e"', '"e\u0000"')}`);
    expect(await run()).toMatchObject({ events: 1, problems: [] });
  });
});

describe('a disk that fails', () => {
  it.each(['ENOSPC', 'EROFS', 'EIO'])(
    'keeps the claim on %s in whatever write, and goes on when it passes',
    async (code) => {
      for (let failing = 1, isThrough = false; !isThrough; failing++) {
        rmSync(paths.root, { recursive: true, force: true });
        paths = simplePlace(paths.root);
        const provider = replayProvider([drafts(gotcha('Kept after all'))]);
        put(edit('e'));
        let writes = 0;
        const write: CompressTools['write'] = (...call) => {
          if (++writes >= failing) throw disk(code);
          writeFileAtomic(...call);
        };
        const report = await run({ provider, write });
        isThrough = writes < failing;
        expect(report.problems.some((problem) => problem.code === code)).toBe(!isThrough);
        const wasPaid =
          existsSync(join(paths.spoolDir, 'claims')) && readAll(join(paths.spoolDir, 'claims')).includes('scripted/1');
        await run({ provider });
        expect(recordsOf(paths)).toMatchObject([{ title: 'Kept after all' }]);
        expect(provider.requests).toHaveLength(wasPaid || isThrough ? 1 : provider.requests.length);
        expect([...namesIn(paths, 'claims'), ...namesIn(paths, 'dead'), ...namesIn(paths, 'new')]).toEqual([]);
      }
    },
  );
});

describe('a session over several claims', () => {
  it('gives the shared places to the better records', async () => {
    const settings = { ...simpleSettings, maxRecords: 2 };
    const provider = replayProvider([
      drafts(
        gotcha('Alpha breaks first', 0.4),
        gotcha('Beta leaks memory', 0.6),
        gotcha('Gamma deadlocks always', 0.9),
      ),
    ]);
    put(edit('e1'));
    await run({ provider, settings });
    expect(tiers()).toEqual({
      'Alpha breaks first': 'local',
      'Beta leaks memory': 'shared',
      'Gamma deadlocks always': 'shared',
    });
  });

  it('rewrites its uncommitted records', async () => {
    const provider = replayProvider([
      drafts(gotcha('Alpha breaks first'), gotcha('Beta leaks memory')),
      drafts(gotcha('Alpha breaks first'), gotcha('Gamma deadlocks always')),
    ]);
    put(edit('e1'));
    const [first] = (await run({ provider })).records;
    put(edit('e2'));
    await run({ provider });
    expect(Object.keys(tiers()).sort()).toEqual(['Alpha breaks first', 'Gamma deadlocks always']);
    expect(recordsOf(paths).map(({ id }) => id)).toContain(first?.id);
  });

  it('keeps records that are committed or were edited by a person', async () => {
    const settings = { ...simpleSettings, maxRecords: 1 };
    const provider = replayProvider([
      drafts(gotcha('Alpha breaks first', 0.4)),
      drafts(gotcha('Gamma deadlocks always', 0.9)),
    ]);
    put(edit('e1'));
    await run({ provider, settings });
    put(edit('e2'));
    await run({ provider, settings, untracked: () => new Set() });
    expect(tiers()).toEqual({ 'Alpha breaks first': 'shared', 'Gamma deadlocks always': 'local' });
  });

  it('sends the whole session, with its committed records', async () => {
    const provider = replayProvider([drafts(gotcha('Alpha breaks first')), drafts()]);
    put(edit('e1'));
    await run({ provider });
    put(edit('e1'), edit('e2'));
    await run({ provider, untracked: () => new Set() });
    expect(provider.requests[1]?.events.map(({ key }) => key)).toEqual(['e1', 'e2']);
    expect(provider.requests[1]?.known.map(({ title }) => title)).toEqual(['Alpha breaks first']);
  });

  it('sends no request for a prompt without an answer, and keeps it for the next request', async () => {
    const provider = replayProvider([]);
    put({ kind: 'prompt', key: 'p', text: 'use tabs' });
    await run({ provider });
    expect(provider.requests).toEqual([]);
    put(edit('e'));
    await run({ provider });
    expect(provider.requests[0]?.events.map(({ key }) => key)).toEqual(['p', 'e']);
  });

  it('has one summary, the newest', async () => {
    const provider = replayProvider([summary('At the compaction'), summary('At the end')]);
    put(edit('e1'), { kind: 'boundary', key: 'c', what: 'compaction' });
    await run({ provider });
    put(edit('e2'), ending);
    await run({ provider });
    put({ ...ending, key: 'again' });
    await run({ provider });
    expect(provider.requests.map(({ events }) => events.map(({ key }) => key))).toEqual([['e1'], ['e1', 'e2']]);
    expect(recordsOf(paths)).toMatchObject([
      { type: 'session', title: 'At the end', body: '## Learned\n\n- a\n\n## Next steps\n\n- b' },
    ]);
    expect(tiers()).toEqual({ 'At the end': 'local' });
  });

  it('gives no second record when the same session arrives under another name', async () => {
    const provider = replayProvider([
      drafts({ ...gotcha('Alpha breaks first'), facts: ['it does'], description: 'Because of beta.' }),
    ]);
    put(edit('e1'));
    await run({ provider });
    putPayload(paths, { session: 'other', events: [edit('e1')] });
    const report = await run({ provider });
    expect(recordsOf(paths)).toHaveLength(1);
    expect(report.dropped).toMatchObject([{ title: 'Alpha breaks first' }]);
  });
});

describe('a transcript', () => {
  it('is read once, from where it ended last time', async () => {
    const froms: number[] = [];
    const readTranscript: CompressTools['readTranscript'] = (_path, from) => {
      froms.push(from);
      return { entries: [said(`t${from}`)], to: from + 10 };
    };
    const provider = replayProvider([]);
    for (const key of ['e1', 'e2']) {
      putPayload(paths, { session: 's', events: [edit(key)], transcriptPath: '/t.jsonl' });
      await run({ provider, readTranscript });
    }
    expect(froms).toEqual([0, 10]);
    expect(provider.requests.map(({ events }) => events.map(({ key }) => key))).toEqual([
      ['t0', 'e1'],
      ['t0', 'e1', 't10', 'e2'],
    ]);
    expect(readState(paths, 's').transcript).toEqual({ path: '/t.jsonl', offset: 20 });
  });

  it('yields no text of a private turn, at any position', async () => {
    const provider = replayProvider([]);
    const prompt: Event = { kind: 'prompt', key: 'p', at: '', text: '<private>quince</private>' };
    const readTranscript: CompressTools['readTranscript'] = (_path, from, _context, clean) => ({
      entries: clean([{ kind: 'event', event: prompt }, said('a', 'about the quince'), said('b')]) as TranscriptEntry[],
      to: from + 1,
    });
    putPayload(paths, { session: 's', events: [prompt, edit('e')], transcriptPath: '/t.jsonl' });
    await run({ provider, readTranscript });
    expect(provider.requests).toEqual([]);
    expect(readAll(paths.root)).not.toContain('quince');
  });
});

describe('a written record', () => {
  it('has its blob in the ledger and its tokens in the usage', async () => {
    const usage = { requests: 1, tokensIn: 90, tokensOut: 10 };
    put(edit('e'));
    const report = await run({
      provider: replayProvider([{ reply: { usage, drafts: [gotcha('Alpha breaks first')] } }]),
    });
    const path = report.records[0]?.path ?? '';
    expect(readLedger(paths).byBlob.get(blobId(readFileSync(path)))).toMatchObject({
      id: report.records[0]?.id,
      branch: 'main',
    });
    expect(recordsOf(paths)[0]?.generated).toEqual({ by: 'scripted/1', tokens: 100 });
    expect(report.usage).toEqual(usage);
  });

  it('is redacted once more, and dropped when nothing is left of its title', async () => {
    put(edit('e'));
    const provider = replayProvider([
      drafts(
        { ...gotcha('The staging login needs a second factor'), body: 'It was hunter2.', facts: ['hunter2'] },
        gotcha('hunter2'),
      ),
    ]);
    const report = await run({ provider });
    expect(report.records).toHaveLength(1);
    expect(readAll(paths.memoryDir)).not.toContain('hunter2');
    expect(report.dropped).toEqual([{ title: '', reason: 'nothing was left of its title after redaction' }]);
  });

  it('has private lines of an edit taken out across lines', async () => {
    const provider = replayProvider([]);
    const hunks = [{ start: 1, lines: 3, removed: [], added: ['a', '<private>', 'quince', '</private>', 'b'] }];
    put({ ...edit('e'), hunks } as Partial<Event>);
    await run({ provider });
    expect(JSON.stringify(provider.requests)).not.toContain('quince');
    expect(JSON.stringify(provider.requests)).toContain('"b"');
  });
});

describe('the spool of a removed worktree', () => {
  it('is drained into this worktree’s memory and removed', async () => {
    const key = 'wt-gone';
    const gone: MemoryPaths = { ...paths, worktreeKey: key, spoolDir: join(dirname(paths.spoolDir), key) };
    for (const name of ['tmp', 'new']) mkdirSync(join(gone.spoolDir, name), { recursive: true });
    putPayload(gone, { session: 's', events: [edit('e')] });
    await run({ provider: replayProvider([drafts(gotcha('From the removed worktree'))]) });
    const [record] = recordsOf(paths);
    expect(record).toMatchObject({ title: 'From the removed worktree' });
    expect(record?.branch).toBeUndefined();
    expect(existsSync(gone.spoolDir)).toBe(false);
  });

  it('is left alone while its worktree exists', async () => {
    mkdirSync(join(paths.root, '.git', 'worktrees', 'there'), { recursive: true });
    const there: MemoryPaths = {
      ...paths,
      worktreeKey: 'wt-there',
      spoolDir: join(dirname(paths.spoolDir), 'wt-there'),
    };
    for (const name of ['tmp', 'new']) mkdirSync(join(there.spoolDir, name), { recursive: true });
    putPayload(there, { session: 's', events: [edit('e')] });
    expect(await run()).toMatchObject({ events: 0 });
    expect(namesIn(there, 'new')).toHaveLength(1);
  });
});

describe('previewPasses', () => {
  it('makes the requests of the next run and changes nothing', async () => {
    put(edit('e'));
    const passes = await previewPasses(paths, simpleTools(paths));
    expect(namesIn(paths, 'new')).toHaveLength(1);
    const provider = replayProvider([]);
    await run({ provider });
    expect(passes.map(({ request }) => request.events)).toEqual(provider.requests.map(({ events }) => events));
  });
});

describe('a moved repository', () => {
  it('finishes its plan at the new location', async () => {
    put(edit('e'));
    await run({ provider: replayProvider([drafts(gotcha('Written after the move'))]), write: writeNoRecord });
    const moved = `${paths.root}-moved`;
    renameSync(paths.root, moved);
    paths = simplePlace(moved);
    writeFileSync(join(moved, 'a.ts'), '');
    await run();
    expect(recordsOf(paths)).toMatchObject([{ title: 'Written after the move' }]);
  });
});

import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { array, assert, asyncProperty, integer } from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { extractiveProvider } from '../../src/compress/rules/rules-provider.ts';
import { compressAll } from '../../src/compress/claims/run-claims.ts';
import type { CompressReport, CompressTools } from '../../src/compress/claims/dependencies.ts';
import type { Event } from '../../src/domain/event.ts';
import type { MemoryPaths } from '../../src/domain/memory-paths.ts';
import { writeFileAtomic } from '../../src/store/atomic.ts';
import { listRecordFiles } from '../../src/store/list-files.ts';
import { tempDir } from '../helpers/temp-repo.ts';
import { germanDocs, pythonHunt, rustRefactor } from './rules/sessions.ts';
import { putPayload, recordsOf, simplePlace, simpleTools } from './simple-tools.ts';

let paths: MemoryPaths;
beforeEach(() => void (paths = simplePlace(tempDir())));
afterEach(() => rmSync(paths.root, { recursive: true, force: true }));

const provider = extractiveProvider();
const run = (tools: Partial<CompressTools> = {}): Promise<CompressReport> =>
  compressAll(paths, simpleTools(paths, { provider, fallback: provider, ...tools }), { waits: true });
const put = (events: readonly Partial<Event>[]): string => putPayload(paths, { session: 's1', events: [...events] });
const ending: Partial<Event> = { kind: 'boundary', key: 'end', what: 'end' };

/** The contents of the records, sorted. */
function told(): unknown[] {
  const tiers = new Map(listRecordFiles(paths).files.map((file) => [file.path.slice(-11, -3), file.tier]));
  return recordsOf(paths)
    .map(({ id, type, title, description, body, facts, aliases }) => ({
      tier: tiers.get(id),
      type,
      title,
      description,
      body,
      facts,
      aliases,
    }))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

async function live(events: readonly Event[], cuts: readonly number[]): Promise<void> {
  const ends = [...new Set(cuts)].filter((cut) => cut > 0 && cut < events.length).sort((a, b) => a - b);
  let from = 0;
  for (const to of [...ends, events.length]) {
    put(events.slice(from, to));
    await run();
    from = to;
  }
  put([ending]);
  await run();
}

const eventsFiles = (): string[] => {
  const dir = join(paths.privateDir, 'sessions');
  return existsSync(dir) ? readdirSync(dir).filter((name) => name.endsWith('.events.jsonl')) : [];
};

describe('a whole session', () => {
  it.each([
    ['a hunt for a bug', pythonHunt],
    ['a refactoring', rustRefactor],
    ['work on documents in German', germanDocs],
  ])('leaves the same records however its events were grouped: %s', async (_, events) => {
    await live(events, []);
    const expected = told();
    expect(expected.length).toBeGreaterThan(1);
    await assert(
      asyncProperty(array(integer({ min: 1, max: events.length - 1 }), { maxLength: 8 }), async (cuts) => {
        rmSync(paths.root, { recursive: true, force: true });
        paths = simplePlace(paths.root);
        await live(events, cuts);
        expect(told()).toEqual(expected);
        expect(eventsFiles()).toEqual(['s1.events.jsonl']);
      }),
      { numRuns: 12 },
    );
  });

  it('keeps the file and the id of a record that the last pass would write again', async () => {
    put(pythonHunt);
    put([{ kind: 'boundary', key: 'c', what: 'compaction' }]);
    await run();
    const before = listRecordFiles(paths).files.filter((file) => file.path.includes('observations'));
    expect(before.length).toBeGreaterThan(0);
    put([{ kind: 'prompt', key: 'late', text: 'Thanks, that is all.' }, ending]);
    await run();
    const after = listRecordFiles(paths).files.filter((file) => file.path.includes('observations'));
    expect(after.map((file) => file.path)).toEqual(before.map((file) => file.path));
  });

  it('keeps records committed meanwhile and does not repeat them', async () => {
    put(pythonHunt.slice(0, 12));
    await run();
    const committed = listRecordFiles(paths).files.filter((file) => file.tier === 'shared');
    expect(committed.length).toBeGreaterThan(0);
    put([...pythonHunt.slice(12), ending]);
    await run({ untracked: () => new Set() });
    const filePaths = listRecordFiles(paths).files.map((file) => file.path);
    for (const { path } of committed) expect(filePaths).toContain(path);
    const titles = recordsOf(paths).flatMap(({ type, title }) => (type === 'session' ? [] : [title]));
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('stores its events readable by the owner only, without private text', async () => {
    put([
      { kind: 'prompt', key: 'p', text: '<private>quince</private>' },
      { kind: 'text', key: 't', text: 'The quince is ripe.' },
      { kind: 'prompt', key: 'q', text: 'Now the parser. My key is hunter2.' },
      { kind: 'edit', key: 'e', path: 'a.ts', ok: true, created: false, hunks: [] },
    ]);
    await run();
    const [name = ''] = eventsFiles();
    const file = join(paths.privateDir, 'sessions', name);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toMatch(/Now the parser/);
    expect(readFileSync(file, 'utf8')).not.toMatch(/quince|hunter2/);
  });

  it('uses its earlier events when it is resumed', async () => {
    await live(pythonHunt, [5]);
    const first = recordsOf(paths).filter((record) => record.type !== 'session');
    const again = rustRefactor.map((event) => ({ ...event, key: `again-${event.key}`, at: '2027-01-01T00:00:00Z' }));
    put([...again, { ...ending, key: 'end-2' }]);
    await run();
    const titles = recordsOf(paths).map((record) => record.title);
    for (const record of first) expect(titles).toContain(record.title);
    expect(titles.length).toBeGreaterThan(first.length + 1);
  });

  it('writes the same records when any one write fails on the way', async () => {
    await live(rustRefactor, [4, 9]);
    const expected = told();
    for (let failing = 1, isThrough = false; !isThrough; failing++) {
      rmSync(paths.root, { recursive: true, force: true });
      paths = simplePlace(paths.root);
      let writes = 0;
      const write: CompressTools['write'] = (file, data, options) => {
        if (++writes === failing) throw Object.assign(new Error('ENOSPC: full'), { code: 'ENOSPC' });
        writeFileAtomic(file, data, { ...options, fsync: false });
      };
      for (const part of [rustRefactor.slice(0, 4), rustRefactor.slice(4, 9), rustRefactor.slice(9), [ending]]) {
        put(part as Partial<Event>[]);
        await run({ write });
      }
      await run({ write });
      expect(told()).toEqual(expected);
      isThrough = writes < failing;
    }
  });
});

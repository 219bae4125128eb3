// When a model is asked: once per session, over everything; and the rules' work in between.
import { rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasSilentSession, listWaiting } from '../../src/capture/waiting.ts';
import { compressAll, hasWork } from '../../src/compress/claims/run-claims.ts';
import { replayProvider, type Scripted } from '../helpers/replay-provider.ts';
import type { CompressReport, CompressTools } from '../../src/compress/claims/dependencies.ts';
import type { Provider } from '../../src/compress/providers/provider.ts';
import type { Draft } from '../../src/domain/draft.ts';
import type { Event } from '../../src/domain/event.ts';
import type { MemoryPaths } from '../../src/domain/memory-paths.ts';
import { listRecordFiles } from '../../src/store/list-files.ts';
import { tempDir } from '../helpers/temp-repo.ts';
import { putPayload, recordsOf, simplePlace, simpleSettings, simpleTools } from './simple-tools.ts';

let paths: MemoryPaths;
let model: Scripted;
let rules: Scripted & Provider;
beforeEach(() => {
  paths = simplePlace(tempDir());
  model = replayProvider([reply('The model says')]);
  rules = { ...replayProvider([reply('The rules say')]), name: 'rules', isFree: true };
});
afterEach(() => rmSync(paths.root, { recursive: true, force: true }));

const reply = (title: string, more: Partial<Draft>[] = []) => ({
  reply: {
    drafts: [{ type: 'gotcha' as const, title }, ...more],
    summary: { title: `${title} in sum`, request: '', investigated: [], learned: [], completed: ['a'], nextSteps: [] },
  },
});
const text = (key: string): Partial<Event> => ({ kind: 'text', key, text: `About ${key}.` });
const boundary = (what: 'end' | 'compaction' | 'turn-end', key: string = what): Partial<Event> => ({
  kind: 'boundary',
  key,
  what,
});
const put = (...events: Partial<Event>[]): string => putPayload(paths, { session: 's', events });

function run(tools: Partial<CompressTools> = {}, waits = false): Promise<CompressReport> {
  return compressAll(paths, simpleTools(paths, { provider: model, fallback: rules, ...tools }), { waits });
}

const asked = (provider: Scripted): string[] =>
  provider.requests.map(({ events }) => events.map(({ key }) => key).join(' '));

const told = (): string[] =>
  listRecordFiles(paths)
    .files.map(
      ({ tier, absolute }) =>
        `${tier} ${absolute
          .split('/')
          .at(-1)
          ?.replace(/^[\d-]*|-\w{8}\.md$/g, '')}`,
    )
    .sort();

/** The session was silent for so long. */
function age(minutes: number): void {
  for (const { session } of listWaiting(paths)) {
    const then = new Date(Date.now() - minutes * 60_000);
    utimesSync(join(paths.privateDir, 'waiting', session), then, then);
  }
}

describe('a session with a model', () => {
  it('is processed by the rules, local, until it ends; then the model is asked once, over everything', async () => {
    put(text('a'), boundary('turn-end'));
    await run();
    put(text('b'), boundary('turn-end', 'turn-2'));
    await run();
    expect(asked(model)).toEqual([]);
    expect(asked(rules)).toEqual(['a', 'a b']);
    expect(told()).toEqual(['local the-rules-say', 'local the-rules-say-in-sum']);
    expect(listWaiting(paths)).toMatchObject([{ session: 's' }]);
    put(text('c'), boundary('end'));
    await run();
    expect(asked(model)).toEqual(['a b c']);
    expect(told()).toEqual(['local the-model-says-in-sum', 'shared the-model-says']);
    expect(listWaiting(paths)).toEqual([]);
  });

  it('is sent again as a whole when it continues, and not when it only ends again', async () => {
    put(text('a'), boundary('compaction'));
    await run();
    put(boundary('end'));
    await run();
    expect(asked(model)).toEqual(['a']);
    put(text('b'), boundary('turn-end'));
    await run();
    // A model's records are kept beside the rules' records of later events.
    expect(told()).toContain('shared the-model-says');
    put(boundary('end', 'end-2'));
    await run();
    expect(asked(model)).toEqual(['a', 'a b']);
    expect(recordsOf(paths)).toHaveLength(2);
  });

  it('counts as ended after half an hour of silence, when anything else runs', async () => {
    put(text('a'));
    await run();
    age(29);
    expect(hasSilentSession(paths, Date.now())).toBe(false);
    expect(hasWork(paths, new Date())).toBe(false);
    age(31);
    expect(hasWork(paths, new Date())).toBe(true);
    putPayload(paths, { session: 'other', events: [text('o')] });
    await run();
    expect(asked(model)).toEqual(['a']);
    expect(listWaiting(paths)).toMatchObject([{ session: 'other' }]);
  });

  it('counts as ended when a person compresses, whether its events wait in the spool or were passed over', async () => {
    put(text('a'));
    await run();
    putPayload(paths, { session: 'other', events: [text('o')] });
    await run({}, true);
    expect(asked(model).sort()).toEqual(['a', 'o']);
    await run({}, true);
    expect(model.requests).toHaveLength(2);
  });

  it('counts a commit of the agent as an end where the user wants it so', async () => {
    const commit: Partial<Event> = {
      kind: 'command',
      key: 'c',
      command: 'git commit',
      ok: true,
      output: '',
      commit: { message: 'Do it' },
    };
    put(commit);
    await run();
    expect(asked(model)).toEqual([]);
    put(text('b'), { ...commit, key: 'd' });
    await run({ settings: { ...simpleSettings, learnWhen: 'commit' } });
    expect(asked(model)).toEqual(['c b d']);
  });

  it('keeps committed records when it is sent again', async () => {
    put(text('a'), boundary('end'));
    await run();
    const [committed] = listRecordFiles(paths).files.filter(({ tier }) => tier === 'shared');
    model = replayProvider([reply('Something else holds now')]);
    put(text('b'), boundary('end', 'end-2'));
    await run({ untracked: () => new Set() });
    expect(told()).toEqual([
      'local something-else-holds-now-in-sum',
      'shared something-else-holds-now',
      'shared the-model-says',
    ]);
    expect(listRecordFiles(paths).files.map(({ path }) => path)).toContain(committed?.path);
  });
});

describe('a session without a model', () => {
  it('has shared records and a summary at each turn, so that a kill takes nothing', async () => {
    put(text('a'), boundary('turn-end'));
    await run({ provider: rules });
    expect(told()).toEqual(['local the-rules-say-in-sum', 'shared the-rules-say']);
    put(text('b'), boundary('turn-end', 'turn-2'));
    await run({ provider: rules });
    expect(told()).toEqual(['local the-rules-say-in-sum', 'shared the-rules-say']);
    expect(listWaiting(paths)).toEqual([]);
  });
});

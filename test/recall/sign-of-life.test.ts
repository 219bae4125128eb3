// What the person and the model are told at a start and a prompt: short, once, and nothing where nothing is wanted.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claudeCode } from '../../src/agents/claude-code/host.ts';
import { noteNews } from '../../src/capture/notices.ts';
import { readTold } from '../../src/viewer/server/told-sessions.ts';
import { tokensOf } from '../../src/domain/excerpt.ts';
import { localTime, zoneName } from '../../src/domain/local-time.ts';
import { beyondTitle, newSentences } from '../../src/context/render-block.ts';
import { openMemory } from '../../src/memory/open.ts';
import type { Answer } from '../../src/agents/agent.ts';
import { answerCall } from '../../src/recall/hook-answer.ts';
import { wantsNoMemory } from '../../src/recall/ignore.ts';
import { startLine } from '../../src/recall/sign-of-life.ts';
import { runHook } from '../helpers/built-cli.ts';
import type { TempRepo } from '../helpers/temp-repo.ts';
import { envAt, memoryRepo, recordFile, recordPath } from '../memory/memory-at.ts';

let repo: TempRepo;
beforeEach(async () => {
  repo = await memoryRepo({});
});
afterEach(() => repo.remove());

let count = 0;
async function hook(payload: object): Promise<Answer | undefined> {
  const { paths } = await openMemory(envAt(repo.dir));
  return answerCall(envAt(repo.dir), paths, claudeCode.readCall({ session_id: 's', ...payload }));
}
const start = (session = `s${++count}`): Promise<Answer | undefined> =>
  hook({ session_id: session, hook_event_name: 'SessionStart', source: 'startup' });
const prompt = (text: string, session: string): Promise<Answer | undefined> =>
  hook({ session_id: session, hook_event_name: 'UserPromptSubmit', prompt: text });

describe('a session start', () => {
  it('costs the model at most 25 tokens while the memory is empty', async () => {
    const told = await start();
    expect(tokensOf(told?.context ?? '')).toBeLessThanOrEqual(25);
    expect(told?.message).toBe('repomem: no records yet');
  });

  it('gives the record where that is less than its index, and never more than its own text', async () => {
    const text = recordFile({
      id: 'b0000001',
      title: 'Retries end after three',
      type: 'gotcha',
      branch: 'main',
      session: '66d1bb7c',
      agent: 'claude-code',
      generated: { by: 'extractive/1', tokens: 0 },
      aliases: ['retry limit'],
      confidence: 0.9,
      body: 'The proxy gives up then.',
    });
    repo.write(recordPath('b0000001'), text);
    const { context = '', message } = (await start()) ?? {};
    expect(context).toContain('The proxy gives up then.');
    expect(context.trimEnd().split('\n').at(-1)).toBe('1 of 1 shown');
    expect(tokensOf(context)).toBeLessThanOrEqual(tokensOf(text));
    const { paths } = await openMemory(envAt(repo.dir));
    expect(readTold(paths)[0]?.lines[0]?.ids).toEqual(['b0000001']);
    // As repomem add writes it, too.
    const bare =
      '---\ntype: gotcha\ntitle: Retries end after three\ncreated: 2026-11-20T10:00:00Z\nbranch: main\nconfidence: 0.8\n---\n';
    for (const added of [bare, `${bare}\nThe proxy gives up then.\n`]) {
      repo.write(recordPath('b0000001'), added);
      expect(tokensOf((await start())?.context ?? '')).toBeLessThanOrEqual(tokensOf(added));
    }
    expect(message).toContain('repomem: 1 of 1 record');
  });

  it('costs at most 1,300 tokens with 150 records', async () => {
    for (let n = 100; n < 250; n++)
      repo.write(
        recordPath(`b0000${n}`),
        recordFile({
          id: `b0000${n}`,
          title: `Statement ${n} about how the retry queue behaves under load`,
          type: 'gotcha',
        }),
      );
    const { context = '', message } = (await start()) ?? {};
    expect(tokensOf(context)).toBeLessThanOrEqual(1300);
    expect(message).toMatch(/^repomem: 50 of 150 records$/m);
    const told = `${context.slice(0, -'50 of 150 shown'.length)}12 of 140 shown`;
    const line = startLine(told, '2026-11-20T08:00:00Z', new Date('2026-11-20T10:10:00Z'));
    expect(line).toBe('repomem: 12 of 140 records, last session 2 h ago');
    const again = await start();
    expect(again?.context).toBe(context);
    expect(again?.message).toBe('repomem: 50 of 150 records');
  });

  it('says nothing to the person where the setting says so', async () => {
    repo.write('.claude-mem/settings.yaml', 'version: 1\nnotify:\n  sessions: false\n');
    expect((await start())?.message).toBeUndefined();
  });
});

describe('a turn that wrote something shared', () => {
  it('is told of once, with what and where', async () => {
    repo.write(recordPath('b0000001'), recordFile({ id: 'b0000001', title: 'First' }));
    const { paths } = await openMemory(envAt(repo.dir));
    await start('t');
    noteNews(paths, [
      { title: 'First', path: `${repo.dir}/${recordPath('b0000001')}` },
      { title: 'Gone', path: `${repo.dir}/gone.md` },
    ]);
    const told = (await prompt('go on with the work please', 't'))?.message;
    expect(told).toBe(`repomem: wrote “First” to ${recordPath('b0000001')}; not committed yet`);
    expect((await prompt('and then the next one', 't'))?.message).toBeUndefined();
    repo.git('add', '-A');
    repo.git('commit', '-qm', 'memory');
    noteNews(paths, [{ title: 'First', path: `${repo.dir}/${recordPath('b0000001')}` }]);
    expect((await prompt('one more', 't'))?.message).toBe(`repomem: wrote “First” to ${recordPath('b0000001')}`);
  });
});

describe('"ignore the memory"', () => {
  it('is understood in eight languages, and not where another memory is meant', () => {
    for (const text of [
      'Please ignore the memory and',
      'Ignore the memory.',
      "don't use your memory for this, just read the code",
      'Ignoriere das Gedächtnis in dieser Sitzung',
      'Nutze das Gedächtnis nicht!',
      'Ignore la mémoire pour cette tâche',
      'No uses la memoria, por favor',
      'Ignore a memória nesta sessão',
      'non usare la memoria per questo',
      '请忽略记忆',
      'メモリを無視してください',
    ].map((one) => one.replace(/ and$/, ', then start')))
      expect(wantsNoMemory(text), text).toBe(true);
    for (const text of [
      'ignore the memory leak for now',
      "don't use memory mapped files",
      'ignore memory limits in the test',
      'No uses la memoria de la GPU',
      'remember that the memory is shared',
      '不要使用内存缓存',
    ])
      expect(wantsNoMemory(text), text).toBe(false);
  });

  it('leaves that session alone, and no other', async () => {
    repo.write(recordPath('b0000001'), recordFile({ id: 'b0000001', title: 'The retry queue drops jobs' }));
    await start('i');
    const said = await prompt('Ignore the memory, why does the retry queue drop jobs?', 'i');
    expect(said?.context).toBeUndefined();
    expect(said?.message).toContain('nothing of the memory');
    expect(await prompt('why does the retry queue drop jobs?', 'i')).toBeUndefined();
    expect(
      (await hook({ session_id: 'i', hook_event_name: 'SessionStart', source: 'clear' }))?.context,
    ).toBeUndefined();
    expect((await start('j'))?.context).toContain('The retry queue drops jobs');
  });
});

describe('what is said once', () => {
  it('leaves out sentences that a record says, and a title that a description repeats', () => {
    const record = 'fib() recursed forever for negative n';
    expect(newSentences([`${record}.`, 'The notes file is in docs'], [record])).toEqual(['The notes file is in docs']);
    expect(beyondTitle('The port is 4000', 'The port is 4000: the proxy holds 3000')).toBe('the proxy holds 3000');
    expect(beyondTitle('The port is 4000', 'The port is 4000.')).toBe('');
    expect(beyondTitle('重试三次后结束', '代理会放弃')).toBe('代理会放弃');
  });
});

describe('times', () => {
  it("are of the user's zone, with the offset named once", async () => {
    expect(localTime('2026-11-29T23:30:00Z', 60)).toBe('2026-11-30T00:30:00');
    expect([zoneName(0), zoneName(120), zoneName(-210)]).toEqual(['UTC', 'UTC+2', 'UTC-3:30']);
    for (let n = 1; n < 9; n++)
      repo.write(
        recordPath(`b000000${n}`),
        recordFile({ id: `b000000${n}`, title: `Statement ${n}`, created: '2026-11-20T23:30:00Z' }),
      );
    const run = await runHook(
      'SessionStart',
      { session_id: 'z', source: 'startup' },
      { cwd: repo.dir, env: { TZ: 'Etc/GMT-2' } },
    );
    const { hookSpecificOutput } = JSON.parse(run.stdout) as { hookSpecificOutput: { additionalContext: string } };
    const text = hookSpecificOutput.additionalContext;
    expect(text).toContain('11-21 01:30');
    expect(text.match(/UTC\+2/g)).toHaveLength(1);
  });
});

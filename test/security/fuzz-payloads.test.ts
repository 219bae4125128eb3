// Payloads that no host would send. Hooks end well and print JSON or nothing; the compressor takes or sets aside each one.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { recordsIn } from '../../src/agents/json-fields.ts';
import { claudeCode } from '../../src/agents/claude-code/host.ts';
import { condense } from '../../src/compress/events/condense.ts';
import { putSpool } from '../../src/capture/spool.ts';
import { makeCleaner } from '../../src/compress/claims/clean.ts';
import { decodePayload } from '../../src/compress/claims/prepared-claim.ts';
import { redact } from '../../src/privacy/redact.ts';
import { placeFor } from '../../src/store/locate.ts';
import { builtPackage, runCli, runHook, type Run } from '../helpers/built-cli.ts';
import { giveMemory } from '../helpers/given-memory.ts';
import { gitVars, removeFolder, tempDir, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';

const isFull = process.env['REPOMEM_TEST_FULL'] === '1';
const folders: string[] = [];
afterEach(() => folders.splice(0).forEach(removeFolder));

async function open(): Promise<{ home: string; repo: TempRepo }> {
  const home = tempDir();
  folders.push(home);
  const repo = tempRepo({ 'a.txt': 'a\n' }, { at: join(home, 'work/repo') });
  giveMemory(repo, home);
  return { home, repo };
}

const events = [
  'SessionStart',
  'UserPromptSubmit',
  'PreToolUse',
  'PostToolUse',
  'PostToolUseFailure',
  'SubagentStart',
  'SubagentStop',
  'Stop',
  'PreCompact',
  'PostCompact',
  'SessionEnd',
];
const keys = [
  'session_id',
  'transcript_path',
  'cwd',
  'hook_event_name',
  'prompt',
  'prompt_id',
  'tool_name',
  'tool_input',
  'tool_response',
  'tool_use_id',
  'error',
  'last_assistant_message',
  'agent_id',
  'agent_type',
  'source',
  'compact_summary',
  'file_path',
  'command',
  'structuredPatch',
  'lines',
  'newStart',
  'stdout',
  'edits',
  'questions',
  'content',
  '__proto__',
  'constructor',
  'toString',
  'length',
];
const tools = [
  'Bash',
  'Edit',
  'Write',
  'MultiEdit',
  'Read',
  'Agent',
  'AskUserQuestion',
  'TodoWrite',
  'mcp__x__y',
  '__proto__',
  'constructor',
];

const oddText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '\0',
    '\ud800',
    'x\udfff',
    '\u2028',
    '\u001b[2J',
    '../../etc/passwd',
    '/',
    '~',
    '.',
    '<private>',
    '</private>',
    '<repomem-memory>',
    'NaN',
    '-0',
  ),
  fc.constantFrom(...events, ...tools, ...keys),
  fc.integer({ min: 1, max: 60 }).map((n) => 'ab<private>\n'.repeat(n * 20)),
);
const { value: oddValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    oddText,
    fc.constantFrom(null, true, false, 0, -1, 1e308, 0.5, [], {}),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...keys), oddText), tie('value'), { maxKeys: 5 }),
  ),
}));
/** Like a payload, with anything in any place. */
const payload = fc
  .record(
    {
      hook_event_name: fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom(...events) },
        { weight: 1, arbitrary: oddValue },
      ),
      session_id: fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom('s1', 's2', 's3') },
        { weight: 1, arbitrary: fc.constantFrom('../../x', '', '\0', 5, null, {}, 'x'.repeat(300)) },
      ),
      tool_name: fc.oneof(fc.constantFrom(...tools), oddValue),
      tool_input: fc.oneof(
        fc.record(
          {
            command: oddValue,
            file_path: oddValue,
            edits: oddValue,
            old_string: oddValue,
            new_string: oddValue,
            content: oddValue,
            questions: oddValue,
            todos: oddValue,
          },
          { requiredKeys: [] },
        ),
        oddValue,
      ),
      tool_response: fc.oneof(
        fc.record(
          {
            stdout: oddValue,
            stderr: oddValue,
            structuredPatch: oddValue,
            filePath: oddValue,
            file: oddValue,
            answers: oddValue,
            content: oddValue,
          },
          { requiredKeys: [] },
        ),
        oddValue,
      ),
      prompt: oddValue,
      prompt_id: oddValue,
      tool_use_id: oddValue,
      error: oddValue,
      last_assistant_message: oddValue,
      agent_id: oddValue,
      agent_type: oddValue,
      source: oddValue,
      transcript_path: fc.oneof(fc.constantFrom('/nonexistent', '/dev/zero', '/proc/self/mem', '/', ''), oddValue),
      cwd: fc.oneof(fc.constantFrom('/nonexistent/folder', '/', ''), oddValue),
      compact_summary: oddValue,
    },
    { requiredKeys: ['hook_event_name'] },
  )
  .map((value) => JSON.stringify(value));
const deep = fc.integer({ min: 10, max: 20_000 }).map((n) => `${'['.repeat(n)}${']'.repeat(n)}`);
const broken = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '',
    ' ',
    '{',
    'null',
    '5',
    '"x"',
    '[]',
    '{}',
    '\ufeff{}',
    '{"a":1}{"b":2}',
    '{"__proto__":{"session_id":"s"}}',
  ),
  deep,
  deep.map((text) => `{"session_id":"s1","hook_event_name":"PostToolUse","tool_name":"Bash","tool_input":${text}}`),
  fc
    .tuple(payload, fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([text, part]) => text.slice(0, Math.floor(text.length * part))),
  payload.map((text) => text.replace(/[,:]/, '\0')),
);
const anyPayload = fc.oneof({ weight: 4, arbitrary: payload }, { weight: 1, arbitrary: broken });
const sampled = (count: number): string[] =>
  fc.sample(anyPayload, { numRuns: count, seed: Number(process.env['REPOMEM_TEST_SEED'] ?? 7) });

function expectGood(run: Run, what: string): void {
  expect(run, what).toMatchObject({ code: 0, stderr: '' });
  if (run.stdout !== '') expect(() => JSON.parse(run.stdout) as unknown, what).not.toThrow();
}

describe('fuzzed payloads', () => {
  it('become events with texts where texts are expected, and nothing throws', () => {
    const clean = makeCleaner({ redact: (text) => ({ text: redact(text, {}).text }) });
    const roots = { worktree: '/work/repo', home: '/home/dev', at: '2026-11-21T12:00:00.000Z' };
    let read = 0;
    const all = sampled(isFull ? 10_000 : 1500);
    for (const text of all) {
      let value: unknown;
      try {
        value = decodePayload(Buffer.from(text));
      } catch {
        continue;
      }
      const call = claudeCode.readCall(value);
      for (const part of Object.values(call)) expect(typeof part, text).toBe('string');
      for (const event of claudeCode.parsePayload(clean(value), roots).map((one) => condense(one))) {
        read++;
        expect(typeof event.key, text).toBe('string');
        expect(JSON.stringify(event).length, text).toBeLessThan(200_000);
        if ('path' in event) expect(event.path, text).not.toMatch(/^\/|(?:^|\/)\.\.(?:\/|$)/);
      }
      claudeCode.readTranscript(recordsIn(text.replaceAll('\n', ' ')), roots);
    }
    expect(read).toBeGreaterThan(all.length * 0.3);
    expect(({} as Record<string, unknown>)['session_id']).toBeUndefined();
  });

  it('are each compressed or set aside with a reason by one run, which leaves nothing waiting', async () => {
    const { home, repo } = await open();
    const paths = placeFor(repo.dir, home);
    const all = sampled(isFull ? 10_000 : 500).filter((text) => text !== '');
    for (const text of all) putSpool(paths, text);
    const run = await runCli(['compress', '--json'], { cwd: repo.dir, home });
    const report = JSON.parse(run.stdout) as { events: number; problems: { code: string }[] };
    expect(new Set(report.problems.map(({ code }) => code)).size).toBeLessThanOrEqual(1);
    const names = (folder: string): string[] => readdirSync(join(paths.spoolDir, folder));
    const dead = names('dead').filter((name) => !name.endsWith('.reason'));
    expect(names('new')).toEqual([]);
    expect(names('claims')).toEqual([]);
    expect(names('tmp')).toEqual([]);
    expect(report.events + dead.length).toBe(all.length);
    for (const name of dead)
      expect(readFileSync(join(paths.spoolDir, 'dead', `${name}.reason`), 'utf8')).toMatch(/JSON/);
    const doctor = await runCli(['doctor'], { cwd: repo.dir, home });
    expect(doctor.stdout).toContain(`${dead.length} events were set aside`);
    expect((await runCli(['context'], { cwd: repo.dir, home })).code).toBe(0);
  });

  it('end well as processes, every hook', async () => {
    const { home, repo } = await open();
    const all = sampled(isFull ? 2000 : 33);
    const run = async (text: string, index: number): Promise<void> => {
      const event = events[index % events.length] ?? 'Stop';
      expectGood(
        await runHook(event, text, { cwd: repo.dir, home, env: { REPOMEM_CHILD: '' } }),
        `${event} ${text.slice(0, 500)}`,
      );
    };
    for (let from = 0; from < all.length; from += 4)
      await Promise.all(all.slice(from, from + 4).map((text, at) => run(text, from + at)));
    expect((await runCli(['compress'], { cwd: repo.dir, home })).code).toBeLessThanOrEqual(1);
  }, 1_800_000);
});

describe('a host that behaves strangely', () => {
  it('may never close the pipe, close it at once, or stand in a folder that is gone', async () => {
    const { home, repo } = await open();
    const env = { PATH: process.env['PATH'], HOME: home, ...gitVars };
    const script = join(builtPackage(), 'bin/repomem-hook.sh');
    const never = (first: string): Promise<Run> =>
      new Promise((resolve) => {
        const child = spawn('sh', [script, 'UserPromptSubmit'], {
          cwd: repo.dir,
          env,
          stdio: ['pipe', 'pipe', 'pipe'],
        });
        let [stdout, stderr] = ['', ''];
        child.stdout.on('data', (chunk) => (stdout += chunk));
        child.stderr.on('data', (chunk) => (stderr += chunk));
        child.stdin.on('error', () => {});
        child.stdin.write(first);
        child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
      });
    const runs = await Promise.all([
      never('{"hook_event_name":"UserPromptSubmit","session_id":"s","prompt":"x"'),
      never(''),
      never('{"hook_event_name":"UserPromptSubmit","session_id":"s","prompt":"x"}'),
    ]);
    for (const run of runs) expectGood(run, 'a pipe that stays open');
    const gone = join(repo.dir, 'gone');
    mkdirSync(gone);
    const shell = `cd '${gone}' && rmdir '${gone}' && printf '{"session_id":"s"}' | sh '${script}' Stop`;
    const run = await new Promise<number | null>((resolve) =>
      spawn('sh', ['-c', shell], { cwd: repo.dir, env, stdio: 'ignore' }).on('close', resolve),
    );
    expect(run).toBe(0);
    expect(() => rmdirSync(gone)).toThrow();
  });

  it('leaves no piece of a broken payload in a log', async () => {
    const { home, repo } = await open();
    const secret = ['gh', 'p_', 'Zq3'.repeat(12)].join('');
    for (const text of [`"${secret}`, `{"prompt": ${secret}}`, `${secret}`])
      await runHook('Stop', text, { cwd: repo.dir, home });
    await runCli(['compress'], { cwd: repo.dir, home });
    const paths = placeFor(repo.dir, home);
    const texts = [
      ...readdirSync(join(paths.privateDir, 'log')).map((name) => join(paths.privateDir, 'log', name)),
      ...readdirSync(join(paths.spoolDir, 'dead'))
        .filter((name) => name.endsWith('.reason'))
        .map((name) => join(paths.spoolDir, 'dead', name)),
    ].map((file) => readFileSync(file, 'utf8'));
    expect(texts.length).toBeGreaterThan(2);
    expect(texts.join('\n')).not.toContain('Zq3Zq3');
    const doctor = await runCli(['doctor'], { cwd: repo.dir, home });
    expect(doctor.stdout).not.toContain('Zq3Zq3');
  });
});

import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findHost, hostNames, loadHost } from '../../src/agents/hosts.ts';
import { recordsIn } from '../../src/agents/json-fields.ts';
import { joinTranscript } from '../../src/agents/join.ts';
import { knownKeys } from '../../src/agents/event-keys.ts';
import { patchedFiles } from '../../src/agents/hunks.ts';
import { bareOutput, exitCodeIn } from '../../src/agents/tool-dialects.ts';
import { checkAnswer, checkEvent } from '../../src/agents/protocol/protocol-check.ts';
import { example } from '../../src/cli/protocol-page.ts';
import type { Host } from '../../src/agents/agent.ts';
import { mergeEvents } from '../../src/compress/claims/session-events.ts';
import type { Event } from '../../src/domain/event.ts';
import { filesBelow } from '../helpers/scan.ts';
import { readRecorded } from '../helpers/recorded-host.ts';

const repo = '/work/repo';
const home = '/home/dev';
const roots = { worktree: repo, home, at: '2026-11-29T12:00:00.000Z' };

/** A recorded session as the compressor reads it, each payload delivered as often as said. */
async function eventsOf(name: string, recording: string, times = 1): Promise<Event[]> {
  const host = await loadHost(findHost(name, {}));
  const { calls, transcript } = readRecorded(recording, { repo, home });
  const told = calls.flatMap(({ stdin }) =>
    Array.from({ length: times }, () => host.parsePayload(stdin, roots)).flat(),
  );
  return joinTranscript(host.readTranscript(recordsIn(transcript?.text ?? ''), roots), told);
}

const recordings = [
  ['qwen', 'qwen'],
  ['codex', 'codex'],
  ['codex', 'codex-code-mode'],
  ['copilot', 'copilot'],
  ['copilot', 'copilot-pascal'],
  ['gemini', 'gemini'],
] as const;

describe('recorded sessions', () => {
  it.each(recordings)(
    '%s (%s): the prompt, the edit with its lines, the failure, the closing words, each once',
    async (name, recording) => {
      const events = await eventsOf(name, recording, 2);
      const of = <Kind extends Event['kind']>(kind: Kind) =>
        events.filter((event): event is Event & { kind: Kind } => event.kind === kind);
      expect(of('prompt').map(({ text }) => text)).toEqual(['Make fib safe for negative numbers']);
      const edits = of('edit').filter(({ path }) => path === 'fibonacci.py');
      expect(edits).toHaveLength(1);
      expect(edits[0]).toMatchObject({ ok: true, created: false, hunks: [{ start: 2, lines: 2, removed: [] }] });
      const failed = of('command').filter(({ ok }) => !ok);
      expect(failed.map(({ command }) => command)).toEqual(['python3 fibonacci.py -1']);
      expect(failed[0]?.output).toMatch(/^Traceback[\s\S]*n must not be negative$/);
      expect(of('command').every(({ command, ok }) => ok || command.includes('-1'))).toBe(true);
      const texts = of('text').map(({ text }) => text);
      expect(texts.at(-1)).toContain('fib refuses negative numbers now');
      expect(of('text').at(-1)?.isFinal).toBe(true);
      expect(new Set(texts).size).toBe(texts.length);
      expect(new Set(events.map(({ key }) => key)).size).toBe(events.length);
      expect(JSON.stringify(events)).not.toContain(repo);
    },
  );

  it.each(recordings)(
    '%s (%s): the prompt is known again where hook and transcript are read apart',
    async (name, recording) => {
      const host = await loadHost(findHost(name, {}));
      const { calls, transcript } = readRecorded(recording, { repo, home });
      const told = calls
        .flatMap(({ stdin }) => host.parsePayload(stdin, roots))
        .filter(({ kind }) => kind === 'prompt');
      const entries = host.readTranscript(recordsIn(transcript?.text ?? ''), roots);
      const prompts = (events: readonly Event[]) => events.filter(({ kind }) => kind === 'prompt');
      const [early] = joinTranscript([], told);
      const seen = new Set([early?.key ?? '']);
      for (const later of [joinTranscript(entries, []), joinTranscript(entries, told)])
        expect(prompts(later).map(({ key }) => knownKeys(seen)(key))).toEqual([early?.key]);
      const [other] = prompts(joinTranscript(entries, told));
      expect(knownKeys(seen)(`${other?.key.slice(0, -16)}0123456789abcdef`)).not.toBe(early?.key);
    },
  );

  it.each(recordings)(
    '%s (%s): the failure stands, whichever of hook and transcript is read first',
    async (name, recording) => {
      const host = await loadHost(findHost(name, {}));
      const { calls, transcript } = readRecorded(recording, { repo, home });
      const told = joinTranscript(
        [],
        calls.flatMap(({ stdin }) => host.parsePayload(stdin, roots)),
      );
      const read = joinTranscript(host.readTranscript(recordsIn(transcript?.text ?? ''), roots), []);
      for (const [kept, again] of [
        [told, read],
        [read, told],
      ] as const) {
        const commands = mergeEvents(kept, again).flatMap((event) =>
          event.kind === 'command' && event.command.includes('-1') ? [event] : [],
        );
        expect(commands.map(({ ok }) => ok)).toEqual([false]);
      }
    },
  );

  it.each(recordings)(
    '%s (%s): payloads tell whose they are, whatever agent this one was started from',
    (name, recording) => {
      const { calls } = readRecorded(recording, { repo, home });
      const own = calls.filter(
        ({ stdin }) => 'transcript_path' in stdin || 'tool_result' in stdin || 'toolResult' in stdin,
      );
      expect(own.length).toBeGreaterThan(3);
      for (const { stdin } of own)
        expect(
          findHost('', stdin, { CLAUDECODE: '1', GEMINI_SESSION_ID: 'outer', QWEN_CODE_SESSION_ID: 'outer' }),
        ).toBe(name);
    },
  );
});

describe('the table', () => {
  const src = join(import.meta.dirname, '../../src');
  const isCode = (file: string): boolean => /\.(?:ts|tsx|mjs|js)$/.test(file);

  it('is the one place that tells agents apart: a small folder and a row each', () => {
    for (const name of hostNames) {
      const files = filesBelow(join(src, 'agents', name)).filter(isCode);
      expect(files.map((file) => basename(file))).toContain('setup.ts');
      const lines = files.flatMap((file) => readFileSync(file, 'utf8').split('\n')).length;
      // Claude Code tells most of its tools: what changed and where, questions and their answers, plans, lists of tasks.
      expect(lines, name).toBeLessThanOrEqual(name === 'claude-code' ? 550 : 250);
    }
    const others = hostNames.filter((one) => one !== 'claude-code' && one !== 'protocol');
    const branch = new RegExp(`(?:[!=]==? |case )'(?:${others.join('|')})'`);
    const files = filesBelow(src).filter((file) => isCode(file) && !/^agents\/\w+\//.test(relative(src, file)));
    expect(files.filter((file) => branch.test(readFileSync(file, 'utf8')))).toEqual([]);
  });
});

describe('findHost', () => {
  it('hears the name first, then the payload, then variables, and falls back to Claude Code', () => {
    const codex = { transcript_path: '/home/dev/.codex/sessions/x.jsonl' };
    expect(findHost('pi', codex, {})).toBe('pi');
    expect(findHost('nobody', codex, {})).toBe('codex');
    expect(findHost('', { session_id: 's' }, { COPILOT_CLI: '1', PLUGIN_ROOT: '/x', CLAUDECODE: '1' })).toBe('copilot');
    expect(findHost('', { transcript_path: '/elsewhere/x.jsonl' }, { COPILOT_CLI: '1', CLAUDECODE: '1' })).toBe(
      'claude-code',
    );
    expect(findHost('', undefined)).toBe('claude-code');
  });
});

function checkReading(host: Host, payload: unknown, context: string): void {
  const call = host.readCall(payload);
  for (const part of Object.values(call)) expect(typeof part).toBe('string');
  for (const event of host.parsePayload(payload, roots)) {
    expect(typeof event.key).toBe('string');
    if ('path' in event) expect(event.path).not.toMatch(/^\/|(?:^|\/)\.\.(?:\/|$)/);
  }
  host.readTranscript(recordsIn(`${JSON.stringify(payload)}\n{"half`), roots);
  const answer = host.formatAnswer(call.event, { context });
  if (answer !== '') expect(typeof JSON.parse(answer)).toBe('object');
}

type Parent = Record<string, unknown>;

/** Every place in a value: its parent and its key. */
function partsOf(value: unknown): [Parent, string][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((key) => [[value as Parent, key], ...partsOf((value as Parent)[key])]);
}

describe('every dialect', () => {
  const keys = [
    'hook_event_name',
    'event',
    'session_id',
    'sessionId',
    'tool_name',
    'toolName',
    'tool_input',
    'toolArgs',
    'tool_response',
    'tool_result',
    'toolResult',
    'prompt',
    'cwd',
    'transcript_path',
    'tool',
    'text',
    'returnDisplay',
    'fileDiff',
    'command',
    'path',
    'files',
    'edits',
    'error',
    'payload',
    'type',
    'item',
    'message',
    'content',
    'parts',
    'data',
    'id',
  ];
  const words = [
    'PostToolUse',
    'AfterTool',
    'postToolUse',
    'tool',
    'prompt',
    'Stop',
    'turn-end',
    'apply_patch',
    'edit',
    'Bash',
    'read_files',
    'item_completed',
    'event_msg',
    'assistant',
    '*** Begin Patch\n*** Update File: ../../etc/passwd\n@@\n-a\n+b',
  ];
  const value = fc.letrec((tie) => ({
    leaf: fc.oneof(fc.constantFrom(...words), fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
    node: fc.oneof(
      { depthSize: 'small' },
      tie('leaf'),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys), tie('node'), { maxKeys: 8 }),
    ),
  })).node;

  it.each(recordings)(
    '%s (%s): a payload with anything in place of a part gives calls, events and answers, or nothing',
    async (name, recording) => {
      const host = await loadHost(name);
      const { calls } = readRecorded(recording, { repo, home });
      const change = fc.record({ call: fc.nat(), part: fc.nat(), value });
      fc.assert(
        fc.property(change, ({ call, part, value: other }) => {
          const payload = structuredClone(calls[call % calls.length]?.stdin ?? {});
          const parts = partsOf(payload);
          const [parent, key] = parts[part % parts.length] ?? [payload, 'cwd'];
          parent[key] = other;
          checkReading(host, payload, 'context');
        }),
        { numRuns: 300 },
      );
    },
  );

  it.each(hostNames)('%s: any payload gives calls, events and answers, or nothing', async (name) => {
    const host = await loadHost(name);
    fc.assert(
      fc.property(value, fc.string(), (payload, context) => {
        checkReading(host, payload, context);
      }),
      { numRuns: 300 },
    );
  });
});

describe('apply_patch', () => {
  it('is read as the edits that it makes: updates, new files, moves, deletions', () => {
    const files = patchedFiles(
      '*** Begin Patch\n*** Add File: a.txt\n+one\n+two\n*** Update File: b.txt\n*** Move to: c.txt\n@@ def f\n ctx\n-old\n+new\n ctx\n+more\n*** Delete File: d.txt\n*** End Patch',
    );
    expect(files).toEqual([
      { path: 'a.txt', isNew: true, hunks: [{ start: 1, lines: 2, removed: [], added: ['one', 'two'] }] },
      {
        path: 'c.txt',
        isNew: false,
        hunks: [
          { start: 1, lines: 1, removed: ['old'], added: ['new'] },
          { start: 1, lines: 1, removed: [], added: ['more'] },
        ],
      },
      { path: 'd.txt', isNew: false, hunks: [] },
    ]);
  });
});

describe('the frames around a command', () => {
  it('give the exit code and leave the output', () => {
    for (const [text, code] of [
      ['out\n<shellId: 0 completed with exit code 1>', 1],
      ['<untrusted_context>\nOutput: out\nExit Code: 2\nProcess Group PGID: 7\n</untrusted_context>', 2],
      ['Command: x\nDirectory: (root)\nOutput: out\nError: (none)\nExit Code: 3\nSignal: (none)', 3],
      ['out\n\nCommand exited with code 4', 4],
      ['[Command exited with code 5]\n\n[stderr]\nout\n', 5],
      ['out', undefined],
    ] as const) {
      expect(exitCodeIn(text)).toBe(code);
      expect(bareOutput(text)).toBe('out');
    }
  });
});

describe('the protocol', () => {
  it('has a conforming example, and a check that reports errors', () => {
    for (const line of example) expect(checkEvent(JSON.parse(line))).toEqual([]);
    expect(checkEvent({ event: 'tool', session: 's', tool: { kind: 'dig' } })).toHaveLength(2);
    expect(checkEvent([])).toHaveLength(1);
    expect(checkAnswer({ context: 'x', message: 1, more: 1 })).toHaveLength(2);
  });
});

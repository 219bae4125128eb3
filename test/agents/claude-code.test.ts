import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claudeCode } from '../../src/agents/claude-code/host.ts';
import { recordsIn } from '../../src/agents/json-fields.ts';
import { isTyped } from '../../src/agents/event-keys.ts';
import { joinTranscript } from '../../src/agents/join.ts';
import type { Event } from '../../src/domain/event.ts';

const context = { at: '2026-01-01T00:00:00Z', worktree: '/home/dev/repo', home: '/home/dev' };
const session = 's-1';
const fixture = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../fixtures', name), 'utf8')
    .replaceAll('{{REPO}}', context.worktree)
    .replaceAll('{{HOME}}', context.home);

const parse = (payload: unknown): Event[] => claudeCode.parsePayload(payload, context);
const used = (tool_name: string, tool_input: unknown, tool_response?: unknown, more: object = {}): Event[] =>
  parse({
    hook_event_name: 'PostToolUse',
    session_id: session,
    tool_use_id: 'toolu_01ABCDEFGHIJKLMNOPQRSTUV',
    tool_name,
    tool_input,
    tool_response,
    ...more,
  });
const failed = (tool_name: string, tool_input: unknown, error: string): Event[] =>
  used(tool_name, tool_input, undefined, { hook_event_name: 'PostToolUseFailure', error });

const keyOf = (event: Event): string => event.key;
const typed = (text: string): Event[] =>
  parse({ hook_event_name: 'UserPromptSubmit', session_id: session, prompt: text });
const linesOf = (...records: object[]): string => records.map((record) => JSON.stringify(record)).join('\n');
const read = (...records: object[]) => claudeCode.readTranscript(records, context);
const said = (value: string) => ({ content: [{ type: 'text', text: value }] });

describe('the recorded session', () => {
  const hooks = fixture('fib-session.hooks.jsonl')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { _recorded_at: string });
  const events = hooks.flatMap((payload) => claudeCode.parsePayload(payload, { ...context, at: payload._recorded_at }));
  const entries = claudeCode.readTranscript(recordsIn(fixture('fib-session.transcript.jsonl')), context);

  it('becomes this story', async () => {
    const story = joinTranscript(entries, events).map((event) => {
      const { key: _key, at: _at, kind, ...rest } = event;
      return `${kind} ${JSON.stringify(rest)}`;
    });
    await expect(`${story.join('\n')}\n`).toMatchFileSnapshot('../golden/fib-session-events.txt');
  });

  it('is the same story from the transcript alone, but for the boundaries and the subagent', () => {
    const alone = joinTranscript(entries, []).map(keyOf);
    const both = joinTranscript(entries, events).filter((event) => event.kind !== 'boundary' && !event.subagent);
    expect(both.map(keyOf)).toEqual(alone);
  });

  it('names each event once, and the same at a second delivery', () => {
    const again = joinTranscript(entries, [...events, ...events]);
    expect(again).toEqual(joinTranscript(entries, events));
    expect(new Set(again.map((event) => event.key)).size).toBe(again.length);
  });

  it('stays in order where a hook tells late what an earlier part of the transcript told', () => {
    const texts = entries.filter(({ kind }) => kind !== 'tool');
    const keys = joinTranscript(texts, []).map(keyOf);
    for (let at = 2; at < texts.length; at++) {
      const before = joinTranscript(texts.slice(0, at), []);
      const later = joinTranscript(texts.slice(at), before.slice(-2), before);
      expect([...before.slice(0, -2), ...later].map(keyOf)).toEqual(keys);
    }
  });

  it('is read from the hooks alone without a transcript', () => {
    const told = joinTranscript([], events);
    expect(told.filter((event) => event.kind === 'report')).toHaveLength(1);
    expect(told.at(-1)).toMatchObject({ kind: 'boundary', what: 'end' });
  });
});

describe('words that a session says again', () => {
  const turns = ['1', '2', '3'];
  const story = turns.flatMap((id) => [`prompt:${id}`, 'Let me look.', `answer ${id}`]);
  const time = (id: string, seconds: number): string => `2026-01-01T00:0${id}:${10 + seconds}Z`;
  const entries = read(
    ...turns.flatMap((id) => [
      { type: 'user', uuid: `u${id}`, timestamp: time(id, 0), message: { content: 'continue' } },
      { type: 'assistant', uuid: `b${id}`, timestamp: time(id, 1), message: said('Let me look.') },
      { type: 'assistant', uuid: `a${id}`, timestamp: time(id, 2), message: said(`answer ${id}`) },
    ]),
  );
  const told = turns.flatMap((id) =>
    parse({ hook_event_name: 'UserPromptSubmit', session_id: session, prompt_id: id, prompt: 'continue' }).map(
      (event) => ({ ...event, at: time(id, 0) }),
    ),
  );
  const tell = (event: Event): string => (event.kind === 'text' ? event.text : event.key.replace(/:[0-9a-f]{16}$/, ''));

  it.each([0, 1, 2, 3])('keep their turns where %i hooks were read before a transcript without ids', (earlier) => {
    const [before, now] = [told.slice(0, earlier), told.slice(earlier)];
    expect(joinTranscript(entries, now, before).map(tell)).toEqual(story);
  });

  it('are events of their own in a transcript that is read in parts', () => {
    for (let at = 0; at <= entries.length; at++) {
      const before = joinTranscript(entries.slice(0, at), []);
      const events = [...before, ...joinTranscript(entries.slice(at), [], before)];
      expect(new Set(events.map(keyOf)).size).toBe(entries.length);
      expect(events.map(({ kind }) => kind)).toEqual(turns.flatMap(() => ['prompt', 'text', 'text']));
    }
  });
});

describe('payloads', () => {
  it('never throw, for any value', () => {
    const event = fc.constantFrom(
      'SessionStart',
      'UserPromptSubmit',
      'PostToolUse',
      'PostToolUseFailure',
      'SubagentStop',
      'Stop',
      'PostCompact',
      '__proto__',
    );
    const tool = fc.constantFrom(
      'Bash',
      'Edit',
      'MultiEdit',
      'Write',
      'NotebookEdit',
      'Read',
      'Agent',
      'Task',
      'AskUserQuestion',
      'TodoWrite',
      'TaskUpdate',
      'WebFetch',
      'WebSearch',
      'mcp__x__y',
      'constructor',
      '__proto__',
    );
    const name = fc.constantFrom(
      'command',
      'file_path',
      'content',
      'old_string',
      'edits',
      'structuredPatch',
      'lines',
      'questions',
      'answers',
      'todos',
      'stdout',
      'file',
      'task',
      'results',
      '__proto__',
      'toString',
    );
    const tree = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.string(),
        fc.double(),
        fc.constant(null),
        fc.boolean(),
        fc.array(tie('value'), { maxLength: 3 }),
        tie('object'),
      ),
      object: fc.dictionary(name, tie('value'), { maxKeys: 4 }),
    })).value;
    const payload = fc.oneof(
      fc.anything(),
      fc.record(
        {
          hook_event_name: event,
          session_id: fc.oneof(fc.string(), fc.anything()),
          tool_name: tool,
          tool_input: tree,
          tool_response: tree,
          error: tree,
          prompt: tree,
          last_assistant_message: tree,
        },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(payload, (value) => {
        for (const each of parse(value)) expect(typeof each.key).toBe('string');
        claudeCode.readCall(value);
        const lines = JSON.stringify({ type: 'user', message: { content: value }, toolUseResult: value }) ?? '';
        claudeCode.readTranscript(recordsIn(lines), context);
      }),
      { numRuns: 500 },
    );
  });

  it('keep of an edit its hunks, never the file', () => {
    const [event] = used(
      'Edit',
      { file_path: '/home/dev/repo/a.txt', old_string: 'b', new_string: 'B' },
      {
        originalFile: 'whole file',
        structuredPatch: [
          { oldStart: 1, oldLines: 3, newStart: 1, newLines: 3, lines: [' a', '-b', '+B', ' c', '+d'] },
        ],
      },
    );
    expect(event).toMatchObject({
      kind: 'edit',
      path: 'a.txt',
      created: false,
      hunks: [
        { start: 2, lines: 1, removed: ['b'], added: ['B'] },
        { start: 4, lines: 1, removed: [], added: ['d'] },
      ],
    });
    expect(JSON.stringify(event)).not.toContain('whole file');
  });

  it('read the old form of several edits', () => {
    const edits = [
      { old_string: 'a\nb\nc', new_string: 'a\nB\nc' },
      { old_string: '', new_string: 'd' },
    ];
    expect(used('MultiEdit', { file_path: 'a.txt', edits })).toMatchObject([
      { path: 'a.txt', hunks: [{ removed: ['b'], added: ['B'] }, { added: ['d'] }] },
    ]);
  });

  it('lose the folders of files outside the repository', () => {
    const path = (file_path: string): unknown => used('Write', { file_path, content: 'x' })[0];
    expect(path('/home/dev/notes/plan.md')).toMatchObject({ path: '~/…/plan.md' });
    expect(path('/home/dev/.claude/plans/a.md')).toMatchObject({ path: '~/.claude/…/a.md' });
    expect(path('/etc/hosts')).toMatchObject({ path: '…/hosts' });
    expect(path('/home/dev/repo/../repo/src/a.ts')).toMatchObject({ path: 'src/a.ts' });
    expect(
      used(
        'Bash',
        { command: 'cd /home/dev/repo && ls /home/dev/repo/src /home/dev/x /home/developer' },
        { stdout: '/home/dev/repo/src/a.ts:3' },
      ),
    ).toMatchObject([{ command: 'cd . && ls src ~/x /home/developer', output: 'src/a.ts:3' }]);
  });

  it('tell a failed command and its output', () => {
    expect(failed('Bash', { command: 'npm test' }, 'Exit code 1\nboom')).toMatchObject([
      { kind: 'command', ok: false, output: 'Exit code 1\nboom' },
    ]);
    expect(used('Bash', { command: 'x' }, { stdout: 'a', interrupted: true })).toMatchObject([{ ok: false }]);
  });

  it.each([
    [
      'git commit -m "feat: one" -m "why"',
      '[main abc1234] feat: one\n 1 file changed',
      { message: 'feat: one\n\nwhy', id: 'abc1234', branch: 'main' },
    ],
    [
      `git add . && git commit -m "$(cat <<'EOF'\nfix: two\n\nbody\nEOF\n)"`,
      '[x/y (root-commit) abc1234] fix: two',
      { message: 'fix: two\n\nbody', id: 'abc1234', branch: 'x/y' },
    ],
    ["git -c a=b commit -qam 'quiet'", '', { message: 'quiet' }],
    ['git commit --amend --no-edit', '[detached HEAD 0123abc] kept', { message: 'kept', id: '0123abc' }],
  ])('recognise the commit of %s', (command, stdout, commit) => {
    expect(used('Bash', { command }, { stdout })).toMatchObject([{ commit }]);
  });

  it.each([
    ['git commit -m x', 'nothing to commit, working tree clean'],
    ['git log --grep commit', 'abc'],
    ['git commit-tree x', ''],
  ])('see no commit in %s', (command, stdout) =>
    expect(used('Bash', { command }, { stdout })[0]).toHaveProperty('commit', undefined),
  );

  it('tell questions with their answers, tasks that changed, and the reports of subagents', () => {
    const question = {
      question: 'Which?',
      header: 'H',
      options: [{ label: 'A', description: 'because' }, { label: 'B' }],
    };
    expect(
      used('AskUserQuestion', { questions: [question] }, { questions: [question], answers: { 'Which?': 'A' } }),
    ).toMatchObject([{ kind: 'answer', question: 'Which?', answer: 'A', why: 'because', others: ['B'] }]);
    expect(
      used(
        'TodoWrite',
        {
          todos: [
            { content: 'a', status: 'completed' },
            { content: 'b', status: 'pending' },
          ],
        },
        { oldTodos: [{ content: 'b', status: 'pending' }] },
      ),
    ).toMatchObject([
      { subject: 'a', status: 'completed' },
      { subject: 'b', status: 'pending' },
    ]);
    expect(used('Task', { description: 'Look' }, { content: [{ type: 'text', text: 'Found.' }] })).toMatchObject([
      { kind: 'report', description: 'Look', text: 'Found.' },
    ]);
    expect(used('Agent', { description: 'Look' }, { isAsync: true, status: 'async_launched' })).toEqual([]);
    expect(
      parse({ hook_event_name: 'SubagentStop', agent_id: 'a', agent_type: '', last_assistant_message: 'x' }),
    ).toEqual([]);
  });

  it('distinguish typed prompts from generated ones', () => {
    expect(typed('Fix it')).toMatchObject([{ kind: 'prompt', text: 'Fix it' }]);
    expect(typed('<div> is not closed')).toHaveLength(1);
    for (const text of ['<task-notification>\nx', ' <system-reminder>x', '[Request interrupted by user]', ''])
      expect(typed(text)).toEqual([]);
  });
});

describe('transcripts', () => {
  it('leave out subagents, thinking, errors of the service, and lines that are cut', () => {
    const chunk = linesOf(
      { type: 'assistant', isSidechain: true, message: said('a') },
      { type: 'assistant', message: { content: [{ type: 'thinking', thinking: 'b' }] } },
      { type: 'assistant', isApiErrorMessage: true, message: said('c') },
      { type: 'assistant', message: said('kept') },
    );
    const entries = claudeCode.readTranscript(recordsIn(`{"type":"assis\n${chunk}\n{"type":`), context);
    expect(entries).toMatchObject([{ kind: 'event', event: { kind: 'text', text: 'kept' } }]);
  });

  it.each([
    [
      "The user doesn't want to proceed with this tool use. To tell you how to proceed, the user said:\nUse pnpm.\n\nNote: The user's next message may contain a correction.",
      { kind: 'verdict', on: 'tool', verdict: 'refused', what: 'Bash npm i', reason: 'Use pnpm.' },
    ],
    [
      "The user doesn't want to proceed with this tool use. The user provided the following reason for the rejection:  Use pnpm.",
      { kind: 'verdict', verdict: 'refused', reason: 'Use pnpm.' },
    ],
    [
      "The user doesn't want to take this action right now. STOP what you are doing.",
      { kind: 'verdict', verdict: 'aborted', reason: '' },
    ],
    [
      "The user doesn't want to proceed with this tool use. To tell you how to proceed, the user said:\nThe user wants to clarify these questions.\n    Take their response into account.\n",
      { kind: 'verdict', verdict: 'aborted', reason: '' },
    ],
    ['no installs here, says the hook', { kind: 'command', ok: false, unproven: 'blocked' }],
    ['Exit code 1\nnpm: not found', { kind: 'command', ok: false }],
  ])('tell a refusal from a failure: %s', (content, event) => {
    const entries = read(
      {
        type: 'assistant',
        message: { content: [{ type: 'tool_use', id: 't1', name: 'Bash', input: { command: 'npm i' } }] },
      },
      { type: 'user', message: { content: [{ type: 'tool_result', tool_use_id: 't1', is_error: true, content }] } },
    );
    expect(joinTranscript(entries, [])).toMatchObject([event]);
    if (event.kind === 'command' && !('unproven' in event))
      expect(joinTranscript(entries, [])[0]).toHaveProperty('unproven', undefined);
  });

  it('keep typed text beside tags of the host, and the id of the previous message', () => {
    const opened = '<ide_opened_file>src/a.ts is open</ide_opened_file>\nMake the retry limit 5';
    const entries = read(
      { type: 'user', parentUuid: null, message: { content: opened } },
      { type: 'user', parentUuid: 'u1', message: { content: '<task-notification>done</task-notification> Read it' } },
      // The user's task waits for what an agent reports: no new turn, and no notice.
      {
        type: 'user',
        message: { content: '<task-notification><summary>Agent "Find callers" finished</summary></task-notification>' },
      },
      {
        type: 'user',
        parentUuid: 'u2',
        message: {
          content: '<command-name>/compact</command-name><command-args>keep the limit</command-args>',
        },
      },
      { type: 'user', uuid: 'u3', message: { content: '[Request interrupted by user]' } },
      { type: 'user', uuid: 'u4', isMeta: true, message: { content: 'Stop hook feedback:\nThe tests must pass.' } },
    );
    expect(joinTranscript(entries, parse({ hook_event_name: 'UserPromptSubmit', prompt: opened }))).toMatchObject([
      { kind: 'prompt', text: 'Make the retry limit 5', follows: '' },
      { kind: 'prompt', text: '<task-notification>' },
      { kind: 'verdict', on: 'turn', verdict: 'aborted' },
      { kind: 'verdict', on: 'turn', verdict: 'refused', reason: 'The tests must pass.' },
    ]);
  });

  it('tell a slash command without words, and a last call that has no result', () => {
    const call = (name: string, input: object) => ({
      type: 'assistant',
      message: { content: [{ type: 'tool_use', id: `toolu_01${name}_long_enough`, name, input }] },
    });
    const entries = read(
      { type: 'user', message: { content: '<command-name>/publish</command-name>' } },
      { type: 'user', message: { content: '<command-name>/compact</command-name>' } },
      call('Read', { file_path: 'a.ts' }),
      call('Bash', { command: 'sh publish.sh' }),
    );
    expect(joinTranscript(entries, [])).toMatchObject([
      { kind: 'prompt', text: '/publish' },
      { kind: 'command', command: 'sh publish.sh', ok: true, output: '', unproven: 'interrupted' },
    ]);
  });

  it('tell the commands that the user typed with "!", with what they wrote', () => {
    const shell = (uuid: string, parentUuid: string, content: string) => ({
      type: 'user',
      uuid,
      parentUuid,
      message: { role: 'user', content },
    });
    const events = joinTranscript(
      read(
        shell('u1', 'a0', '<bash-input> git push origin main</bash-input>'),
        shell('u2', 'u1', '<bash-stdout></bash-stdout><bash-stderr>fatal: no remote</bash-stderr>'),
        shell('u3', 'u2', "<bash-input>git commit -m 'fix: wait'</bash-input>"),
        shell('u4', 'u3', '<bash-stdout>[main 1a2b3c4] fix: wait</bash-stdout><bash-stderr></bash-stderr>'),
      ),
      [],
    );
    expect(events).toMatchObject([
      { kind: 'command', command: 'git push origin main', ok: false },
      { kind: 'command', ok: true, commit: { message: 'fix: wait', id: '1a2b3c4' } },
    ]);
    expect(events.map(({ key }) => isTyped(key))).toEqual([true, true]);
  });

  it('put events without a position before the next positioned one', () => {
    const entries = read(
      { type: 'user', message: { content: 'Do it' } },
      {
        type: 'assistant',
        message: { content: [{ type: 'tool_use', id: 't1', name: 'Agent', input: { description: 'd' } }] },
      },
      { type: 'assistant', message: { content: [{ type: 'text', text: 'Done' }] } },
    );
    const told = [
      ...parse({ hook_event_name: 'UserPromptSubmit', prompt_id: 'p', prompt: 'Do it' }),
      ...used('Bash', { command: 'ls' }, {}, { tool_use_id: 'inner', agent_id: 'a' }),
      ...used('Agent', { description: 'd' }, { content: 'Found.' }, { tool_use_id: 't1' }),
      ...parse({ hook_event_name: 'Stop', prompt_id: 'p', last_assistant_message: 'Done' }),
    ];
    const joined = joinTranscript(entries, told);
    expect(joined.map((event) => event.kind)).toEqual(['prompt', 'command', 'report', 'text', 'boundary']);
    expect(joined[3]).toMatchObject({ isFinal: true });
  });

  it('take the closing words from the hook while the transcript lacks them', () => {
    const told = parse({ hook_event_name: 'Stop', prompt_id: 'p', last_assistant_message: 'Done' });
    expect(
      joinTranscript(read({ type: 'user', message: { content: 'Do it' } }), told).map((event) => event.kind),
    ).toEqual(['prompt', 'text', 'boundary']);
  });
});

describe('answers', () => {
  it('carry context where the event takes it, and a line for the user', () => {
    expect(JSON.parse(claudeCode.formatAnswer('SessionStart', { context: 'c', message: 'm' }))).toEqual({
      hookSpecificOutput: { hookEventName: 'SessionStart', additionalContext: 'c' },
      systemMessage: 'm',
    });
    expect(claudeCode.formatAnswer('Stop', { context: 'c' })).toBe('');
    expect(claudeCode.formatAnswer('SessionStart', {})).toBe('');
  });
});

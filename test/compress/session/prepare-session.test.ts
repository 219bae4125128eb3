import { describe, expect, it } from 'vitest';
import { typedCall } from '../../../src/agents/event-keys.ts';
import { openPrompt } from '../../../src/compress/session/open-prompt.ts';
import { prepareSession } from '../../../src/compress/session/prepare-session.ts';
import { commit, edits, failed, ran, says, told, user } from './told.ts';

const test = 'npm test -- src/queue';

describe('the prepared session', () => {
  it('tells turns in order with closings, verdicts, commits and what passed later', () => {
    const { turns, end } = prepareSession(
      told(
        user('<ide_selection>x</ide_selection>Make the queue persistent'),
        says('I will look.'),
        { kind: 'verdict', on: 'plan', verdict: 'refused', what: '', reason: 'no new server' },
        failed(test, 'Exit code 1\nError: queue.db is locked\n  at open (queue.ts:3)'),
        edits('src/queue.ts', 'open(path)', 'open(path, { timeout: 5000 })'),
        says('It waits now.'),
        user('run it again'),
        { kind: 'verdict', on: 'tool', verdict: 'refused', what: 'Bash npm i', reason: 'we use pnpm' },
        ran(test, 'Tests 4 passed (4)'),
        commit('fix(queue): wait for a locked file\n\nTwo workers open it.\n\nCo-Authored-By: A <a@example.com>'),
        says('Committed.'),
      ),
    );
    expect(turns.map(({ prompt, closing }) => [prompt, closing])).toEqual([
      ['Make the queue persistent', 'It waits now.'],
      ['run it again', 'Committed.'],
    ]);
    expect(turns[0]?.steps).toMatchObject([
      { kind: 'said' },
      { kind: 'plan', verdict: 'refused', reason: 'no new server' },
      { kind: 'ran', ok: false, line: 'Error: queue.db is locked', passedIn: 2 },
      { kind: 'edit', path: 'src/queue.ts' },
    ]);
    expect(turns[1]?.steps.at(-1)).toEqual({
      kind: 'commit',
      subject: 'fix(queue): wait for a locked file',
      body: 'Two workers open it.',
    });
    expect(end).toMatchObject({
      isAnswered: true,
      untested: [],
      passed: [{ command: test, line: 'Tests 4 passed (4)' }],
    });
    expect(end.files).toMatchObject([
      { path: 'src/queue.ts', isCommitted: true, added: [expect.stringContaining('5000')] },
    ]);
  });

  it.each<[string, Parameters<typeof told>[0]]>([
    ['was started in the background', { kind: 'command', command: test, ok: true, unproven: 'background', output: '' }],
    ['was interrupted', { kind: 'command', command: test, ok: false, unproven: 'interrupted', output: '' }],
    ['was stopped by a hook', { kind: 'command', command: test, ok: false, unproven: 'blocked', output: 'no' }],
    ['hides its result behind a pipe', ran(`${test} | tail -3`, 'see the log')],
    ['is another command', ran('npm test -- src/other', 'Tests 1 passed')],
  ])('takes no proof from a check that %s', (_why, check) => {
    const { turns, end } = prepareSession(told(user('fix it'), failed(test, 'Exit code 1\nError: x'), check));
    expect(turns[0]?.steps[0]).not.toHaveProperty('passedIn');
    expect(end.passed.map(({ command }) => command)).not.toContain(test);
  });

  it('takes no proof from a check that the shell did not wait for, that ran no test or was only asked about', () => {
    const passed = (command: string, output: string): unknown[] =>
      prepareSession(told(user('fix it'), failed(test, 'Error: x'), ran(command, output))).end.passed;
    expect(passed(`${test} > log.txt 2>&1 &`, '[1] 4242')).toEqual([]);
    expect(passed(`nohup ${test} >/dev/null 2>&1 & echo $!`, '4242')).toEqual([]);
    expect(passed(test, 'Tests: 0 passed, 3 skipped')).toEqual([]);
    expect(passed('pytest -k nothing', 'no tests ran in 0.01s')).toEqual([]);
    expect(passed('pytest --version', 'pytest 8.3.4')).toEqual([]);
    expect(passed(`node server.js & ${test} 2>&1`, 'Tests 4 passed')).toHaveLength(1);
    expect(passed('cargo test', 'test result: ok. 3 passed\nDoc-tests\ntest result: ok. 0 passed')).toHaveLength(1);
  });

  it('leaves out turns that were taken back, and what a compaction closed stays', () => {
    const prompts = (...events: Parameters<typeof told>): string[] =>
      prepareSession(told(...events)).turns.map(({ prompt }) => prompt);
    expect(prompts(user('a', ''), says('A'), user('b', 'u1'), says('B'), user('c', 'u1'))).toEqual(['a', 'c']);
    expect(prompts(user('a'), says('A'), user('b', ''))).toEqual(['b']);
    expect(prompts(user('a', ''), user('a'), says('A'), user('a'))).toEqual(['a', 'a']);
    expect(prompts(user('a', ''), { kind: 'summary', text: 'so far' }, user('b', ''))).toEqual(['a', 'b']);
  });

  it('nets edits from the first state to the last, and knows what was put back', () => {
    const { end } = prepareSession(
      told(
        user('try'),
        edits('a.ts', 'one', 'two'),
        edits('a.ts', 'two', 'three'),
        edits('b.ts', 'x', 'y'),
        edits('b.ts', 'y', 'x'),
        edits('c.ts', 'p', 'q'),
        ran('git checkout -- c.ts'),
        edits('d.ts', '', '// only a comment'),
        edits('e.ts', '', 'code'),
        ran('rm e.ts && git status --short'),
      ),
    );
    expect(end.files).toEqual([{ path: 'a.ts', isNew: false, added: ['three'], removed: ['one'], isCommitted: false }]);
    expect(end.reverted).toEqual(['b.ts', 'c.ts', 'e.ts']);
    expect(end).toMatchObject({ isAnswered: false, untested: ['a.ts'] });
  });

  it.each([
    ['git checkout -- a.ts b.ts', ['b.ts']],
    ['git restore .', ['b.ts']],
    ['git checkout HEAD -- a.ts b.ts', ['a.ts', 'b.ts']],
    ['git stash', ['a.ts', 'b.ts']],
    ['git stash && npm test && git stash pop', []],
  ])('put back what was not staged, or what no commit has: %s', (command, back) => {
    const { end } = prepareSession(
      told(user('go'), edits('a.ts', 'one', 'two'), edits('b.ts', 'one', 'two'), ran('git add ./a.ts'), ran(command)),
    );
    expect(end.reverted).toEqual(back);
  });

  it.each([
    ['a clean tree', ran('git status', 'On branch main\nnothing to commit, working tree clean'), [true, true], []],
    [
      'a commit with nothing to commit',
      failed('git commit -m x', 'nothing to commit, working tree clean'),
      [true, true],
      [],
    ],
    [
      'a list',
      ran('git status', 'Changes:\n\tmodified:   src/a.ts\n\tmodified:   x.md'),
      [false, true],
      ['src/a.ts', 'x.md'],
    ],
    ['a short list of folders', ran('git add b.ts && git status -sb', '## main\nM  src/'), [false, true], ['src/']],
    ['no output', ran('git status --short'), [true, true], undefined],
    ['another repository', ran('cd ../x && git status --short', '?? src/a.ts'), [true, true], undefined],
    ['the end of a pipe', ran('git status --short | head -1', ' M src/a.ts'), [true, true], undefined],
  ])('knows from %s what is committed', (_what, said, isCommitted, changed) => {
    const { end } = prepareSession(
      told(user('go'), edits('src/a.ts', 'a', 'b'), edits('b.ts', 'c', 'd'), commit('All of it'), said),
    );
    expect(end.files.map((file) => file.isCommitted)).toEqual(isCommitted);
    expect(end.tree?.changed).toEqual(changed);
  });

  it('knows which names are gone: introduced or renamed, and held by no line since', () => {
    const { end } = prepareSession(
      told(
        user('go'),
        edits('a.ts', '', 'export function readAll() {}\nexport const oldLimit = 3;\nexport function fetchOne() {}'),
        edits('a.ts', 'export function readAll() {}', 'export function readEach() {}'),
        edits('a.ts', 'export const oldLimit = 3;', 'use(3);'),
        edits('a.ts', 'export function fetchOne() {}', ''),
        edits('b.ts', '', 'import { fetchOne } from "./net.ts";'),
        edits('c.ts', 'function foundHere() {}', ''),
      ),
    );
    expect(end.gone).toEqual([{ name: 'readAll', now: 'readEach' }, { name: 'oldLimit' }]);
  });

  it('leaves out what the agent answers to a notice of the host, unless it does something about it', () => {
    const noticed = user('<task-notification>');
    const { turns } = prepareSession(
      told(
        user('go'),
        says('The parser reads `a.csv`, whose first line names the columns.'),
        noticed,
        says('That was an old run; no action needed.'),
        noticed,
        says('It failed; I look.'),
        ran('npm test', '1 passed'),
        says('The test passes.'),
      ),
    );
    expect(turns.map(({ steps, closing }) => [steps.map(({ kind }) => kind), closing])).toEqual([
      [['said', 'said', 'ran'], 'The test passes.'],
    ]);
    expect(JSON.stringify(turns)).not.toContain('old run');
  });

  it('keeps an answer to a notice that says more than the user had been told', () => {
    const { turns } = prepareSession(
      told(
        user('does it pass?'),
        says('The suite runs in the background.'),
        user('<task-notification>'),
        says('412 tests pass: the parser takes quoted columns now, and the old reader is gone.'),
      ),
    );
    expect(turns.map(({ closing }) => closing)).toEqual([
      '412 tests pass: the parser takes quoted columns now, and the old reader is gone.',
    ]);
  });

  it('knows the tasks of the last list only', () => {
    const task = (list: string, subject: string, status: 'pending' | 'completed') =>
      ({ kind: 'task', id: subject, list, subject, status }) as const;
    const { end } = prepareSession(
      told(
        user('do'),
        task('l1', 'write the parser', 'pending'),
        task('l1', 'test it', 'pending'),
        task('l2', 'write the CSV parser', 'completed'),
        task('l2', 'test the parser', 'pending'),
      ),
    );
    expect(end.openTasks).toEqual(['test the parser']);
  });

  it('begins a turn with the commands that the user typed before it, and tells those at the end', () => {
    const typed = (command: string): ReturnType<typeof ran> => Object.assign(ran(command), { key: typedCall(command) });
    const { turns } = prepareSession(
      told(user('set it up'), says('Push it.'), typed('git push'), user('next'), says('Done.'), typed('git log')),
    );
    expect(turns.map(({ prompt, closing, steps }) => [prompt, closing, steps.length])).toEqual([
      ['set it up', 'Push it.', 0],
      ['next', 'Done.', 1],
      ['', '', 1],
    ]);
    const killed = prepareSession(told(user('next'), says('I will.'), ran('ls'), typed('git log')));
    expect(openPrompt(killed)?.prompt).toBe('next');
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerCall } from '../../src/recall/hook-answer.ts';
import { claudeCode } from '../../src/agents/claude-code/host.ts';
import { openMemory } from '../../src/memory/open.ts';
import type { TempRepo } from '../helpers/temp-repo.ts';
import { envAt, commitAll, memoryRepo, recordFile, recordPath } from '../memory/memory-at.ts';

let repo: TempRepo;

const records = [
  {
    id: 'b0000001',
    type: 'bugfix' as const,
    title: 'fib() recursed forever for negative n',
    description: 'Neither base case is met; it raises ValueError now.',
    cites: [{ path: 'src/fib.py' }],
  },
  {
    id: 'b0000002',
    type: 'decision' as const,
    title: 'The queue retries three times, then parks the message',
    description: 'Ten retries held the worker for minutes.',
    cites: [{ path: 'src/queue.py' }, { path: 'src/worker.py' }],
  },
  {
    id: 'b0000003',
    type: 'gotcha' as const,
    title: 'The staging database truncates microseconds',
    description: 'Compare timestamps by the second.',
    cites: [{ path: 'src/queue.py' }],
  },
  {
    id: 'b0000004',
    type: 'dead-end' as const,
    title: 'Caching rendered invoices in Redis was tried and dropped',
    description: 'Invalidation by customer cost more than rendering.',
  },
];

beforeEach(() => {
  repo = memoryRepo({ 'src/fib.py': 'x\n', 'src/queue.py': 'y\n', 'src/worker.py': 'z\n' });
  for (const record of records) repo.write(recordPath(record.id), recordFile(record));
  commitAll(repo, 'memory');
});
afterEach(() => repo.remove());

let count = 0;

/** What a session is told: the block first, as every session has it, then the event. */
async function told(payload: Record<string, unknown>, session = `s${++count}`): Promise<string> {
  const { paths } = await openMemory(envAt(repo.dir));
  const call = (more: Record<string, unknown>) => claudeCode.readCall({ session_id: session, cwd: repo.dir, ...more });
  await answerCall(envAt(repo.dir), paths, call({ hook_event_name: 'SessionStart', source: 'startup' }));
  return (await answerCall(envAt(repo.dir), paths, call(payload)))?.context ?? '';
}

const prompt = (text: string, session?: string): Promise<string> =>
  told({ hook_event_name: 'UserPromptSubmit', prompt: text }, session);

describe('the block', () => {
  it.each([['start'], ['prompt']])(
    'is told once where start and first prompt come at once, the %s first',
    async (order) => {
      const { paths } = await openMemory(envAt(repo.dir));
      const call = (more: Record<string, unknown>) => claudeCode.readCall({ session_id: `s${++count}`, ...more });
      const session_id = `both-${order}`;
      const calls = [
        call({ session_id, hook_event_name: 'SessionStart', source: 'startup' }),
        call({ session_id, hook_event_name: 'UserPromptSubmit', prompt: 'why does fib refuse negative numbers?' }),
      ];
      if (order === 'prompt') calls.reverse();
      const answers = await Promise.all(calls.map((one) => answerCall(envAt(repo.dir), paths, one)));
      const contexts = answers.map((answer) => answer?.context ?? '');
      expect(contexts.filter((text) => /\d+ of \d+ shown/.test(text))).toHaveLength(1);
      expect(contexts.join('\n').match(/Records of this repository that speak of this/g)).toHaveLength(1);
    },
  );
});

describe('with a prompt', () => {
  it('brings the record that answers, with id and date', async () => {
    const text = await prompt('Why does fib raise for a negative number?');
    expect(text).toContain('- b0000001 2026-11-20 bugfix');
    expect(text).not.toContain('b0000004');
    expect(text.length).toBeLessThanOrEqual(1200);
  });

  it('brings nothing for two telling words in a long request about something else', async () => {
    const text =
      'Rename the broker dashboard columns, migrate the invoice exporter to the glossary service, translate every heading and mention queue retries in the footer';
    expect(await prompt(text)).toBe('');
    // The same two words bring it where they are what is asked.
    expect(await prompt('What about queue retries?')).toContain('b0000002');
  });

  it('brings beside the best record none that is far behind it', async () => {
    const question = 'Which websocket heartbeat jitter exceeds the proxy timeout?';
    repo.write(recordPath('b0000006'), recordFile({ id: 'b0000006', title: 'The proxy timeout of the heartbeat' }));
    expect(await prompt(question)).toContain('b0000006');
    const words = 'websocket heartbeat jitter exceeds the proxy timeout';
    const best = { id: 'b0000005', title: words, description: `${words}.`, aliases: [words], body: `The ${words}.` };
    repo.write(recordPath(best.id), recordFile(best));
    const text = await prompt(question);
    expect(text).toContain('b0000005');
    expect(text).not.toContain('b0000006');
  });

  it.each([
    'Write a haiku about autumn leaves on the river',
    'Set up a Kubernetes ingress with cert-manager',
    'Translate this paragraph into French for the newsletter',
    'Bump the deployment target and fix the Swift warnings',
    'Train a random forest on the housing data and plot the features',
    'How do I bake sourdough bread without a dutch oven?',
    'Add dark mode to the marketing page with Tailwind',
    'Draft an e-mail to the landlord about the broken heating',
    'fix the failing test',
    'run the tests again and commit the changes',
    'please continue with the next task',
    'why does the build fail?',
  ])('brings nothing with: %s', async (text) => {
    expect(await prompt(text)).toBe('');
  });

  it('counts the words of a prompt without spaces, and takes its common words for none', async () => {
    repo.write(
      recordPath('b0000009'),
      recordFile({ id: 'b0000009', title: '支付回调必须验证签名', description: '曾经有人伪造回调。' }),
    );
    commitAll(repo, 'more memory');
    expect(await prompt('支付回调的签名在哪里验证？')).toContain('b0000009');
    expect(await prompt('请帮我修改这个项目的代码')).toBe('');
    expect(await prompt('给首页添加一个深色主题')).toBe('');
  });
  it('takes common words of other languages for none', async () => {
    repo.write(
      recordPath('b0000010'),
      recordFile({
        id: 'b0000010',
        title: 'Los cambios del proyecto se prueban antes',
        description: 'Cada archivo nuevo tiene su prueba.',
      }),
    );
    commitAll(repo, 'more memory');
    expect(await prompt('añade un archivo nuevo con una prueba al proyecto')).toBe('');
  });
  it('skips prompts of the machine and prompts of fewer than three words', async () => {
    expect(await prompt('<task-notification>fib raised for negative n</task-notification>')).toBe('');
    expect(await prompt('negative fib')).toBe('');
  });

  it('says nothing twice in a session', async () => {
    const question = 'Why does fib raise for a negative number?';
    expect(await prompt(question, 'same')).not.toBe('');
    expect(await prompt(question, 'same')).toBe('');
  });

  it('can be switched off', async () => {
    repo.write('.claude-mem/settings.yaml', 'version: 1\nrecall:\n  prompt: false\n');
    expect(await prompt('Why does fib raise for a negative number?')).toBe('');
  });
});

describe('with a file', () => {
  const opening = (path: string, session?: string): Promise<string> =>
    told(
      { hook_event_name: 'PreToolUse', tool_name: 'Read', tool_input: { file_path: `${repo.dir}/${path}` } },
      session,
    );

  it('brings the records that cite it, the most specific first, once', async () => {
    const text = await opening('src/queue.py', 'files');
    expect(text.indexOf('b0000003')).toBeLessThan(text.indexOf('b0000002'));
    expect(text.length).toBeLessThanOrEqual(800);
    expect(await opening('src/queue.py', 'files')).toBe('');
  });

  it('knows files that a shell command names, and brings nothing for others', async () => {
    const shell = (command: string) =>
      told({ hook_event_name: 'PreToolUse', tool_name: 'Bash', tool_input: { command } });
    expect(await shell('sed -n 1,20p ./src/fib.py | head')).toContain('b0000001');
    expect(await shell('cat README.md; ls src')).toBe('');
    expect(await opening('src/other.py')).toBe('');
  });
});

describe('a session that was not there at the start', () => {
  it('gets the block with its first prompt, once', async () => {
    const { paths } = await openMemory(envAt(repo.dir));
    const ask = async (): Promise<string> => {
      const call = claudeCode.readCall({
        session_id: 'late',
        hook_event_name: 'UserPromptSubmit',
        prompt: 'please go on with it',
      });
      return (await answerCall(envAt(repo.dir), paths, call))?.context ?? '';
    };
    expect(await ask()).toContain('4 of 4 shown');
    expect(await ask()).toBe('');
  });

  it('gets nothing when it is resumed with the block, and the block after a compaction', async () => {
    const { paths } = await openMemory(envAt(repo.dir));
    const start = async (source: string): Promise<string> =>
      (
        await answerCall(
          envAt(repo.dir),
          paths,
          claudeCode.readCall({ session_id: 'r', hook_event_name: 'SessionStart', source }),
        )
      )?.context ?? '';
    expect(await start('resume')).toContain('4 of 4 shown');
    expect(await start('resume')).toBe('');
    expect(await start('compact')).toContain('4 of 4 shown');
  });
});

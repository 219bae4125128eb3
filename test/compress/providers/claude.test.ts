import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claudeTransport } from '../../../src/compress/providers/claude.ts';
import type { ModelPrompt, ProviderFailure, Repair } from '../../../src/compress/providers/transport.ts';
import { tempDir } from '../../helpers/temp-repo.ts';
import { modelReply } from './telling-turn.ts';

let dir: string;
beforeEach(() => void (dir = tempDir()));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const prompt: ModelPrompt = { system: 'Rules.', user: 'NOTES\nagent: hello', schema: { type: 'object' } };

/** A `claude` on the PATH that records how it was started and then runs `script`. */
function fakeClaude(script: string): void {
  const file = join(dir, 'claude');
  writeFileSync(
    file,
    `#!/bin/sh\npwd > '${dir}/cwd'\nenv > '${dir}/env'\nprintf '%s\\n' "$@" >> '${dir}/args'\necho -- >> '${dir}/args'\ncat > '${dir}/stdin'\n${script}\n`,
  );
  chmodSync(file, 0o755);
}

function result(fields: Record<string, unknown>): string {
  const whole = {
    type: 'result',
    subtype: 'success',
    is_error: false,
    usage: { input_tokens: 900, output_tokens: 70 },
  };
  writeFileSync(join(dir, 'result'), JSON.stringify({ ...whole, ...fields }));
  return `cat '${dir}/result'`;
}

const noted = (name: string): string => readFileSync(join(dir, name), 'utf8');

function ask(repair?: Repair, timeoutMs = 10_000): ReturnType<ReturnType<typeof claudeTransport>['ask']> {
  const vars = { PATH: `${dir}:/usr/bin:/bin`, HOME: dir, CLAUDECODE: '1', CLAUDE_PROJECT_DIR: '/somewhere' };
  return claudeTransport({ model: 'haiku', vars, timeoutMs }).ask(prompt, repair);
}

async function failureOf(asking: Promise<unknown>): Promise<ProviderFailure> {
  return asking.then(
    () => {
      throw new Error('it answered');
    },
    (error: unknown) => error as ProviderFailure,
  );
}

describe("the user's own client", () => {
  it('runs headless, with all customisation of user and project disabled', async () => {
    fakeClaude(result({ result: modelReply() }));
    expect(await ask()).toEqual({ text: modelReply(), stop: 'end', tokensIn: 900, tokensOut: 70 });
    const args = noted('args').split('\n');
    for (const flag of [
      '-p',
      '--safe-mode',
      '--strict-mcp-config',
      '--disable-slash-commands',
      '--no-session-persistence',
    ])
      expect(args).toContain(flag);
    expect(args[args.indexOf('--tools') + 1]).toBe('');
    expect(args[args.indexOf('--model') + 1]).toBe('haiku');
    expect(noted('stdin')).toBe(prompt.user);
    expect(noted('args')).not.toContain(prompt.user);
  });

  it('starts in a temporary folder, with the mark that makes our hooks exit, and without the variables of the session', async () => {
    fakeClaude(result({ result: '{}' }));
    await ask();
    expect(noted('cwd')).toContain('repomem-claude-');
    expect(existsSync(noted('cwd').trim())).toBe(false);
    const env = noted('env').split('\n');
    expect(env).toContain('REPOMEM_CHILD=1');
    expect(env).toContain('CLAUDE_CODE_DISABLE_AUTO_MEMORY=1');
    expect(env.filter((line) => /^(?:CLAUDECODE|CLAUDE_PROJECT_DIR)=/.test(line))).toEqual([]);
  });

  it('hears a list of messages too', async () => {
    fakeClaude(result({ result: 'x' }));
    const one = readFileSync(join(dir, 'result'), 'utf8');
    writeFileSync(join(dir, 'result'), `[{"type":"system","subtype":"init"},${one}]`);
    expect((await ask()).text).toBe('x');
  });

  it('gets its first reply and the errors in it for a repair', async () => {
    fakeClaude(result({ result: '{}' }));
    await ask({ answer: 'some prose', complaint: 'the reply is not one JSON object' });
    expect(noted('stdin')).toMatch(/hello[\s\S]*some prose[\s\S]*not one JSON object/);
  });

  it.each([
    ['Not logged in · Please run /login', 'lasting'],
    ['Credit balance is too low', 'lasting'],
    ['API Error: 529 overloaded', 'passing'],
  ])('knows a failure by is_error, whatever the subtype says: %s', async (text, kind) => {
    fakeClaude(`${result({ is_error: true, result: text })}; exit 1`);
    expect(await failureOf(ask())).toMatchObject({ code: 'provider', kind, message: expect.stringContaining(text) });
  });

  it('fails when it is not there', async () => {
    expect(await failureOf(ask())).toMatchObject({
      kind: 'lasting',
      message: expect.stringContaining('not on the PATH'),
    });
  });

  it('ends with everything that it started when it takes too long', async () => {
    fakeClaude(`sleep 60 & echo $! > '${dir}/child'; wait`);
    expect(await failureOf(ask(undefined, 2000))).toMatchObject({ kind: 'passing' });
    const pid = Number(noted('child'));
    const isAlive = (): boolean => {
      try {
        // A zombie counts as dead.
        return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
      } catch {
        return false;
      }
    };
    for (let tries = 0; isAlive() && tries < 500; tries++) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isAlive()).toBe(false);
  });
});

// Sessions whose host is killed at any moment: no process outlives its work, and what was captured becomes records.
// REPOMEM_TEST_FULL=1: 200 sessions.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { listSpool } from '../../src/capture/spool.ts';
import { placeFor } from '../../src/store/locate.ts';
import { builtCli, builtPackage, runCli } from '../helpers/built-cli.ts';
import { processesAt } from '../helpers/processes.ts';
import { giveMemory } from '../helpers/given-memory.ts';
import { gitVars, removeFolder, tempDir, tempRepo } from '../helpers/temp-repo.ts';

const isFull = process.env['REPOMEM_TEST_FULL'] === '1';
const count = isFull ? 200 : 16;
const folders: string[] = [];
afterEach(() => folders.splice(0).forEach(removeFolder));

/** A host as a shell script: a server that it holds by a pipe, and hooks one after the other. */
function hostScript(bin: string, session: string): string {
  const hook = (event: string, more: string): string => {
    const script = event.startsWith('PostTool') ? 'repomem-capture.sh' : 'repomem-hook.sh';
    return `printf '%s' '{"hook_event_name":"${event}","session_id":"${session}","prompt_id":"p"${more}}' | sh '${bin}/${script}' ${event} >/dev/null`;
  };
  const tool = (n: number): string =>
    hook(
      'PostToolUseFailure',
      `,"tool_name":"Bash","tool_use_id":"${session}-${n}","tool_input":{"command":"npm run check${n}"},"error":"Exit code 1: limit ${n}"`,
    );
  return [
    `mkfifo "$PIPE"`,
    `node '${builtCli()}' mcp <"$PIPE" >/dev/null 2>&1 &`,
    `exec 3>"$PIPE"`,
    hook('SessionStart', ',"source":"startup"'),
    hook('UserPromptSubmit', ',"prompt":"Repair the check, it fails with a limit."'),
    ...[1, 2, 3].map(tool),
    hook('Stop', ',"last_assistant_message":"It failed because the limit was 3; I decided to raise it to 5."'),
    ...[4, 5].map(tool),
    hook('SessionEnd', ',"reason":"other"'),
    'sleep 5',
  ].join('\n');
}

it(
  `${count} hosts killed at random leave no process`,
  async () => {
    const home = tempDir();
    folders.push(home);
    const repo = tempRepo({ 'src/app.ts': 'export {};\n' }, { at: join(home, 'work/repo') });
    giveMemory(repo, home);
    const bin = join(builtPackage(), 'bin');
    let seen = 0;
    const one = async (index: number): Promise<void> => {
      const child = spawn('sh', ['-c', hostScript(bin, `s${index}`)], {
        cwd: repo.dir,
        detached: true,
        stdio: 'ignore',
        env: { PATH: process.env['PATH'], HOME: home, PIPE: join(home, `pipe-${index}`), ...gitVars },
      });
      const gone = new Promise((resolve) => child.on('close', resolve));
      await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 1500));
      seen = Math.max(seen, processesAt(home).length);
      // The host alone, or all that it started in its group, as a closed terminal does.
      if (index % 2 === 0) child.kill('SIGKILL');
      else if (child.pid !== undefined) {
        try {
          process.kill(-child.pid, 'SIGKILL');
        } catch {
          // It ended by itself.
        }
      }
      await gone;
    };
    for (let from = 0; from < count; from += 4) await Promise.all([0, 1, 2, 3].map((at) => one(from + at)));
    expect(seen).toBeGreaterThan(0);
    let left = processesAt(home);
    for (let waited = 0; left.length > 0 && waited < 60_000; waited += 200) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      left = processesAt(home);
    }
    expect(left).toEqual([]);
    const run = await runCli(['compress'], { cwd: repo.dir, home });
    expect(run.code, run.stderr).toBe(0);
    const { spoolDir } = placeFor(repo.dir, home);
    expect(listSpool({ spoolDir })).toEqual([]);
    for (const folder of ['claims', 'dead'])
      expect(existsSync(join(spoolDir, folder)) ? readdirSync(join(spoolDir, folder)) : [], folder).toEqual([]);
    expect(processesAt(home)).toEqual([]);
    expect((await runCli(['doctor'], { cwd: repo.dir, home })).code).toBe(0);
  },
  isFull ? 1_200_000 : 180_000,
);

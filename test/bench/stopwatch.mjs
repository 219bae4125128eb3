// Times one process, as small as Node gets: to start a process costs the one who starts it the more the larger it is, and that is not what a
// host pays for a hook. Reads the task on standard input, says the milliseconds from spawn to exit.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const { program, args, cwd, env, input } = JSON.parse(readFileSync(0, 'utf8'));
for (let times = 0; times < 3; times++) spawnSync('true', [], { input: 'x' });
const started = performance.now();
const { status, stderr, error } = spawnSync(program, args, { cwd, env, input: input ?? '', maxBuffer: 1 << 28 });
const ms = performance.now() - started;
// Who leaves at once need not have read its payload.
const failure = error && error.code !== 'EPIPE' ? error.message : status === 0 ? undefined : `${status} ${stderr}`;
process.stdout.write(JSON.stringify({ ms, failure }));

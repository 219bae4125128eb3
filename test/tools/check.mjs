// `npm run check`: the formatter, which takes longest and one core, beside all other steps, which go one after the other to the first that fails.
import { spawn } from 'node:child_process';

/** Resolves to whether it succeeded; what it says is told at its end, in one piece. */
function run(/** @type {string} */ script) {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '-s', script], { stdio: ['ignore', 'pipe', 'pipe'] });
    /** @type {Buffer[]} */
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk));
    child.on('error', (error) => said.push(Buffer.from(`${script}: ${error.message}\n`)));
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat(said));
      if (code !== 0) console.error(`npm run ${script}: failed`);
      resolve(code === 0);
    });
  });
}

async function runInTurn(/** @type {string[]} */ scripts) {
  for (const script of scripts) if (!(await run(script))) return false;
  return true;
}

const results = await Promise.all([
  run('format:check'),
  runInTurn(['lint', 'types', 'dead', 'build', 'package', 'validate']),
]);
if (results.includes(false)) process.exitCode = 1;

// argv → command, loaded lazily. The only code that reads the process, exits, or catches everything.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { attempt } from './domain/errors.ts';
import type { Env } from './domain/env.ts';

export async function main(argv: readonly string[] = process.argv.slice(2)): Promise<void> {
  const env = readEnv();
  if (argv[0] === 'hook') {
    const { runHook } = await import('./hooks.ts');
    await runHook(env, argv.slice(1));
    return;
  }
  if (argv[0] === 'mcp' && argv.length === 1) {
    const { runMcp } = await import('./mcp/start-server.ts');
    return runMcp(env);
  }
  const { runCommand } = await import('./cli/run.ts');
  process.exitCode = await runCommand(env, argv, {
    exportMemory: async (...asked) => (await import('./viewer/export.ts')).exportMemory(...asked),
    view: async (...asked) => (await import('./viewer/start.ts')).view(...asked),
  });
}

function readEnv(): Env {
  const packageDir = dirname(dirname(fileURLToPath(import.meta.url)));
  let version: string | undefined;
  return {
    // '' when the current directory no longer exists.
    cwd: attempt(() => process.cwd()) ?? '',
    home: process.env['HOME'] ?? homedir(),
    vars: process.env,
    now: () => new Date(),
    randomBytes: (count) => randomBytes(count),
    packageDir,
    get version() {
      return (version ??= String(JSON.parse(readFileSync(`${packageDir}/package.json`, 'utf8')).version));
    },
  };
}

import { randomBytes } from 'node:crypto';
import type { Env } from '../../src/domain/env.ts';
import { blankRecord, type MemoryRecord } from '../../src/domain/record.ts';
import { openMemory, type Memory } from '../../src/memory/open.ts';
import { formatRecord } from '../../src/format/frontmatter.ts';
import { gitVars, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';

/** The world as a command sees it that was started in `dir`; nothing of this machine but the PATH. */
export function envAt(dir: string, vars: Record<string, string> = {}): Env {
  return {
    cwd: dir,
    home: '/nonexistent',
    vars: { PATH: process.env['PATH'], ...gitVars, ...vars },
    now: () => new Date('2026-11-21T12:00:00Z'),
    randomBytes: (count) => randomBytes(count),
    packageDir: new URL('../..', import.meta.url).pathname,
    version: '0.0.0',
  };
}

export function memoryAt(dir: string, vars: Record<string, string> = {}): Promise<Memory> {
  return openMemory(envAt(dir, vars));
}

/** A repository with a memory and the given files, committed. */
export function memoryRepo(files: Record<string, string> = {}): TempRepo {
  return tempRepo({ '.claude-mem/settings.yaml': 'version: 1\n', ...files });
}

export function commitAll(repo: TempRepo, message: string): string {
  repo.git('add', '-A');
  repo.git('commit', '-qm', message);
  return repo.git('rev-parse', 'HEAD').trim();
}

/** As if somebody else had made the commits: git's log of what was done here is what tells. */
export function forgetMaking(repo: TempRepo): void {
  repo.git('reflog', 'expire', '--expire=now', '--all');
}

export function recordPath(id: string, slug = 'note'): string {
  return `.claude-mem/observations/2026/11/2026-11-20-${slug}-${id}.md`;
}

/** A whole record's text; what is not given is plain. */
export function recordFile(record: Partial<MemoryRecord> & { id: string }): string {
  return formatRecord({
    ...blankRecord(record.id, 'decision', '2026-11-20T12:00:00Z'),
    title: `Record ${record.id}`,
    ...record,
  });
}

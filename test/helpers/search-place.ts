// A memory without git in a temporary folder, and records for it.
import { rmSync } from 'node:fs';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Excerpt } from '../../src/domain/excerpt.ts';
import type { MemoryPaths } from '../../src/domain/memory-paths.ts';
import { tempDir } from './temp-repo.ts';

export interface TempPlace {
  paths: MemoryPaths;
  /** Writes a record; `head` is YAML lines. Returns its absolute path. */
  put(id: string, record: { title?: string; body?: string; head?: string; created?: string; local?: boolean }): string;
  remove(): void;
}

export function tempPlace(): TempPlace {
  const root = tempDir();
  const memoryDir = join(root, '.claude-mem');
  const localDir = join(memoryDir, 'local');
  const privateDir = join(localDir, '.repomem');
  const paths: MemoryPaths = {
    root,
    memoryDir,
    localDir,
    privateDir,
    worktreeKey: 'main',
    spoolDir: join(privateDir, 'spool', 'main'),
  };
  return {
    paths,
    put(id, { title = 'a title', body = 'a body', head = '', created = '2026-11-20T12:00:00Z', local = false }) {
      const file = join(local ? localDir : memoryDir, 'observations/2026/11', `2026-11-20-x-${id}.md`);
      mkdirSync(dirname(file), { recursive: true });
      const type = /^type:/m.test(head) ? '' : 'type: decision\n';
      writeFileSync(
        file,
        `---\n${type}title: ${JSON.stringify(title)}\ncreated: ${created}\n${head === '' ? '' : `${head}\n`}---\n\n${body}\n`,
      );
      return file;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

export function excerpt(fields: Partial<Excerpt> = {}): Excerpt {
  return {
    id: 'x',
    type: 'decision',
    title: 'a title',
    description: '',
    created: '2026-11-20T12:00:00Z',
    concepts: [],
    cites: [],
    aliases: [],
    supersedes: [],
    contradicts: [],
    forgets: [],
    path: `.claude-mem/observations/2026/11/${fields.id ?? 'x'}.md`,
    tier: 'shared',
    blob: '0'.repeat(40),
    bytes: 1,
    mtimeMs: 1,
    tokens: 1,
    ...fields,
  };
}

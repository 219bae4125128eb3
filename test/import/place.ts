import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli, type Run } from '../helpers/built-cli.ts';
import { giveMemory } from '../helpers/given-memory.ts';
import { tempDir, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';

export const fixtures = join(import.meta.dirname, '../fixtures/import');

export interface ImportPlace {
  home: string;
  repo: TempRepo;
  cli(...args: string[]): Promise<Run>;
  /** Imports with --json; fails the test on another exit code than 0. */
  imported(...args: string[]): Promise<Report>;
  /** Texts of all record files, by base name. */
  records(): Map<string, string>;
}

export interface Report {
  run: string;
  records: { id: string; from: string; tier: string; type: string; title: string }[];
  skipped: Record<string, number>;
  known: number;
  stale: number;
}

/** A home folder with a repository `orders-api` that has a memory. */
export async function importPlace(files: Record<string, string> = {}): Promise<ImportPlace> {
  const home = tempDir();
  const repo = tempRepo({ 'README.md': 'orders\n', ...files }, { at: join(home, 'work/orders-api') });
  const cli = (...args: string[]): Promise<Run> => runCli(args, { cwd: repo.dir, home });
  giveMemory(repo, home);
  return {
    home,
    repo,
    cli,
    async imported(...args) {
      const { code, stdout, stderr } = await cli('import', ...args, '--json');
      if (code !== 0) throw new Error(`import ${args.join(' ')}: ${code}\n${stderr}`);
      const { run, sources } = JSON.parse(stdout) as { run: string; sources: Omit<Report, 'run'>[] };
      return { run, ...sources[0]! };
    },
    records: () => recordsIn(join(repo.dir, '.claude-mem')),
  };
}

export function recordsIn(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const records = names.filter((name) => /(?:^|\/)(?:observations|sessions)\/.*\.md$/.test(name));
  return new Map(
    records.map((name) => [name.slice(name.lastIndexOf('/') + 1), readFileSync(join(folder, name), 'utf8')]),
  );
}

/** The transcripts of the fixtures below `~/.claude/projects`, with the places of this repository and of a worktree `feature-search`. */
export function putTranscripts({ home, repo }: Pick<ImportPlace, 'home' | 'repo'>): void {
  const projects = join(home, '.claude/projects');
  const worktree = join(home, 'work/feature-search');
  repo.git('worktree', 'add', '-q', '-b', 'feature-search', worktree);
  cpSync(join(fixtures, 'projects'), projects, { recursive: true });
  for (const name of readdirSync(projects, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.jsonl')) continue;
    const text = readFileSync(join(projects, name), 'utf8').replaceAll('/home/dev/orders-api', repo.dir);
    writeFileSync(join(projects, name), text.replaceAll('/home/dev/feature-search', worktree));
  }
}

/** Everything that stands below a folder, as one text. */
export function allTexts(folder: string): string {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return names.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')).join('\n');
}

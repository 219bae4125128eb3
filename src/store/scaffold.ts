// The files beside the records in `.claude-mem/`, for people and for git.
import { existsSync, readFileSync, readdirSync, rmSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { observationTypes } from '../domain/types.ts';
import { checkWithin, writeFileAtomic } from './atomic.ts';
import { recordFolders } from './layout.ts';
import { memoryDirName, settingsName } from './locate.ts';

const readme = `# Project memory

What coding agents learned while they worked on this repository: one Markdown file per observation, kept by
repomem and reviewed like code.

- **Read** the files below \`observations/\` as they are, or \`grep -ri WORD .claude-mem/observations\`. \`cites\` names the lines
  that a record speaks of, as they stood then. A record that another one names in \`supersedes\` no longer holds:
  \`grep -rh '^supersedes' .claude-mem/observations\` lists their ids, the ends of the old files' names.
- **Write** one by hand: a file of any name ending in \`.md\`, with three lines and a few sentences of why:

      ---
      type: gotcha
      title: fib() never ends for negative numbers
      ---
      Neither base case is met.

  Types: ${Object.keys(observationTypes).join(', ')}.
  Any 8 letters and digits at the end of the name (\`fib-never-ends-k3m9x2pq.md\`) are its id.
- **Edit** what git does not have yet. Later, write a new one with \`supersedes: [ID]\`.
- **Reject** with \`repomem forget ID\`: it is told no more and not learned again. In a review, delete its file.
- **Shared** is what stands here and is committed; \`local/\` is what one machine keeps for itself, out of git.
- \`settings.yaml\` is for this project. It can restrict what repomem does, and nothing else.
- **Who reviews?** A line in CODEOWNERS says it, such as \`/.claude-mem/ @your-team\`.
- The whole format: \`repomem help format\`, or \`schema/observation.schema.json\` in the npm package repomem.
`;

const ignore = `# What one machine keeps for itself, and files that are half written.
local/
.tmp-*
`;

const attributes = `# Bytes stay as they were written: review and trust go by them. No filter of the project makes pointers of them.
* -text -filter !diff !merge
`;

const settings = `# Settings of repomem for this project; this file also says that the repository wants a memory.
# \`repomem settings\` lists every key with its meaning.
version: 1
`;

const scaffoldFiles: Readonly<Record<string, string>> = {
  'README.md': readme,
  '.gitignore': ignore,
  '.gitattributes': attributes,
  [settingsName]: settings,
};

/** Creates `.claude-mem/` in `root`; existing files are kept. Returns paths relative to `root`. Settings are written last: they enable the memory. */
export function scaffoldMemory(root: string): { written: string[] } {
  const written: string[] = [];
  for (const [name, text] of Object.entries(scaffoldFiles)) {
    const file = join(root, memoryDirName, name);
    if (existsSync(file)) continue;
    writeFileAtomic(file, text, { within: root });
    written.push(`${memoryDirName}/${name}`);
  }
  return { written };
}

/**
 * Removes the files that scaffoldMemory wrote, unless they were changed. Records are kept unless `alsoRecords`; empty folders are
 * removed. Changed settings are removed too: without them the memory is off, as requested.
 */
export function unscaffoldMemory(
  paths: MemoryPaths,
  options: { alsoRecords?: boolean } = {},
): { removed: string[]; kept: string[] } {
  const removed: string[] = [];
  const kept: string[] = [];
  for (const [name, text] of Object.entries(scaffoldFiles)) {
    const file = join(paths.memoryDir, name);
    if (!existsSync(file)) continue;
    if (name !== settingsName && readFileSync(file, 'utf8') !== text) kept.push(`${memoryDirName}/${name}`);
    else {
      rmSync(file);
      removed.push(`${memoryDirName}/${name}`);
    }
  }
  const folders = recordFolders.map((name) => [join(paths.memoryDir, name), `${memoryDirName}/${name}`] as const);
  if (options.alsoRecords === true)
    for (const [path, said] of [...folders, [paths.localDir, paths.localDir] as const]) {
      if (!existsSync(path)) continue;
      rmSync(path, { recursive: true });
      removed.push(said);
    }
  if (existsSync(paths.memoryDir) && readdirSync(paths.memoryDir).length === 0) rmdirSync(paths.memoryDir);
  return { removed, kept };
}

/**
 * Creates the local folder, readable by its owner only. It ignores itself, so local records never reach git on any branch. Throws
 * RepomemError `private` when a link is in its path: a clone could contain one.
 */
export function ensureLocalDir(paths: MemoryPaths): void {
  const file = join(paths.localDir, '.gitignore');
  const within = dirname(dirname(paths.localDir));
  checkWithin(paths.localDir, within);
  if (!existsSync(file)) writeFileAtomic(file, '*\n', { dirMode: 0o700, fsync: false });
}

// The files beside the records in `.claude-mem/`, for people and for git.
import { readFileSync, readdirSync, rmSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { checkWithin, exists, writeFileAtomic } from './atomic.ts';
import { memoryDirName, settingsName } from './locate.ts';

const readme = `# Project memory

What coding agents learned while they worked on this repository: one Markdown file per observation, kept by
repomem and reviewed like code.

- **Read** them as they are, or with \`grep -ri WORD .claude-mem/observations\`. Each names the lines that it speaks of
  (\`cites\`) as they stood then.
- **Edit** or add a file as you like: \`type\`, \`title\` and a few sentences are enough. The last part of the name is the id.
- **Yours or a stranger's?** What git brought from elsewhere, in whatever way, is told to no session until it is reviewed on the
  default branch (or \`repomem trust ID\`). What you write yourself counts as yours: an editor's file, a patch that you apply, an
  archive that you unpack, and what you commit of these. It is named to you once, so that none slips in unseen.
- **Reject** a record with \`repomem forget ID\`: it is told no more and not learned again. In a review, delete its file.
- **Who reviews?** A line in CODEOWNERS says it, such as \`/.claude-mem/ @your-team\`.
- \`local/\` is not in git: what one machine keeps for itself.
- \`settings.yaml\` is for this project. It can restrict what repomem does, and nothing else.
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

/**
 * Creates `.claude-mem/` in `root`; existing files are kept. Returns paths relative to `root`. Settings are written last: they
 * enable the memory.
 */
export function scaffoldMemory(root: string): { written: string[] } {
  const written: string[] = [];
  for (const [name, text] of Object.entries(scaffoldFiles)) {
    const file = join(root, memoryDirName, name);
    if (exists(file)) continue;
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
    if (!exists(file)) continue;
    if (name !== settingsName && readFileSync(file, 'utf8') !== text) kept.push(`${memoryDirName}/${name}`);
    else {
      rmSync(file);
      removed.push(`${memoryDirName}/${name}`);
    }
  }
  if (options.alsoRecords === true) {
    for (const folder of ['observations', 'sessions']) {
      const path = join(paths.memoryDir, folder);
      if (!exists(path)) continue;
      rmSync(path, { recursive: true });
      removed.push(`${memoryDirName}/${folder}`);
    }
    if (exists(paths.localDir)) {
      rmSync(paths.localDir, { recursive: true });
      removed.push(paths.localDir);
    }
  }
  removeEmpty(paths.memoryDir);
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
  if (!exists(file)) writeFileAtomic(file, '*\n', { dirMode: 0o700, fsync: false });
}

function removeEmpty(folder: string): void {
  if (exists(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}

// The host's transcripts on the disk, and which of their lines belong to this repository. The folder's name cannot be read backwards: `cwd` in
// the lines is the truth, decided for each line, since a session may start above and walk in.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readTranscriptFrom } from '../../compress/events/transcript-tail.ts';
import { namesIn, settingsIn } from '../files.ts';
import { readImports } from '../import-log.ts';
import { expandHome, isInside, ownPath, type Ground } from '../ground.ts';

export interface TranscriptFile {
  path: string;
  session: string;
  bytes: number;
  mtimeMs: number;
}

/** What a whole transcript tells of itself, with the lines that belong here. */
export interface OwnTranscript extends TranscriptFile {
  lines: string[];
  /** ISO 8601. */
  started: string;
  ended: string;
  /** The last one that is named. */
  branch?: string;
  /** Bytes up to the last complete line. */
  to: number;
}

export function listTranscripts({ env, from }: Pick<Ground, 'env' | 'from'>): TranscriptFile[] {
  const top =
    from ?? join(expandHome(env.vars['CLAUDE_CONFIG_DIR'] || join(env.home, '.claude'), env.home), 'projects');
  const stat = statSync(top, { throwIfNoEntry: false });
  if (stat?.isFile() === true) return fileAt(top);
  const inFolder = (folder: string): TranscriptFile[] =>
    namesIn(folder)
      .filter((name) => name.endsWith('.jsonl') && !name.startsWith('agent-'))
      .flatMap((name) => fileAt(join(folder, name)));
  return [...inFolder(top), ...namesIn(top).flatMap((name) => inFolder(join(top, name)))].sort(
    (a, b) => a.mtimeMs - b.mtimeMs || (a.path < b.path ? -1 : 1),
  );
}

function fileAt(path: string): TranscriptFile[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() !== true) return [];
  const session = path.slice(path.lastIndexOf('/') + 1).replace(/\.jsonl$/, '');
  return [{ path, session, bytes: stat.size, mtimeMs: stat.mtimeMs }];
}

const folderPattern = /"cwd"\s*:\s*("(?:[^"\\]|\\.)*")/;
const timePattern = /"timestamp"\s*:\s*"(\d{4}-\d\d-\d\dT[\d:.]+Z)"/;
const branchPattern = /"gitBranch"\s*:\s*"([^"\\]+)"/;
const uuidPattern = /"uuid"\s*:\s*"([^"\\]+)"/;
const muteLine = /"type"\s*:\s*"(?:progress|file-history-snapshot|queue-operation|ai-title|summary|last-prompt)"/;
const sidechain = /"isSidechain"\s*:\s*true/;

/** Undefined where no line belongs here. `seen` holds ids of lines of earlier transcripts: a resumed session repeats them. */
export function readOwn(
  ground: Pick<Ground, 'roots'>,
  file: TranscriptFile,
  seen: Set<string>,
): OwnTranscript | undefined {
  const lines: string[] = [];
  const folders = new Map<string, boolean>();
  let [started, ended, branch, to] = ['', '', '', 0];
  for (let from = 0; ; from = to) {
    const part = readTranscriptFrom(file.path, from);
    to = part.nextOffset;
    if (part.nextOffset === from) break;
    for (const line of part.chunk.split('\n')) {
      const folder = folderPattern.exec(line)?.[1];
      if (folder === undefined || muteLine.test(line.slice(0, 400)) || sidechain.test(line.slice(0, 400))) continue;
      let isOurs = folders.get(folder);
      if (isOurs === undefined) folders.set(folder, (isOurs = isInside(ground, decode(folder))));
      if (!isOurs) continue;
      const uuid = uuidPattern.exec(line)?.[1];
      if (uuid !== undefined && seen.has(uuid)) continue;
      if (uuid !== undefined) seen.add(ownCopy(uuid));
      lines.push(line);
      const at = timePattern.exec(line)?.[1] ?? '';
      if (at !== '' && (started === '' || at < started)) started = at;
      if (at > ended) ended = at;
      branch = branchPattern.exec(line)?.[1] ?? branch;
    }
  }
  if (lines.length === 0 || ended === '') return undefined;
  return { ...file, lines, started, ended, to, ...(branch !== '' && branch !== 'HEAD' && { branch }) };
}

/** A part of a string keeps the whole of it in memory, here a transcript of megabytes. */
function ownCopy(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

function decode(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    return '';
  }
}

/** For a count: whether any of its folders, as far as its beginning and its end tell, is ours. */
export function mayBeOwn(ground: Pick<Ground, 'roots'>, file: TranscriptFile): boolean {
  const { chunk } = readTranscriptFrom(file.path, 0, 256 * 1024);
  return foldersIn(chunk).some((folder) => isInside(ground, folder));
}

function foldersIn(text: string): string[] {
  const found = new Set([...text.matchAll(new RegExp(folderPattern, 'g'))].map(([, folder = '""']) => folder));
  return [...found].map(decode);
}

/** Of sessions not imported: the folder is gone, and each file that was edited has the same relative path in this repository: for a person to say. */
export function likelyFormer(ground: Ground, files: readonly TranscriptFile[]): string[] {
  const { paths, snapshot } = ground.memory;
  const { index } = snapshot;
  const former = new Set<string>();
  const imported = new Set(readImports(paths, 'sessions').map(({ from }) => from));
  for (const file of files.filter(({ session }) => !imported.has(`sessions:${session}`))) {
    const { chunk } = readTranscriptFrom(file.path, 0, 1024 * 1024);
    for (const folder of foldersIn(chunk)) {
      if (folder === '' || isInside(ground, folder) || existsSync(folder)) continue;
      const edited = [...chunk.matchAll(/"file_path"\s*:\s*("(?:[^"\\]|\\.)*")/g)]
        .map(([, path = '""']) => decode(path))
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1));
      const unique = [...new Set(edited)];
      const same = unique.filter((path) => index.has(path) && ownPath(ground, path) !== undefined);
      if (same.length > 0 && same.length * 2 >= unique.length) former.add(folder);
    }
  }
  return [...former];
}

/** Days after which the host deletes a transcript; its own default. */
export function keptDays(home: string): number {
  const days = Number(settingsIn(join(home, '.claude/settings.json'))['cleanupPeriodDays']);
  return Number.isFinite(days) && days > 0 ? days : 30;
}

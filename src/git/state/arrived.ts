// Uncommitted memory files that git brought here: `git checkout BRANCH -- path`, `merge --squash`, `cherry-pick -n` and `reset` leave
// somebody's file staged or untracked, where it would pass for the user's own work.
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { blobId } from '../../store/blob.ts';
import { heldObjects } from './blobs.ts';
import type { Ledger } from './ledger.ts';
import { runIn, type GitOptions } from '../run/runner.ts';
import type { Status } from './status.ts';

/** Tips looked at: the most recent ones. Of more uncommitted files than this it is asked only whether git has ever seen their bytes. */
const maxTips = 200;
const maxFiles = 200;
/** Files that are read for it, a session waits: staged ones need no reading. */
const maxHashed = 5000;
const refFolders = ['refs/heads', 'refs/remotes', 'refs/pull', 'refs/merge-requests', 'refs/changes'];

interface Uncommitted {
  status: Status;
  index: ReadonlyMap<string, string>;
  ledger: Ledger;
  memoryPrefix: string;
}

export interface Arrived {
  /** Of more files than are read for it, those that were not read are among them. */
  blobs: Pick<ReadonlySet<string>, 'has'>;
  /** Git did not answer: then all of them count as arrived. */
  isGuess?: true;
}

/** Blobs of uncommitted memory files that stand at the same path at the tip of another ref. No process when there is nothing to ask. */
export function findArrived(paths: MemoryPaths, seen: Uncommitted, options: Pick<GitOptions, 'env'> = {}): Arrived {
  const { files, isCut } = listUncommitted(paths, seen);
  const asked = askFor(paths, seen, files, options);
  if (!isCut) return asked;
  const read = new Set(files.map(({ blob }) => blob));
  return { ...asked, blobs: { has: (blob) => !read.has(blob) || asked.blobs.has(blob) } };
}

function askFor(
  paths: MemoryPaths,
  seen: Uncommitted,
  files: readonly UncommittedFile[],
  options: Pick<GitOptions, 'env'>,
): Arrived {
  const suspects = files.filter(({ blob }) => !seen.ledger.byBlob.has(blob));
  if (suspects.length === 0 || seen.status.head === undefined) return { blobs: new Set() };
  const everyone = new Set(suspects.map(({ blob }) => blob));
  const guess: Arrived = { blobs: everyone, isGuess: true };
  if (suspects.length > maxFiles) {
    const known = heldObjects(paths, [...everyone], options);
    return known ? { blobs: known } : guess;
  }
  const refs = ['for-each-ref', '--sort=-committerdate', `--count=${maxTips}`, '--format=%(objectname)'];
  const listing = runIn(paths, [...refs, ...refFolders], options);
  if (!listing.ok) return guess;
  const head = seen.status.head;
  const tips = [...new Set(listing.stdout.split('\n'))].filter((oid) => oid !== '' && oid !== head);
  if (paths.gitDir) tips.push('ORIG_HEAD', 'FETCH_HEAD');
  // A line break in a name cannot be asked for.
  const odd = suspects.filter(({ path }) => path.includes('\n'));
  const plain = suspects.filter(({ path }) => !path.includes('\n'));
  const questions = plain.flatMap(({ path }) => tips.map((tip) => `${tip}:${path}`));
  const standing = heldObjects(paths, questions, options);
  if (standing === undefined) return guess;
  return { blobs: new Set([...odd, ...plain.filter(({ blob }) => standing.has(blob))].map(({ blob }) => blob)) };
}

interface UncommittedFile {
  path: string;
  blob: string;
}

/** Memory files that HEAD does not hold as they are here, with the blob ids of their bytes. */
function listUncommitted(
  paths: MemoryPaths,
  { status, index, memoryPrefix }: Uncommitted,
): { files: UncommittedFile[]; isCut: boolean } {
  const files: UncommittedFile[] = [];
  const top = paths.worktree ?? paths.root;
  let hashed = 0;
  const add = (path: string): void => {
    const staged = status.edited.has(path) ? undefined : index.get(path);
    if (staged === undefined && ++hashed > maxHashed) return;
    const blob = staged ?? hashFile(join(top, path), status.head?.length === 64 ? 'sha256' : 'sha1');
    if (blob) files.push({ path, blob });
  };
  for (const path of status.dirty) {
    const isInside = path.startsWith(memoryPrefix) || (path.endsWith('/') && memoryPrefix.startsWith(path));
    if (!isInside) continue;
    if (path.endsWith('/')) {
      const folder = path.length > memoryPrefix.length ? path : memoryPrefix;
      for (const file of listFolder(join(top, folder))) add(folder + file);
    } else add(path);
  }
  return { files, isCut: hashed > maxHashed };
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => !name.startsWith('local/'));
  } catch {
    return [];
  }
}

function hashFile(file: string, algorithm: 'sha1' | 'sha256'): string | undefined {
  try {
    const stat = lstatSync(file);
    return stat.isFile() && stat.size <= 64 * 1024 ? blobId(readFileSync(file), algorithm) : undefined;
  } catch {
    return undefined;
  }
}

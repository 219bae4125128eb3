// Lists memory files of the working tree that are neither in the ledger nor reviewed, with their blob ids.
import { isUtf8 } from 'node:buffer';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from '../../domain/errors.ts';
import { idOfPath } from '../../domain/id.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { blobId } from '../../store/blob.ts';
import { namesIn } from '../../store/lenient-files.ts';
import type { Ledger } from './ledger.ts';
import type { Status } from './tracked-files.ts';

/** Maximum number of files to hash while a session waits; staged ones need no reading. The rest counts as foreign. */
const maxHashed = 5000;
const maxBytes = 64 * 1024;

export interface UnprovenFile {
  /** Relative to the top of the working tree; absolute for a local file. */
  path: string;
  blob: string;
  tier: 'shared' | 'local';
  /** Differs from HEAD of this worktree. */
  isUncommitted: boolean;
  /** Ids of the text as git may store it, where a checkout converts it: line ends, `$Id$`. */
  stored: readonly string[];
  /** False of bytes that are no UTF-8: a checkout may have encoded them, and git knows them under an id that nothing here tells. */
  isText: boolean;
}

export interface WorkingTree {
  status: Status;
  index: ReadonlyMap<string, string>;
  unwatched: ReadonlySet<string>;
  ledger: Ledger;
  memoryPrefix: string;
  objectFormat: 'sha1' | 'sha256';
  reviewedBlobs: ReadonlySet<string>;
}

export function listUnproven(paths: MemoryPaths, tree: WorkingTree): UnprovenFile[] {
  const { status, index, unwatched, memoryPrefix } = tree;
  const files = new Map<string, UnprovenFile>();
  const top = paths.worktree ?? paths.root;
  let hashed = 0;
  const add = (path: string, isUncommitted: boolean): void => {
    if (!isJudged(path, memoryPrefix) || status.unmerged.has(path)) return;
    const isAsInIndex = !status.edited.has(path) && !unwatched.has(path);
    const staged = isAsInIndex ? index.get(path) : undefined;
    if (staged === undefined && ++hashed > maxHashed) return;
    const forms =
      staged === undefined ? hashFile(join(top, path), tree.objectFormat) : { blob: staged, stored: [], isText: true };
    if (forms && isUnknown(forms.blob, tree)) files.set(path, { path, ...forms, tier: 'shared', isUncommitted });
  };
  for (const path of index.keys())
    if (path.startsWith(memoryPrefix) && !status.dirty.has(path)) add(path, unwatched.has(path));
  for (const path of status.dirty) {
    if (path.endsWith('/')) {
      if (!path.startsWith(memoryPrefix) && !memoryPrefix.startsWith(path)) continue;
      const folder = path.length > memoryPrefix.length ? path : memoryPrefix;
      for (const name of namesIn(join(top, folder), true)) add(folder + name, true);
    } else add(path, true);
  }
  return [...files.values(), ...listLocal(paths, tree)];
}

/** Bytes that are known or were judged before are skipped. */
function isUnknown(blob: string, { ledger, reviewedBlobs }: Pick<WorkingTree, 'ledger' | 'reviewedBlobs'>): boolean {
  return !ledger.byBlob.has(blob) && !ledger.foreign.has(blob) && !reviewedBlobs.has(blob);
}

/** Records, and files that take effect: settings, ignore rules and modes. */
function isJudged(path: string, memoryPrefix: string): boolean {
  if (!path.startsWith(memoryPrefix)) return false;
  const inside = path.slice(memoryPrefix.length);
  return /^(?:(?:observations|sessions)\/.*\.md|settings\.yaml|ignore|modes\/[^/]*\.yaml)$/.test(inside);
}

/**
 * Local files without an id from the ledger. The id of a shared record is no proof: others know it, and git may have left a file of
 * that name here.
 */
function listLocal(paths: MemoryPaths, tree: WorkingTree): UnprovenFile[] {
  const names = namesIn(paths.localDir, true).filter((name) => name.endsWith('.md'));
  if (names.length === 0) return [];
  const ours = new Set(Array.from(tree.ledger.byBlob.values(), ({ id }) => id));
  for (const path of tree.index.keys()) if (path.startsWith(tree.memoryPrefix)) ours.delete(idOfPath(path));
  return names
    .filter((name) => !ours.has(idOfPath(name)))
    .flatMap((name) => {
      const path = join(paths.localDir, name);
      const forms = hashFile(path, tree.objectFormat);
      return forms && isUnknown(forms.blob, tree)
        ? [{ path, ...forms, tier: 'local' as const, isUncommitted: true }]
        : [];
    });
}

function hashFile(
  file: string,
  objectFormat: WorkingTree['objectFormat'],
): Pick<UnprovenFile, 'blob' | 'stored' | 'isText'> | undefined {
  return attempt(() => {
    const stat = lstatSync(file);
    if (!stat.isFile() || stat.size > maxBytes) return undefined;
    const bytes = readFileSync(file);
    const text = bytes.toString();
    const plain = text.replaceAll('\r\n', '\n');
    const texts = new Set([plain, plain.replace(/\$Id:[^$\n]*\$/g, '$Id$')]);
    texts.delete(text);
    const stored = Array.from(texts, (one) => blobId(Buffer.from(one), objectFormat));
    return { blob: blobId(bytes, objectFormat), stored, isText: isUtf8(bytes) };
  });
}

// Takes back what was changed here: the bytes of before, put back only where what stands now is still what the change left.
import { existsSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { RepomemError } from '../../domain/errors.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { writeFileAtomic } from '../../store/atomic.ts';
import { blobId } from '../../store/blob.ts';
import { listRecordNames } from '../../store/list.ts';

interface FileChange {
  absolute: string;
  /** Undefined: it was not there. */
  before: Buffer | undefined;
  /** Blob id of what the change left; undefined: it is gone. */
  after: string | undefined;
}

interface Change {
  paths: MemoryPaths;
  files: FileChange[];
  /** Sizes of the ledger around a change that touched nothing else. */
  ledger?: { file: string; before: number; after: number };
}

export interface UndoStore {
  /** Runs a change of records (by path as in Excerpt.path, and whatever it makes); the token takes it back. */
  around<T>(
    paths: MemoryPaths,
    touched: readonly string[],
    change: () => Promise<T>,
  ): Promise<{ result: T; undo?: string }>;
  /** RepomemError `not-found` for a token that is not known, `busy` where something else touched the files since. */
  undo(token: string): { files: number };
}

const keptChanges = 50;

export function makeUndoStore(makeToken: () => string): UndoStore {
  const changes = new Map<string, Change>();
  return {
    async around(paths, touched, change) {
      const absolute = touched.map((path) => (isAbsolute(path) ? path : join(paths.root, path)));
      const before = new Map(absolute.map((file) => [file, readOrNothing(file)]));
      const names = new Set(listRecordNames(paths).names.map((one) => one.absolute));
      const ledgerFile = join(paths.privateDir, 'ledger.jsonl');
      const ledgerBefore = sizeOf(ledgerFile);
      const result = await change();
      const files: FileChange[] = [];
      for (const [file, bytes] of before) {
        const now = readOrNothing(file);
        if (blobOf(now) !== blobOf(bytes)) files.push({ absolute: file, before: bytes, after: blobOf(now) });
      }
      for (const one of listRecordNames(paths).names)
        if (!names.has(one.absolute))
          files.push({ absolute: one.absolute, before: undefined, after: blobOf(readOrNothing(one.absolute)) });
      const ledgerAfter = sizeOf(ledgerFile);
      const isLedgerOnly = files.length === 0 && ledgerAfter > ledgerBefore;
      if (files.length === 0 && !isLedgerOnly) return { result };
      const token = makeToken();
      changes.set(token, {
        paths,
        files,
        ...(isLedgerOnly && { ledger: { file: ledgerFile, before: ledgerBefore, after: ledgerAfter } }),
      });
      if (changes.size > keptChanges) changes.delete(changes.keys().next().value ?? '');
      return { result, undo: token };
    },
    undo(token) {
      const change = changes.get(token);
      if (!change)
        throw new RepomemError('not-found', 'this change is not known here any more; nothing was taken back');
      const moved = change.files.find(({ absolute, after }) => blobOf(readOrNothing(absolute)) !== after);
      const isLedgerMoved = change.ledger && sizeOf(change.ledger.file) !== change.ledger.after;
      if (moved || isLedgerMoved)
        throw new RepomemError('busy', `${moved?.absolute ?? 'the ledger'}: was changed since; nothing was taken back`);
      for (const { absolute, before } of change.files)
        if (before === undefined) rmSync(absolute, { force: true });
        else writeFileAtomic(absolute, before, { within: rootOf(change.paths, absolute) });
      if (change.ledger) truncateSync(change.ledger.file, change.ledger.before);
      changes.delete(token);
      return { files: change.files.length };
    },
  };
}

/** A committed link must not lead the write elsewhere. */
function rootOf({ root, localDir }: MemoryPaths, file: string): string {
  return file.startsWith(localDir) ? localDir : root;
}

function readOrNothing(file: string): Buffer | undefined {
  return existsSync(file) ? readFileSync(file) : undefined;
}

function blobOf(bytes: Buffer | undefined): string | undefined {
  return bytes && blobId(bytes);
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

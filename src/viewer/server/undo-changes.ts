// Takes back what was changed here: the bytes of before, put back only where what stands now is still what the change left.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { RepomemError } from '../../domain/errors.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { writeFileAtomic } from '../../store/atomic.ts';
import { blobId } from '../../store/blob.ts';
import { listRecordFiles } from '../../store/list-files.ts';

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
  /** What a change that touched nothing else appended to the ledger, and where. */
  ledger?: { file: string; at: number; bytes: Buffer };
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
      const names = new Set(listRecordFiles(paths).files.map((one) => one.absolute));
      const ledgerFile = join(paths.privateDir, 'ledger.jsonl');
      const ledgerBefore = readOrNothing(ledgerFile)?.length ?? 0;
      const result = await change();
      const files: FileChange[] = [];
      for (const [file, bytes] of before) {
        const now = readOrNothing(file);
        if (blobOf(now) !== blobOf(bytes)) files.push({ absolute: file, before: bytes, after: blobOf(now) });
      }
      for (const one of listRecordFiles(paths).files)
        if (!names.has(one.absolute))
          files.push({ absolute: one.absolute, before: undefined, after: blobOf(readOrNothing(one.absolute)) });
      const appended = readOrNothing(ledgerFile)?.subarray(ledgerBefore) ?? Buffer.alloc(0);
      if (files.length === 0 && appended.length === 0) return { result };
      const token = makeToken();
      changes.set(token, {
        paths,
        files,
        ...(files.length === 0 && { ledger: { file: ledgerFile, at: ledgerBefore, bytes: appended } }),
      });
      if (changes.size > keptChanges) changes.delete(changes.keys().next().value ?? '');
      return { result, undo: token };
    },
    undo(token) {
      const change = changes.get(token);
      if (!change)
        throw new RepomemError('not-found', 'this change is not known here any more; nothing was taken back');
      const moved = change.files.find(({ absolute, after }) => blobOf(readOrNothing(absolute)) !== after);
      const ledger = change.ledger && withoutLines(change.ledger);
      if (moved || (change.ledger && !ledger))
        throw new RepomemError('busy', `${moved?.absolute ?? 'the ledger'}: was changed since; nothing was taken back`);
      for (const { absolute, before } of change.files)
        if (before === undefined) rmSync(absolute, { force: true });
        else writeFileAtomic(absolute, before, { within: rootOf(change.paths, absolute) });
      if (change.ledger && ledger) writeFileAtomic(change.ledger.file, ledger, { mode: 0o600 });
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

/** The ledger without what was appended, whatever came behind it since; undefined where it does not stand there any more. */
function withoutLines({ file, at, bytes }: NonNullable<Change['ledger']>): Buffer | undefined {
  const now = readOrNothing(file);
  if (!now?.subarray(at, at + bytes.length).equals(bytes)) return undefined;
  return Buffer.concat([now.subarray(0, at), now.subarray(at + bytes.length)]);
}

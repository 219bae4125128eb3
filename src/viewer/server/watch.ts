// Tells that something moved below a memory; what moved is found by looking. Folders of records are watched one by one, which costs a tenth of
// watching their files; single places and network drives go through chokidar.
import { watch as watchFiles } from 'chokidar';
import { existsSync, readdirSync, watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../../domain/memory-paths.ts';

export interface Watched {
  /** At once, with each event. */
  onTouched(): void;
  /** Once a burst. `records`: files of the memory, HEAD, the ledger, settings. `told`: what sessions are told, the spool. */
  onMoved(what: 'records' | 'told'): void;
  /** Look every few seconds: for drives that send no events. */
  isPolling: boolean;
  userFile: string;
}

/** Of one burst, as a `git pull` is one. */
const burstMs = 150;
const pollMs = 2000;

/** Returns what ends it. */
export function watchMemory(paths: MemoryPaths, { onMoved, onTouched, isPolling, userFile }: Watched): () => void {
  const folders = new Map<string, FSWatcher>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const tell = (what: 'records' | 'told'): void => {
    if (what === 'records') onTouched();
    if (timers.has(what)) return;
    timers.set(
      what,
      setTimeout(() => {
        timers.delete(what);
        if (what === 'records' && !isPolling) cover();
        onMoved(what);
      }, burstMs),
    );
  };
  const roots = [paths.memoryDir, paths.localDir];
  const cover = (): void => {
    const wanted = new Set(roots.flatMap((root) => foldersBelow(root)));
    for (const [folder, watcher] of folders)
      if (!wanted.has(folder)) {
        watcher.close();
        folders.delete(folder);
      }
    for (const folder of wanted) {
      if (folders.has(folder)) continue;
      try {
        const watcher = watch(folder, { persistent: false }, (_event, name) => {
          if (name?.startsWith('.tmp-') !== true) tell('records');
        });
        watcher.on('error', () => {
          watcher.close();
          folders.delete(folder);
        });
        folders.set(folder, watcher);
      } catch {
        // Gone again, or no watches are left: the next look finds what moved.
      }
    }
  };
  if (!isPolling) cover();
  const { gitDir, commonDir, privateDir } = paths;
  const told = [join(privateDir, 'told'), join(privateDir, 'usage')];
  const single = [
    ...(gitDir ? [join(gitDir, 'HEAD'), join(gitDir, 'index')] : []),
    ...(commonDir ? [join(commonDir, 'refs'), join(commonDir, 'packed-refs')] : []),
    join(privateDir, 'ledger.jsonl'),
    userFile,
    ...told,
    ...(isPolling ? roots : []),
  ];
  const places = watchFiles(single, {
    ignoreInitial: true,
    ignorePermissionErrors: true,
    followSymlinks: false,
    usePolling: isPolling,
    interval: pollMs,
    persistent: true,
  });
  places.on('all', (_event, path) => tell(told.some((folder) => path.startsWith(folder)) ? 'told' : 'records'));
  places.on('error', () => {});
  return () => {
    for (const timer of timers.values()) clearTimeout(timer);
    for (const watcher of folders.values()) watcher.close();
    void places.close();
  };
}

/** The folder and those of records below it: observations, sessions, years, months. */
function foldersBelow(root: string): string[] {
  if (!existsSync(root)) return [];
  const found = [root];
  const walk = (folder: string, depth: number): void => {
    found.push(folder);
    if (depth === 0) return;
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) walk(join(folder, entry.name), depth - 1);
  };
  for (const name of ['observations', 'sessions', 'modes'])
    try {
      walk(join(root, name), 3);
    } catch {
      // Not there yet.
    }
  return found.filter((folder) => existsSync(folder));
}

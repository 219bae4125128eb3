/** Where a memory lives. Found by store/place, the same walk that bin/repomem-capture.sh does. All paths absolute. */
export interface MemoryPaths {
  /** The folder that holds `.claude-mem`. */
  root: string;
  /** `root/.claude-mem` */
  memoryDir: string;
  /** Top of the working tree; undefined without git. */
  worktree?: string;
  /** This worktree's git dir and the one that all worktrees share; undefined without git. */
  gitDir?: string;
  commonDir?: string;
  /** `main`, or `wt-<name>` in a linked worktree. */
  worktreeKey: string;
  /** Local records: `.claude-mem/local` of the main worktree, `<common dir>/repomem/local` when that is bare. */
  localDir: string;
  /** `<common dir>/repomem`, or `.claude-mem/local/.repomem` without git: spool, caches, ledger, logs. */
  privateDir: string;
  /** `<privateDir>/spool/<worktreeKey>`, holding `tmp/`, `new/`, `claims/`, `dead/`. */
  spoolDir: string;
}

/** Locations of a memory. Found by store/locate, with the same walk as bin/repomem-capture.sh. All paths are absolute. */
export interface MemoryPaths {
  /** The folder that holds `.claude-mem`. */
  root: string;
  /** `root/.claude-mem` */
  memoryDir: string;
  /** Top of the working tree; undefined without git. */
  worktree?: string;
  /** This worktree's git dir; undefined without git. */
  gitDir?: string;
  /** The git dir shared by all worktrees; undefined without git. */
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

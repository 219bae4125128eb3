/** Parsed output of `git status --porcelain=v2 --branch -z`. Paths relative to the top; untracked folders end in `/`. */
export interface Status {
  head?: string;
  branch?: string;
  dirty: Set<string>;
  edited: Set<string>;
  added: Set<string>;
  /** Differs between index and HEAD, or added with intent-to-add. */
  staged: Set<string>;
  /** In conflict: the bytes mix both sides. */
  unmerged: Set<string>;
}

/** `# branch.NAME VALUE`, `1 XY sub mH mI mW hH hI path`, `u XY sub m1 m2 m3 mW h1 h2 h3 path` or `? path`. */
const entryShape = /^(?:# branch\.(\S+) (.*)|1 (.)(.) (?:\S+ ){6}(.*)|u (?:\S+ ){9}(.*)|\? (.*))$/s;

/** Expects `--no-renames`: every entry is one field. */
export function parseStatus(stdout: string): Status {
  const status: Status = {
    dirty: new Set(),
    edited: new Set(),
    added: new Set(),
    staged: new Set(),
    unmerged: new Set(),
  };
  const { dirty, edited, added, staged, unmerged } = status;
  for (const entry of stdout.split('\0')) {
    const [, name, value = '', inIndex, inTree, changed, conflict, untracked] = entryShape.exec(entry) ?? [];
    if (name === 'oid' && value !== '(initial)') status.head = value;
    if (name === 'head' && value !== '(detached)') status.branch = value;
    const path = changed ?? conflict ?? untracked;
    if (path === undefined) continue;
    dirty.add(path);
    if (inIndex === 'A') added.add(path);
    if (untracked !== undefined || (changed !== undefined && inTree !== '.')) edited.add(path);
    if (conflict !== undefined) unmerged.add(path);
    if (conflict !== undefined || (changed !== undefined && (inIndex !== '.' || inTree === 'A'))) staged.add(path);
  }
  return status;
}

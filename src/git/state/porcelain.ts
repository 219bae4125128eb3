/** Parsed output of `git status --porcelain=v2 --branch -z`. Paths relative to the top; untracked folders end in `/`. */
export interface Status {
  head?: string;
  branch?: string;
  dirty: Set<string>;
  edited: Set<string>;
  added: Set<string>;
  /** Differs between index and HEAD, or added with intent-to-add. */
  staged: Set<string>;
  untracked: Set<string>;
  /** In conflict: the bytes mix both sides. */
  unmerged: Set<string>;
}

/** Expects `--no-renames`: every entry is one field. */
export function parseStatus(stdout: string): Status {
  const status: Status = {
    dirty: new Set(),
    edited: new Set(),
    added: new Set(),
    staged: new Set(),
    untracked: new Set(),
    unmerged: new Set(),
  };
  for (const entry of stdout.split('\0')) {
    if (entry.startsWith('# branch.oid ')) {
      const oid = entry.slice('# branch.oid '.length);
      if (oid !== '(initial)') status.head = oid;
    } else if (entry.startsWith('# branch.head ')) {
      const name = entry.slice('# branch.head '.length);
      if (name !== '(detached)') status.branch = name;
    } else addEntry(status, entry);
  }
  return status;
}

/** Number of fields before the path: `1 XY sub mH mI mW hH hI path`, `u XY sub m1 m2 m3 mW h1 h2 h3 path`, `? path`. */
const fieldsBefore: Readonly<Record<string, number>> = { '1': 8, u: 10, '?': 1 };

function addEntry(status: Status, entry: string): void {
  const kind = entry[0] ?? '';
  const count = fieldsBefore[kind];
  if (count === undefined) return;
  let at = 0;
  for (let i = 0; i < count; i++) at = entry.indexOf(' ', at) + 1;
  const path = entry.slice(at);
  status.dirty.add(path);
  if (kind === '?') {
    status.edited.add(path);
    status.untracked.add(path);
    return;
  }
  if (kind === 'u') status.unmerged.add(path);
  if (kind === '1') {
    if (entry[2] === 'A') status.added.add(path);
    if (entry[3] !== '.') status.edited.add(path);
    if (entry[2] === '.' && entry[3] !== 'A') return;
  }
  status.staged.add(path);
}

// Chooses the branch that counts as reviewed. Pure.
export type ChosenBy = 'settings' | 'origin-head' | 'usual-name' | 'only-branch' | 'head' | 'none';

export interface RefTip {
  /** Full name, such as `refs/heads/main`. */
  name: string;
  oid: string;
  /** Target of a symbolic ref. */
  target?: string;
}

export interface DefaultChoice {
  branch?: string;
  ref?: string;
  by: ChosenBy;
}

/** Common names of default branches, in the order they are tried. */
export const usualNames: readonly string[] = ['main', 'master', 'trunk', 'develop'];

/**
 * The settings' branch, else origin's HEAD, else a common name, else (without a remote) the only branch, else HEAD's. The
 * remote's copy of a branch is preferred to the local one: others have seen what was pushed.
 */
export function chooseDefault(
  tips: readonly RefTip[],
  now: {
    wanted?: string | undefined;
    branch?: string | undefined;
    head?: string | undefined;
    hasRemote: boolean;
  },
): DefaultChoice {
  const names = new Map(tips.map((tip) => [tip.name, tip]));
  const at = (branch: string, by: ChosenBy): DefaultChoice | undefined => {
    const ref = [`refs/remotes/origin/${branch}`, `refs/heads/${branch}`].find((name) => names.has(name));
    return ref ? { branch, ref, by } : undefined;
  };
  // If the branch from the settings does not exist, nothing counts as reviewed: no other branch replaces it.
  if (now.wanted) return at(now.wanted, 'settings') ?? { branch: now.wanted, by: 'settings' };
  const target = names.get('refs/remotes/origin/HEAD')?.target;
  if (target !== undefined)
    return { branch: target.slice('refs/remotes/origin/'.length), ref: target, by: 'origin-head' };
  const usual = ['refs/remotes/origin/', 'refs/heads/'].flatMap((prefix) =>
    usualNames.filter((name) => names.has(prefix + name)).map((branch) => ({ branch, ref: prefix + branch })),
  )[0];
  if (usual) return { ...usual, by: 'usual-name' };
  // With a remote, the current branch may be a stranger's: guessing would mark it as reviewed.
  if (now.hasRemote) return { by: 'none' };
  const locals = tips.filter((tip) => tip.name.startsWith('refs/heads/'));
  const only = locals.length === 1 ? locals[0] : undefined;
  if (only) return { branch: only.name.slice('refs/heads/'.length), ref: only.name, by: 'only-branch' };
  if (now.branch) return { branch: now.branch, ...(now.head && { ref: `refs/heads/${now.branch}` }), by: 'head' };
  return now.head ? { ref: now.head, by: 'head' } : { by: 'none' };
}

/** Additional refs whose trees count as reviewed: the default branches of a fork's `upstream` and of the remotes in the user's settings. */
export function chooseAlso(
  tips: readonly RefTip[],
  { ref, branch }: DefaultChoice,
  remotes: readonly string[] = [],
): string[] {
  const names = new Map(tips.map((tip) => [tip.name, tip]));
  const found = [...new Set(['upstream', ...remotes])].flatMap((remote) => {
    const prefix = `refs/remotes/${remote}/`;
    const head = names.get(`${prefix}HEAD`)?.target;
    if (head !== undefined) return [head];
    const usual = [...(branch === undefined ? [] : [branch]), ...usualNames];
    return usual
      .map((name) => prefix + name)
      .filter((name) => names.has(name))
      .slice(0, 1);
  });
  return found.filter((name) => name !== ref);
}

/** Refs of the default branch in this clone: the remote's copy, the local one. */
export function defaultRefs(tips: readonly RefTip[], { branch, ref }: DefaultChoice): string[] {
  const local = `refs/heads/${branch ?? ''}`;
  const refs = [...(ref === undefined ? [] : [ref]), ...(tips.some(({ name }) => name === local) ? [local] : [])];
  return [...new Set(refs)];
}

// Reviewed content: the memory's folder in the trees of the default branch and of a fork's upstream.
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { chooseAlso, type ChosenBy, type DefaultChoice, type RefTip } from './default-branch.ts';
import { readTree, type Status } from './tracked-files.ts';

type Tree = ReadonlyMap<string, string>;

interface Known {
  tips: readonly RefTip[];
  status: Status;
  index: Tree;
  memoryPrefix: string;
  /** From the user's settings. */
  remotes: readonly string[] | undefined;
}

export function readReviewed(
  paths: MemoryPaths,
  chosen: DefaultChoice,
  { tips, status, index, memoryPrefix, remotes }: Known,
) {
  const ref = reviewsAnything({ defaultChosenBy: chosen.by }) ? chosen.ref : undefined;
  const tip = tips.find(({ name }) => name === ref)?.oid;
  const isAtTip = ref !== undefined && status.head !== undefined && status.head === (tip ?? ref);
  const read = (name: string): Tree | undefined => readTree(paths, name, memoryPrefix);
  const main =
    (isAtTip ? committedOf(index, status, memoryPrefix) : undefined) ?? (ref ? read(ref) : new Map<string, string>());
  const also = (chosen.by === 'none' ? [] : chooseAlso(tips, chosen, remotes)).map(read);
  const trees = [main, ...also].flatMap((tree) => tree ?? []);
  return {
    /** Path → blob in the default branch. */
    reviewed: main ?? new Map<string, string>(),
    alsoReviewed: also.flatMap((tree) => tree ?? []),
    blobs: new Set(trees.flatMap((tree) => [...tree.values()])),
    /** Commit id of the default branch, if its content counts as reviewed. */
    tip,
    /** Git did not answer. */
    isGuess: main === undefined || also.includes(undefined),
  };
}

/** Files at HEAD below `prefix`, derived from the index of regular files; undefined when something there is staged. */
export function committedOf(
  index: Tree,
  { staged }: { staged: ReadonlySet<string> },
  prefix: string,
): Tree | undefined {
  for (const path of staged) if (path.startsWith(prefix)) return undefined;
  const files = new Map<string, string>();
  for (const [path, blob] of index) if (path.startsWith(prefix)) files.set(path, blob);
  return files;
}

/** Without a remote or a common name, the branch is just the current checkout: its content is not reviewed. */
export function reviewsAnything({ defaultChosenBy: by }: { defaultChosenBy: ChosenBy }): boolean {
  return by !== 'only-branch' && by !== 'head';
}

// Git treats a deletion beside a similar new file as a rename; two branches that rename one file differently conflict. Finds such
// pairs before they are committed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBlobs } from '../git/state/blobs.ts';
import { repositoryPath } from '../git/state/judge-trust.ts';
import type { Memory } from '../memory/open.ts';
import type { RecordSet } from '../memory/records.ts';

/** Git pairs files at a similarity of 0.5; the margin covers differences between the two measures. */
const likeness = 0.4;

/** Removed path → id of the new record that git would pair with it as a rename. Only for files that other branches have too. */
export function findLikeAdded(
  { paths, snapshot }: Memory,
  recordSet: RecordSet,
  removed: readonly { path: string; id?: string }[],
): Map<string, string> {
  const found = new Map<string, string>();
  const shared = removed.filter(({ path }) => snapshot.reviewed.has(repositoryPath({ path }, snapshot)));
  if (shared.length === 0) return found;
  const added = recordSet.assessed.filter(
    ({ excerpt, isHere }) =>
      excerpt.tier === 'shared' && isHere && !snapshot.reviewed.has(repositoryPath(excerpt, snapshot)),
  );
  const news = added.flatMap(({ excerpt }) => {
    try {
      return [{ id: excerpt.id, text: readFileSync(join(paths.root, excerpt.path)) }];
    } catch {
      return [];
    }
  });
  const blobOf = (path: string): string => snapshot.reviewed.get(repositoryPath({ path }, snapshot)) ?? '';
  const texts = readBlobs(
    paths,
    shared.map(({ path }) => blobOf(path)),
  );
  for (const { path, id } of shared) {
    const old = texts.get(blobOf(path));
    // The same record under another name is a real rename, identical on every branch.
    const like = old && news.find((one) => one.id !== id && compareLines(old, one.text) >= likeness);
    if (like) found.set(path, like.id);
  }
  return found;
}

/** Share of the larger file's bytes in lines that both files have, similar to git's measure. */
export function compareLines(one: Buffer, other: Buffer): number {
  const lines = new Map<string, number>();
  for (const line of linesOf(one)) lines.set(line, (lines.get(line) ?? 0) + 1);
  let common = 0;
  for (const line of linesOf(other)) {
    const count = lines.get(line) ?? 0;
    if (count === 0) continue;
    lines.set(line, count - 1);
    common += Buffer.byteLength(line) + 1;
  }
  return common / Math.max(one.length, other.length, 1);
}

function linesOf(bytes: Buffer): string[] {
  const lines = bytes.toString('utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

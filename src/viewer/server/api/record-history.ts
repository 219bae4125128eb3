// The history of one record's file, with renames.
import type { RawChange } from '../../../git/cites/renames.ts';
import { commitFormat, parseCommit } from '../../../git/history/commits.ts';
import { plainDiff } from '../../../git/run/harden.ts';
import { startIn } from '../../../git/run/runner.ts';
import { repositoryPath } from '../../../git/state/judge-trust.ts';
import type { Memory } from '../../../memory/open.ts';
import type { AssessedRecord } from '../../../memory/records.ts';
import { rowsOf } from './file-diffs.ts';

const maxCommits = 50;

/** Newest first; [] without git, for a local record, and for an uncommitted one. */
export async function recordHistory({ paths, snapshot }: Memory, { excerpt }: AssessedRecord) {
  if (!snapshot.isRepository || snapshot.isUnborn || excerpt.tier !== 'shared') return [];
  const path = repositoryPath(excerpt, snapshot);
  const shape = ['--follow', '-p', `--max-count=${maxCommits}`];
  const args = ['log', ...shape, ...plainDiff, `--format=%x01${commitFormat}`, 'HEAD', '--', path];
  const { ok, stdout } = await startIn(paths, args, { timeoutMs: 10_000 });
  if (!ok) return [];
  return stdout
    .split('\u0001')
    .slice(1)
    .map((text) => {
      const end = text.indexOf('\n');
      const commit = parseCommit(end === -1 ? text : text.slice(0, end));
      const patch = end === -1 ? '' : text.slice(end);
      const status = statusOf(patch);
      // `rows`: line changes in the file; none for the commit that added it.
      return { ...commit, status, rows: status === 'A' ? [] : rowsOf(patch) };
    });
}

function statusOf(patch: string): RawChange['status'] {
  if (/^new file mode/m.test(patch)) return 'A';
  if (/^deleted file mode/m.test(patch)) return 'D';
  return /^rename from/m.test(patch) ? 'R' : 'M';
}

// History answers as JSON: one format for `--json` and for the viewer's page.
import { idOfPath, isId } from '../domain/id.ts';
import { recordLine } from '../memory/record-line.ts';
import type { RecordChange } from './log.ts';
import type { Explanation } from './why.ts';

export function explanationAsJson({ path, line, citing, blamed, commits }: Explanation, root: string): unknown {
  return {
    path,
    ...(line !== undefined && { line }),
    records: citing.map((one) => ({
      ...recordLine(one, root),
      ...(one.lines && { lines: one.lines }),
      freshness: one.freshness,
      ...(one.added && { added: one.added }),
    })),
    ...(blamed && { blame: blamed }),
    commits: commits.map(({ commit, merge, records, gone }) => ({
      ...commit,
      ...(merge && { merge }),
      records: records.map((one) => recordLine(one, root)),
      gone: gone.map(goneId),
    })),
  };
}

export function changeAsJson({ what, record }: RecordChange): unknown {
  const { isForeign, supersedes, forgets, ...known } = record;
  return {
    what,
    ...known,
    ...(isForeign && { trust: 'foreign' }),
    ...(supersedes.length > 0 && { supersedes }),
    ...(forgets.length > 0 && { forgets }),
  };
}

/** Id in a deleted record's file name, if it is a generated id; hand-chosen names may hold untrusted text, and the owner is unknown. */
export function goneId(path: string): string {
  const id = idOfPath(path);
  return isId(id) ? id : 'a record without an id';
}

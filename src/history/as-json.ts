// Answers about history as `--json` prints them: one shape for the terminal's programs and for the page.
import { idOfName, isId } from '../domain/id.ts';
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

/** The id in a deleted record's file name, where it cannot spell a word: nothing tells any more whose record it was. */
export function goneId(path: string): string {
  const id = idOfName(path.slice(path.lastIndexOf('/') + 1));
  return isId(id) ? id : 'a record without an id';
}

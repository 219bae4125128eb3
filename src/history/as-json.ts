// History answers as JSON: one format for `--json` and for the viewer's page.
import { idOfName, isId } from '../domain/id.ts';
import type { AssessedRecord } from '../memory/records.ts';
import { safeId } from '../memory/safe-id.ts';
import type { RecordChange } from './log.ts';
import type { Explanation } from './why.ts';

export function explanationAsJson({ path, line, citing, blamed, commits }: Explanation): unknown {
  return {
    path,
    ...(line !== undefined && { line }),
    records: citing.map((one) => ({
      ...namedAsJson(one),
      ...(one.lines && { lines: one.lines }),
      freshness: one.freshness,
      isActive: one.isActive,
      ...(one.added && { added: one.added }),
    })),
    ...(blamed && { blame: blamed }),
    commits: commits.map(({ commit, merge, records, gone }) => ({
      ...commit,
      ...(merge && { merge }),
      records: records.map(namedAsJson),
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
  const id = idOfName(path.slice(path.lastIndexOf('/') + 1));
  return isId(id) ? id : 'a record without an id';
}

/** For a foreign record only fields without free text; even a file name could hold instructions. */
function namedAsJson({ excerpt, trust }: AssessedRecord): Record<string, unknown> {
  const { id, type, title, description, path, tier, created } = excerpt;
  return trust === 'foreign'
    ? { id: safeId(excerpt), type, title: '', path: '', tier, created, trust }
    : { id, type, title, description, path, tier, created, trust };
}

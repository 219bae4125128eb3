// YAML for settings and modes, with errors that name line and column.
import { isMap, isScalar, LineCounter, parseDocument, visit, YAMLMap, type Document, type ParsedNode } from 'yaml';
import { RepomemError } from '../domain/errors.ts';
import { problemOf, type RecordProblem } from './record-of-data.ts';

/** One line per value: long texts are not folded, and multi-line texts use double quotes. */
export const yamlLayout = {
  lineWidth: 0,
  doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  blockQuote: false,
} as const;

export type ParsedYaml =
  { value: unknown; lineOf: (path: readonly (string | number)[]) => number | undefined } | { problem: RecordProblem };

/** Parses settings and modes: YAML 1.2 with its types, without anchors and aliases. */
export function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const [error] = document.errors;
  if (error) return problemOf('bad-yaml', error.message, lines.linePos(error.pos[0]).line);
  let anchorAt: number | undefined;
  visit(document, {
    Value: (_key, { anchor, range }) => void (anchor !== undefined && (anchorAt ??= range?.[0] ?? 0)),
  });
  if (anchorAt !== undefined)
    return problemOf('bad-yaml', 'anchors and aliases are not read', lines.linePos(anchorAt).line);
  const lineOf = (path: readonly (string | number)[]): number | undefined => {
    const node = path.length === 0 ? document.contents : findKey(document, path);
    return node?.range ? lines.linePos(node.range[0]).line : undefined;
  };
  return { value: document.toJS({ maxAliasCount: 0 }) as unknown, lineOf };
}

/** The node of the key, so that the line is right even when the value is on the next one. */
function findKey(document: Document.Parsed, path: readonly (string | number)[]): ParsedNode | undefined {
  const last = path.at(-1);
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (isMap(parent))
    return parent.items.find(({ key }) => isScalar(key) && key.value === last)?.key as ParsedNode | undefined;
  return document.getIn(path, true) as ParsedNode | undefined;
}

/** Sets one value in the text, or removes it when undefined; comments and order are kept. Throws RepomemError `bad-settings`. */
export function editYaml(text: string, path: readonly string[], value: unknown, where: string): string {
  const parsed = parseYaml(text);
  if ('problem' in parsed) {
    const { line, reason } = parsed.problem;
    throw new RepomemError('bad-settings', `${where}:${line}: ${reason}`, { hint: `Repair ${where} first.` });
  }
  const document = parseDocument(text);
  if (value === undefined) removePath(document, path);
  else {
    for (let depth = 0; depth < path.length; depth += 1) {
      const above = path.slice(0, depth);
      const parent: unknown = depth === 0 ? document.contents : document.getIn(above, true);
      // `key:` with only a comment after it is null: it becomes a map that keeps the comment.
      if (isMap(parent)) continue;
      const map = new YAMLMap();
      if (isScalar(parent) && parent.comment) map.commentBefore = parent.comment;
      if (depth === 0) document.contents = map as unknown as typeof document.contents;
      else document.setIn(above, map);
    }
    document.setIn(path, value);
  }
  return document.toString(yamlLayout);
}

function removePath(document: Document.Parsed, path: readonly string[]): void {
  if (!document.hasIn(path)) return;
  document.deleteIn(path);
  for (let above = path.slice(0, -1); above.length > 0; above = above.slice(0, -1)) {
    const map: unknown = document.getIn(above, true);
    if (!isMap(map) || map.items.length > 0) return;
    document.deleteIn(above);
  }
}

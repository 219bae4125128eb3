// Notes of other tools, one statement a section, list item or file: what their sources share.
import type { Draft } from '../domain/draft.ts';
import type { ObservationType } from '../domain/types.ts';
import { firstSeen, inRepository, keyOf, type SourceFile } from './files.ts';
import type { Ground } from './ground.ts';
import { draftOf, type ItemFile, type Reading, type StatementItem } from './item.ts';
import { plainText } from './markdown.ts';
import { firstSentence, pathsIn } from './statements.ts';
import type { Source } from './source.ts';

export interface Said {
  source: string;
  file: SourceFile;
  type: ObservationType;
  /** Markdown; its first sentence is the title, unless one is given. */
  text: string;
  title?: string;
  /** Where it stands in the file. */
  lines?: [number, number];
  /** ISO 8601; else when git first had the file. */
  at?: string;
  more?: Partial<Draft>;
  isReviewed?: boolean;
  paths?: readonly string[];
}

export function statementOf(ground: Ground, said: Said): StatementItem | undefined {
  const { source, file, type, lines, more = {} } = said;
  const text = plainText(said.text);
  const { first, rest } = firstSentence(text);
  const title = said.title === undefined ? first : plainText(said.title);
  if (title.replace(/[^\p{L}]/gu, '').length < 6) return undefined;
  const inside = inRepository(ground, file.path);
  const index = ground.memory.fullSnapshot().index;
  const named = [...(said.paths ?? []), ...pathsIn(said.text)].filter((path) => index.has(path));
  const own: ItemFile[] = inside === undefined || !index.has(inside) ? [] : [{ path: inside, ...(lines && { lines }) }];
  const files = [...new Set(named)].slice(0, 4).map((path) => ({ path }));
  return {
    kind: 'statement',
    from: keyOf(source, inside ?? file.name, `${title}\n${text}`),
    at: said.at ?? firstSeen(ground, file),
    ...(said.at === undefined && { citedAt: ground.env.now().toISOString() }),
    ...(said.isReviewed === true && { isReviewed: true }),
    draft: draftOf({ type, title, body: said.title === undefined ? rest : text, importance: 0.6, ...more }),
    files: files.length > 0 ? files : own,
  };
}

/** A source of files: found by reading them, which is cheap. What has no usual place is `named` with --from. */
export function fileSource(
  unit: string,
  place: 'usual' | 'named',
  read: (ground: Ground) => Reading | Promise<Reading>,
): Source {
  return {
    needsFrom: place === 'named',
    async find(ground) {
      const count = (await read(ground)).items.length;
      return count === 0 ? undefined : { count, unit };
    },
    read: async (ground) => read(ground),
  };
}

export function push(reading: Reading, item: StatementItem | undefined): void {
  if (item !== undefined) reading.items.push(item);
}

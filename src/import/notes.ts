// Notes of other tools, one statement a section, list item or file: what their sources share.
import { join } from 'node:path';
import type { Draft } from '../domain/draft.ts';
import type { ObservationType } from '../domain/types.ts';
import { filesBelow, firstSeen, inRepository, keyOf, type SourceFile } from './files.ts';
import type { Ground } from './ground.ts';
import { draftOf, emptyReading, skip, type ItemFile, type Reading, type StatementItem } from './item.ts';
import { plainText } from './markdown.ts';
import { firstSentence, pathsIn } from './statements.ts';
import type { Source } from './source.ts';

interface Said {
  source: string;
  file: SourceFile;
  type: ObservationType;
  /** Markdown; its first sentence is the title, unless one is given. */
  text: string;
  title?: string;
  /** Where it stands in the file. */
  lines?: [number, number];
  /** ISO 8601; else when git first had the file. */
  at?: string | undefined;
  more?: Partial<Draft>;
  isReviewed?: boolean;
  paths?: readonly string[];
}

function statementOf(ground: Ground, said: Said): StatementItem | undefined {
  const { source, file, type, lines, more = {} } = said;
  const text = plainText(said.text);
  const { first, rest } = firstSentence(text);
  const title = said.title === undefined ? first : plainText(said.title);
  if (title.replace(/[^\p{L}]/gu, '').length < 6) return undefined;
  const inside = inRepository(ground, file.path);
  const index = ground.memory.snapshot.index;
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

/** A source that is found by reading it, which is cheap. What has no usual place is `named` with --from. */
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

interface NotesPlace {
  name: string;
  unit: string;
  /** The usual folders: below the top of the repository, or absolute. None: they are named with --from. */
  folders?: string | ((ground: Ground) => readonly string[]);
  /** Names below the folder; Markdown without it. */
  wants?: (name: string) => boolean;
}

/** How a file of notes tells what it says. */
export interface Telling {
  ground: Ground;
  skip(reason: string): void;
  say(said: Omit<Said, 'source' | 'file'> & { file?: SourceFile }, more?: Partial<StatementItem>): void;
}

/** A source of files of notes, each read by itself; of files with the same text the first. */
export function notesSource(place: NotesPlace, read: (file: SourceFile, telling: Telling) => void): Source {
  const { name, unit, folders, wants = (one) => one.endsWith('.md') } = place;
  return fileSource(unit, folders === undefined ? 'named' : 'usual', (ground) => {
    const reading = emptyReading();
    const usual = typeof folders === 'string' ? [join(ground.top, folders)] : (folders?.(ground) ?? []);
    const all = (ground.from === undefined ? usual : [ground.from]).flatMap((folder) => filesBelow(folder, wants));
    const seen = new Set<string>();
    for (const file of all) {
      if (seen.has(file.text)) continue;
      seen.add(file.text);
      read(file, {
        ground,
        skip: (reason) => void skip(reading, reason),
        say(said, more) {
          const item = statementOf(ground, { source: name, file, ...said });
          if (item !== undefined) reading.items.push({ ...item, ...more });
        },
      });
    }
    return reading;
  });
}

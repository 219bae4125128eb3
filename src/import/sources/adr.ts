// Architecture decision records: Nygard's form and MADR.
import { join } from 'node:path';
import type { Ground } from '../ground.ts';
import { dateOf, filesBelow, firstSeen, inRepository, keyOf, type SourceFile } from '../files.ts';
import { draftOf, emptyReading, skip, type Reading, type StatementItem } from '../item.ts';
import { plainText, readNote, stringOf, textOfSection, type Note, type Section } from '../markdown.ts';
import { fileSource } from '../notes.ts';
import { firstSentence, pathsIn } from '../statements.ts';

const folders = [
  'docs/adr',
  'doc/adr',
  'docs/decisions',
  'doc/decisions',
  'docs/architecture/decisions',
  'docs/adrs',
  'adr',
  'decisions',
];
const cover = /^(?:template|readme|index)\b|template/i;
const selfReference =
  /record architecture decisions|use (?:markdown )?(?:architectural|architecture) decision records/i;
const citedMax = 4;

export const source = fileSource('decisions', 'usual', readAll);

function readAll(ground: Ground): Reading {
  const reading = emptyReading();
  const places = ground.from === undefined ? folders.map((folder) => join(ground.top, folder)) : [ground.from];
  const files = places.flatMap((place) => filesBelow(place, (name) => /\.(?:md|markdown)$/i.test(name)));
  for (const file of files) {
    const item = itemOf(ground, file, reading);
    if (item !== undefined) reading.items.push(item);
  }
  const replaced = new Set(reading.items.flatMap((item) => (item.kind === 'statement' ? (item.replaces ?? []) : [])));
  const before = reading.items.length;
  reading.items = reading.items.filter((item) => !replaced.has(item.from));
  if (before > reading.items.length) reading.skipped['superseded decisions'] = before - reading.items.length;
  return reading;
}

function itemOf(ground: Ground, file: SourceFile, reading: Reading): StatementItem | undefined {
  const base = file.name.slice(file.name.lastIndexOf('/') + 1);
  const note = readNote(file.text);
  const title = plainText(note.title || stringOf(note.front['title'])).replace(/^(?:ADR[- ]?)?\d+[.:)]?\s*/i, '');
  if (cover.test(base) || title === '' || /\{[^}]*\}/.test(title)) return skip(reading, 'templates');
  if (selfReference.test(title)) return skip(reading, 'decisions to record decisions');
  const section = (pattern: RegExp): Section | undefined => note.sections.find(({ heading }) => pattern.test(heading));
  const status = (stringOf(note.front['status']) || textOfSection(section(/^status$/i))).toLowerCase();
  if (/^(?:proposed|draft|pending)/.test(status)) return skip(reading, 'proposed decisions');
  if (/^superseded|superseded by/.test(status)) return skip(reading, 'superseded decisions');
  const outcome = plainText(textOfSection(section(/^(?:decision(?: outcome)?|outcome|decision made)$/i)));
  if (outcome === '') return skip(reading, 'without an outcome');
  const isDead = /^(?:rejected|deprecated)/.test(status);
  const { first, rest } = firstSentence(outcome);
  const context = plainText(textOfSection(section(/^context/i)));
  const inside = inRepository(ground, file.path);
  const named = pathsIn(file.text).filter((path) => ground.memory.snapshot.index.has(path));
  const dated = stringOf(note.front['date']) || (/^Date:\s*(\S+)/im.exec(file.text)?.[1] ?? '');
  const from = keyOf('adr', inside ?? base);
  return {
    kind: 'statement',
    from,
    canChange: true,
    at: dateOf(dated) ?? firstSeen(ground, file),
    citedAt: ground.env.now().toISOString(),
    isReviewed: inside !== undefined,
    replaces: [...file.text.matchAll(/^supersedes\b.*?\(([^)\s]+\.md)\)/gim)].map(([, name = '']) =>
      keyOf(
        'adr',
        `${inside === undefined ? '' : inside.slice(0, inside.length - base.length)}${name.replace(/^\.\//, '')}`,
      ),
    ),
    draft: draftOf({
      type: isDead ? 'dead-end' : 'decision',
      title,
      description: first,
      body: [rest, context, ...rejectedOptions(note)].filter(Boolean).join('\n\n'),
      facts: (section(/^(?:consequences|positive consequences|negative consequences)$/i)?.items ?? []).map(({ text }) =>
        plainText(text),
      ),
      concepts: ['adr'],
      confidence: 0.9,
      importance: 0.8,
    }),
    files: [...(inside === undefined ? [] : [inside]), ...named.filter((path) => path !== inside)]
      .slice(0, citedMax)
      .map((path) => ({
        path,
        ...(path === inside && { lines: [1, file.text.trimEnd().split('\n').length] as [number, number] }),
      })),
  };
}

/** Options that were turned down, each with what speaks against it. */
function rejectedOptions({ sections }: Note): string[] {
  const start = sections.findIndex(({ heading }) => /^pros and cons/i.test(heading));
  if (start < 0) return [];
  const options = sections.slice(start + 1);
  const end = options.findIndex(({ level }) => level <= sections[start]!.level);
  return (end < 0 ? options : options.slice(0, end)).flatMap(({ heading, items }) => {
    const against = items
      .map(({ text }) => /^bad,?\s+(because .*)$/i.exec(plainText(text))?.[1])
      .filter((one) => one !== undefined);
    return against.length === 0 ? [] : [`${plainText(heading)} was rejected ${against.join('; ')}.`];
  });
}

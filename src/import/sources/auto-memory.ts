// Claude Code's own memory of a project: private by the host's promise, so always local; nothing about the person.
import { join } from 'node:path';
import type { ObservationType } from '../../domain/types.ts';
import { filesBelow, type SourceFile } from '../files.ts';
import { expandHome, type Ground } from '../ground.ts';
import { emptyReading, skip, type Reading } from '../item.ts';
import { readNote, stringOf, textOfSection } from '../markdown.ts';
import { fileSource, push, statementOf } from '../notes.ts';

export const source = fileSource('notes', 'usual', (ground) => {
  const reading = emptyReading();
  for (const folder of ground.from === undefined ? usualFolders(ground) : [ground.from])
    for (const file of filesBelow(folder, (name) => name.endsWith('.md'))) readFile(ground, file, reading);
  return reading;
});

/** The host names a project's folder by its path, every other character than letters and digits a dash. */
function usualFolders({ env, roots }: Ground): string[] {
  const top = expandHome(env.vars['CLAUDE_CONFIG_DIR'] || join(env.home, '.claude'), env.home);
  return roots.map((root) => join(top, 'projects', root.replace(/[^A-Za-z0-9]/g, '-'), 'memory'));
}

function readFile(ground: Ground, file: SourceFile, reading: Reading): void {
  const { front, sections } = readNote(file.text);
  const type = stringOf(front['type'] ?? (front['metadata'] as Record<string, unknown> | undefined)?.['type']);
  const say = (kind: ObservationType, text: string, title?: string): void =>
    push(reading, statementOf(ground, { source: 'auto-memory', file, type: kind, text, ...(title && { title }) }));
  if (type === 'user') return void skip(reading, 'about the person');
  const whole = sections.map(textOfSection).filter(Boolean).join('\n\n');
  const description = stringOf(front['description']);
  if (type !== '') {
    if (type === 'project' && isPast(`${description} ${whole}`, ground.env.now()))
      return void skip(reading, 'past their date');
    const isTrap =
      /\*\*Why:?\*\*.*\b(?:fail|broke|broken|lost|hid|passed while)/i.test(whole) &&
      !/^(?:use|always|prefer)\b/i.test(whole);
    const kind =
      type === 'feedback'
        ? isTrap && /\bnever\b/i.test(whole)
          ? 'gotcha'
          : 'pattern'
        : type === 'project'
          ? 'progress'
          : 'discovery';
    return say(kind, whole, description || undefined);
  }
  if (/^MEMORY\.md$/i.test(file.name)) {
    for (const { items } of sections)
      for (const { text } of items)
        if (/^\[[^\]]+\]\([^)]+\.md\)/.test(text)) skip(reading, 'lines that only point');
        else say('discovery', text);
    return;
  }
  for (const section of sections) {
    const text = textOfSection(section);
    if (text !== '') say('discovery', section.heading === '' ? text : `${section.heading}: ${text}`);
  }
}

/** It names dates, and the last of them is over. */
function isPast(text: string, now: Date): boolean {
  const dates = [...text.matchAll(/\b\d{4}-\d{2}-\d{2}\b/g)].map(([date]) => date).sort();
  return dates.length > 0 && dates.at(-1)! < now.toISOString().slice(0, 10);
}

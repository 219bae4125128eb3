// Claude Code's own memory of a project: private by the host's promise, so always local; nothing about the person.
import { join } from 'node:path';
import { expandHome } from '../ground.ts';
import { readNote, stringOf, textOfSection } from '../markdown.ts';
import { notesSource } from '../notes.ts';

const place: Parameters<typeof notesSource>[0] = {
  name: 'auto-memory',
  unit: 'notes',
  /** The host names a project's folder by its path, every other character than letters and digits a dash. */
  folders({ env, roots }) {
    const top = expandHome(env.vars['CLAUDE_CONFIG_DIR'] || join(env.home, '.claude'), env.home);
    return roots.map((root) => join(top, 'projects', root.replace(/[^A-Za-z0-9]/g, '-'), 'memory'));
  },
};

export const source = notesSource(place, (file, { ground, say, skip }) => {
  const { front, sections } = readNote(file.text);
  const type = stringOf(front['type'] ?? (front['metadata'] as Record<string, unknown> | undefined)?.['type']);
  if (type === 'user') return skip('about the person');
  const text = sections.map(textOfSection).filter(Boolean).join('\n\n');
  if (type !== '') {
    const title = stringOf(front['description']);
    if (type === 'project' && isPast(`${title} ${text}`, ground.env.now())) return skip('past their date');
    const kind = type === 'feedback' ? feedbackType(text) : type === 'project' ? 'progress' : 'discovery';
    return say({ type: kind, text, ...(title && { title }) });
  }
  for (const section of sections)
    if (/^MEMORY\.md$/i.test(file.name))
      for (const item of section.items)
        if (/^\[[^\]]+\]\([^)]+\.md\)/.test(item.text)) skip('lines that only point');
        else say({ type: 'discovery', text: item.text });
    else {
      const said = textOfSection(section);
      const head = section.heading === '' ? '' : `${section.heading}: `;
      if (said !== '') say({ type: 'discovery', text: `${head}${said}` });
    }
});

function feedbackType(text: string): 'gotcha' | 'pattern' {
  const isTrap = /\*\*Why:?\*\*.*\b(?:fail|broke|broken|lost|hid|passed while)/i.test(text) && /\bnever\b/i.test(text);
  return isTrap && !/^(?:use|always|prefer)\b/i.test(text) ? 'gotcha' : 'pattern';
}

/** It names dates, and the last of them is over. */
function isPast(text: string, now: Date): boolean {
  const dates = [...text.matchAll(/\b\d{4}-\d{2}-\d{2}\b/g)].map(([date]) => date).sort();
  return dates.length > 0 && dates.at(-1)! < now.toISOString().slice(0, 10);
}

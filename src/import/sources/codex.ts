// Codex's own memories: one file for all projects of a person, in task groups that name the folders they were learned in. Only statements whose
// tasks all ran in this repository are taken; what is about the person stays.
import { join } from 'node:path';
import { dateOf } from '../files.ts';
import { expandHome, isInside } from '../ground.ts';
import { readNote } from '../markdown.ts';
import { notesSource } from '../notes.ts';
import { isTakenBack } from '../statements.ts';

/** Where and until when a task was worked on. */
interface Runs {
  folders: string[];
  /** ISO 8601; '' for none. */
  at: string;
}

const place: Parameters<typeof notesSource>[0] = {
  name: 'codex',
  unit: 'notes',
  folders: ({ env }) => [join(expandHome(env.vars['CODEX_HOME'] || '~/.codex', env.home), 'memories/MEMORY.md')],
  wants: (name) => /(?:^|\/)MEMORY\.md$/.test(name),
};

export const source = notesSource(place, (file, { ground, say, skip }) => {
  // By number; '' is the group.
  let tasks = new Map<string, Runs>();
  let open = '';
  for (const { level, heading, items } of readNote(file.text).sections) {
    const whole = items.map(({ text }) => text).join('\n');
    if (level === 1) [tasks, open] = [new Map([['', { folders: appliesTo(whole), at: '' }]]), ''];
    open = /^Task (\d+)\b/.exec(heading)?.[1] ?? open;
    if (/^rollout_summary_files$/i.test(heading)) tasks.set(open, runsOf(whole));
    if (/^user pref/i.test(heading)) for (const _ of items) skip('about the person');
    if (!/^(?:reusable knowledge|failures)\b/i.test(heading)) continue;
    for (const { text } of items) {
      const named = [...text.matchAll(/\bTask (\d+)(?=[^[\]]*\])/g)].flatMap(([, one = '']) => tasks.get(one) ?? []);
      const runs = named.length > 0 ? named : [tasks.get('') ?? { folders: [], at: '' }];
      const folders = runs.flatMap((run) => run.folders);
      if (folders.length === 0 || !folders.every((folder) => isInside(ground, folder))) skip('of another folder');
      else {
        const bare = text.replace(/\s*\[(?:Task|ad-hoc)[^\]]*\]/g, '');
        const own = ground.roots.reduce((said, root) => said.replaceAll(`${root}/`, ''), bare);
        const at = dateOf(runs.reduce((last, run) => (run.at > last ? run.at : last), ''));
        say({ type: isTakenBack(own) ? 'dead-end' : /^fail/i.test(heading) ? 'gotcha' : 'discovery', text: own, at });
      }
    }
  }
});

/** `applies_to: cwd=/a and cwd=/b; reuse_rule=…` */
function appliesTo(text: string): string[] {
  const list = /\bapplies_to:\s*([^;]*)/.exec(text)?.[1] ?? '';
  return list.split(/\s+and\s+|,/).flatMap((one) => one.replace(/^\s*cwd=/, '').trim() || []);
}

/** Of `rollout_summaries/a.md (cwd=/a, updated_at=2026-…, …)`, a line a run. */
function runsOf(text: string): Runs {
  const all = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, found = '']) => found.trim());
  return {
    folders: all(/\(cwd=([^,)]+)/g),
    at:
      all(/\bupdated_at=([^,)\s]+)/g)
        .sort()
        .at(-1) ?? '',
  };
}

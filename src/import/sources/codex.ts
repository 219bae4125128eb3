// Codex's own memories: one file for all projects of a person, in task groups that name the folders they were learned in. Only statements whose
// tasks all ran in this repository are taken; what is about the person stays.
import { join } from 'node:path';
import { dateOf, filesBelow } from '../files.ts';
import { expandHome, isInside, type Ground } from '../ground.ts';
import { emptyReading, skip, type Reading } from '../item.ts';
import { readNote, textOfSection } from '../markdown.ts';
import { fileSource, push, statementOf } from '../notes.ts';
import { isTakenBack } from '../statements.ts';

interface Task {
  folders: string[];
  /** ISO 8601; '' for none. */
  at: string;
}

export const source = fileSource("Codex's own memories", 'notes', 'home', (ground) => {
  const home = expandHome(ground.env.vars['CODEX_HOME'] || '~/.codex', ground.env.home);
  const place = ground.from ?? join(home, 'memories/MEMORY.md');
  const reading = emptyReading();
  for (const file of filesBelow(place, (name) => /(?:^|\/)MEMORY\.md$/.test(name))) {
    let group: Task = { folders: [], at: '' };
    let tasks = new Map<string, Task>();
    let task = group;
    for (const section of readNote(file.text).sections) {
      const text = textOfSection(section);
      const number = /^Task (\d+)\b/.exec(section.heading)?.[1];
      if (section.level === 1) [group, tasks] = [{ folders: appliesTo(text), at: '' }, new Map()];
      else if (number !== undefined) tasks.set(number, (task = { folders: [], at: '' }));
      if (section.level === 1 || number !== undefined) addRuns(number === undefined ? group : task, text);
      else if (/^rollout_summary_files$/i.test(section.heading)) addRuns(task, text);
      else if (/^user pref/i.test(section.heading)) for (const _ of section.items) skip(reading, 'about the person');
      else if (/^(?:reusable knowledge|failures)/i.test(section.heading))
        for (const item of section.items) {
          const runs = [...item.text.matchAll(/\bTask (\d+)(?=[^[\]]*\])/g)].flatMap(
            ([, one = '']) => tasks.get(one) ?? [],
          );
          const said = runs.some(({ folders }) => folders.length > 0) ? runs : [group];
          if (!isOurs(ground, said)) skip(reading, 'of another folder');
          else say(ground, reading, { file, isFailure: /^fail/i.test(section.heading), text: item.text, runs });
        }
    }
  }
  return reading;
});

/** `applies_to: cwd=/a and cwd=/b; reuse_rule=…` */
function appliesTo(text: string): string[] {
  const [, list = ''] = /\bapplies_to:\s*([^;]*)/.exec(text) ?? [];
  return list
    .split(/\s+and\s+|,/)
    .map((one) => one.replace(/^\s*cwd=/, '').trim())
    .filter((one) => one !== '');
}

function addRuns(task: Task, text: string): void {
  for (const [, folder = ''] of text.matchAll(/\(cwd=([^,)]+)/g)) task.folders.push(folder.trim());
  for (const [, at = ''] of text.matchAll(/\bupdated_at=([^,)\s]+)/g)) task.at = at > task.at ? at : task.at;
}

function isOurs(ground: Ground, tasks: readonly Task[]): boolean {
  const folders = tasks.flatMap((task) => task.folders);
  return folders.length > 0 && folders.every((folder) => isInside(ground, folder));
}

function say(
  ground: Ground,
  reading: Reading,
  {
    file,
    isFailure,
    text,
    runs,
  }: { file: Parameters<typeof statementOf>[1]['file']; isFailure: boolean; text: string; runs: readonly Task[] },
): void {
  const own = ground.roots.reduce(
    (said, root) => said.replaceAll(`${root}/`, ''),
    text.replace(/\s*\[(?:Task|ad-hoc)[^\]]*\]/g, ''),
  );
  const at = dateOf(
    runs
      .map((run) => run.at)
      .sort()
      .at(-1) ?? '',
  );
  const type = isTakenBack(own) ? 'dead-end' : isFailure ? 'gotcha' : 'discovery';
  push(reading, statementOf(ground, { source: 'codex', file, type, text: own, ...(at && { at }) }));
}

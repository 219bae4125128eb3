import { join } from 'node:path';
import { jsonOption, type Command } from './command.ts';
import { RepomemError } from '../domain/errors.ts';
import { openMemory, userFolder } from '../memory/open.ts';
import { describeSettings, loadSettings, showValue } from '../settings/settings.ts';
import { setSetting } from '../settings/edit.ts';
import { findMemory, memoryDirName, settingsName } from '../store/locate.ts';
import { setAutoInit } from '../setup/init.ts';
import { ownFile } from '../curate/trust.ts';

export const command: Command = {
  usage: 'settings [KEY [VALUE]] [--project]',
  details:
    'Defaults ‹ user ‹ project ‹ environment (REPOMEM_…). A project file may restrict, never redirect or execute.',
  options: {
    project: { type: 'boolean', describe: "write to the repository's settings instead of your own" },
    json: jsonOption,
  },
  async run({ env, print }, values, [key, ...rest]) {
    const descriptions = describeSettings();
    const described = descriptions.find((one) => one.key === key);
    if (key !== undefined && !described)
      throw new RepomemError('usage', `settings: there is no setting '${key}'`, {
        hint: 'repomem settings lists them',
      });
    const paths = findMemory([env.cwd], env.home);
    const userFile = join(userFolder(env), settingsName);
    if (described && rest.length > 0) {
      if (values['project'] && !paths) await openMemory(env);
      const file = values['project'] && paths ? join(paths.memoryDir, settingsName) : userFile;
      await setSetting(file, described.key, rest.join(' '), values['project'] ? 'project' : 'user');
      if (values['project'] && paths) {
        const { snapshot } = await openMemory(env, paths);
        ownFile(paths, `${memoryDirName}/${settingsName}`, snapshot.objectFormat, env.now());
      }
      if (described.key === 'autoInit') setAutoInit(env, rest.join(' ') === 'true');
      print.out(`${described.key} = ${showValue(described.key, rest.join(' '))} in ${file}`);
      return 0;
    }
    const { settings, sources, problems } = paths
      ? await openMemory(env, paths)
      : await loadSettings({ userFile, vars: env.vars, projectIsTrusted: false });
    const rows = descriptions
      .filter((one) => key === undefined || one.key === key)
      .map((one) => ({ ...one, value: valueAt(settings, one.key), source: sources[one.key] }));
    if (values['json'])
      print.json(
        rows.map((row) => (row.key.startsWith('key.') ? { ...row, value: row.value ? '(hidden)' : '' } : row)),
      );
    else
      for (const row of rows) {
        print.out(`${print.bold(row.key)} = ${showValue(row.key, row.value)}  ${print.dim(`(${row.source})`)}`);
        print.out(
          `    ${row.describe} ${print.dim(`Expected: ${row.expected}. ${row.variable}${row.reach === 'user' ? '; your own settings only' : ''}`)}`,
        );
      }
    for (const problem of problems)
      print.err(print.warn(`${problem.path}${problem.line ? `:${problem.line}` : ''}: ${problem.reason}`));
    return problems.length > 0 ? 1 : 0;
  },
};

function valueAt(settings: object, key: string): unknown {
  return key.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], settings);
}

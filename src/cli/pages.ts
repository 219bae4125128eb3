// The pages that `repomem help TOPIC` prints: each is made from the objects that the program itself goes by.
import { hostNames, hosts } from '../agents/hosts.ts';
import { observationTypes } from '../domain/types.ts';
import { recordFieldList } from '../format/record-fields.ts';
import { settingGroups } from '../settings/groups.ts';
import { showValue } from '../settings/yaml-keys.ts';
import { settingList } from '../settings/settings-table.ts';
import { table, type topics } from './command.ts';
import { protocolPage } from './protocol-page.ts';
import { explained } from './settings.ts';

export const pages = {
  format: formatPage,
  trust: trustPage,
  settings: settingsPage,
  hooks: hooksPage,
  protocol: protocolPage,
} satisfies Record<keyof typeof topics, () => string>;

function formatPage(): string {
  const keys = recordFieldList.filter(([, { only }]) => only !== 'session');
  return [
    'A record is one Markdown file below .claude-mem/observations/, such as',
    '  .claude-mem/observations/2026/11/21-fib-recursed-forever-nmpvrysk.md',
    '',
    'This is enough; everything else has defaults:',
    '  ---',
    '  type: gotcha',
    '  title: fib() never ends for negative numbers',
    '  ---',
    '  Neither base case is met.',
    '',
    "The last part of the file's name is the id: any 8 letters and digits, else the whole name. Nothing rewrites a file once git has it:",
    'a correction is a new one that names the old one in supersedes.',
    '',
    'Types (what lasts is shared, what fades stays local unless you say otherwise)',
    ...table(
      Object.entries(observationTypes).map(([name, { icon, lasts, meaning }]) => [
        `${icon} ${name}`,
        `${meaning}${lasts === 'always' ? '' : ' (fades)'}`,
      ]),
    ),
    '',
    'Keys of the front matter',
    ...table(keys.map(([name, { describe }]) => [name, describe])),
    '',
    'For programs: schema/observation.schema.json and schema/session.schema.json of this package; repomem lint FILE checks one.',
  ].join('\n');
}

function trustPage(): string {
  return [
    'A session is told a record only when somebody answers for it. Git and this machine say so, never the record itself:',
    ...table([
      ['reviewed', 'it stands on the default branch as it is'],
      ['own', 'it was written here, by your agent, your commands or your editor'],
      ['trusted', 'you said so: repomem trust ID, for these very bytes, on this machine'],
      ['foreign', 'anything else, such as the branch of somebody else: counted and named by id, told to nobody'],
    ]),
    '',
    'A foreign record has no effect: it supersedes, forgets and bars nothing. What it says, you can read:',
    '  repomem trust                  lists what is foreign',
    '  repomem show ID --foreign      shows one',
    '  repomem trust ID               accepts it; repomem trust --all accepts everything',
    '',
    'Which branch counts as reviewed is found out from git (repomem status names it); the setting trust.defaultBranch overrides that.',
    "A project's settings.yaml that nobody reviewed may restrict, and nothing else.",
  ].join('\n');
}

function settingsPage(): string {
  return [
    'Defaults ‹ your own (~/.config/repomem/settings.yaml) ‹ project (.claude-mem/settings.yaml) ‹ environment.',
    '  repomem settings                     what counts here, and where it comes from',
    '  repomem settings KEY VALUE           sets your own; --project the one of this repository',
    '  repomem settings KEY --unset         takes it out again',
    ...settingGroups(settingList).flatMap(({ title, settings }) => [
      '',
      title,
      ...settings.flatMap((one) => [
        `  ${one.key} = ${showValue(one.key, one.default)}`,
        `      ${one.describe} ${explained(one)}`,
      ]),
    ]),
  ].join('\n');
}

function hooksPage(): string {
  return [
    "In Claude Code the plugin brings the hooks. Every one exits with 0 and waits for no model; a tool's use costs one small file.",
    ...table([
      ['session starts', 'the block (repomem context prints it), and a line for you'],
      ['prompt', 'records that answer it, at most three (setting recall.prompt)'],
      ['file opened', 'records that cite it (setting recall.file)'],
      ['tool used', 'the event is kept for the end of the turn'],
      ['turn or session ends', 'events become records, in the background'],
    ]),
    '',
    'Off',
    ...table([
      ['repomem pause, resume', 'remember nothing for now'],
      ['"ignore the memory"', 'said in a prompt: that session is told nothing'],
      ['context.enabled false', 'no block; recall.prompt and recall.file the same for the rest'],
      ['notify.sessions false', 'no line for you'],
      ['repomem uninstall', 'takes the plugin away; memories stay'],
    ]),
    '',
    `Other agents (repomem init --agent NAME): ${hostNames
      .filter((name) => name !== 'protocol' && name !== 'claude-code')
      .map((name) => `${name} (${hosts[name].title})`)
      .join(', ')}; any other: repomem help protocol.`,
    "There too a tool's use costs one small file that a shell writes, 3 to 4 ms; the plugins of OpenCode, Pi, Cline and OpenClaw start that shell. Codex,",
    'Copilot, OpenCode and Pi also ask before a tool: a second shell, and Node only where a record cites the file.',
    'In git: repomem install-git-hooks takes records along with every commit, and checks them.',
  ].join('\n');
}

// Detects programs that manage git's hooks, by the content of hook files. Pure.

export interface HookManager {
  name: string;
  /**
   * `legacy`: the manager runs `<hook>.legacy` first and never changes it. `inside`: our lines are added to its file, which it
   * rewrites when its configuration changes.
   */
  way: 'legacy' | 'inside';
}

const managers: readonly (HookManager & { mark: RegExp })[] = [
  // This id is in every hook written by pre-commit since 1.0.
  { name: 'pre-commit', way: 'legacy', mark: /^# ID: 138fd403/m },
  { name: 'lefthook', way: 'inside', mark: /\bLEFTHOOK\b|call_lefthook/ },
  { name: 'husky', way: 'inside', mark: /^\. "\$\(dirname "\$0"\)\/h"/m },
  { name: 'simple-git-hooks', way: 'inside', mark: /SKIP_SIMPLE_GIT_HOOKS/ },
];

export function managerOf(text: string): HookManager | undefined {
  return managers.find(({ mark }) => mark.test(text));
}

/** Possible paths of lefthook's configuration. */
export const lefthookFiles: readonly string[] = [
  'lefthook',
  '.lefthook',
  '.config/lefthook',
  'lefthook-local',
  '.lefthook-local',
].flatMap((name) => ['yml', 'yaml', 'toml', 'json', 'jsonc'].map((type) => `${name}.${type}`));

// Programs that manage git's hooks, told by what their hook files say. Pure.

export interface HookManager {
  name: string;
  /**
   * `legacy`: it runs what stands in `<hook>.legacy` first and never touches it. `inside`: our lines go into the file that it writes, and it
   * writes that anew when its configuration changes.
   */
  way: 'legacy' | 'inside';
}

const managers: readonly (HookManager & { mark: RegExp })[] = [
  // The id stands in every hook that pre-commit ever wrote since 1.0.
  { name: 'pre-commit', way: 'legacy', mark: /^# ID: 138fd403/m },
  { name: 'lefthook', way: 'inside', mark: /\bLEFTHOOK\b|call_lefthook/ },
  { name: 'simple-git-hooks', way: 'inside', mark: /SKIP_SIMPLE_GIT_HOOKS/ },
];

export function managerOf(text: string): HookManager | undefined {
  return managers.find(({ mark }) => mark.test(text));
}

/** Where lefthook looks for its configuration: from the top, and below `.config`. */
export const lefthookFiles: readonly string[] = ['lefthook', '.lefthook', '.config/lefthook'].flatMap((name) =>
  ['yml', 'yaml', 'toml', 'json', 'jsonc'].map((type) => `${name}.${type}`),
);

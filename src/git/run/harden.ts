// Hardening of all git processes, so that no configuration, hook or variable of a repository runs code, prompts, uses the network or
// redirects git. Data only: runner.ts applies it.
import { join } from 'node:path';
import { readTextOrEmpty } from '../../store/lenient-files.ts';

/** Settings for one call, as `-c key=value`. Each could otherwise run a program or change the output format. */
export const hardConfig: readonly string[] = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'core.sshCommand=false',
  'core.askPass=',
  'credential.helper=',
  'protocol.allow=never',
  'diff.external=',
  'log.showSignature=false',
  'color.ui=false',
  'i18n.logOutputEncoding=UTF-8',
  'gc.auto=0',
  'maintenance.auto=false',
];

/** Options of git itself, before the command's name. */
export const hardFlags: readonly string[] = ['--no-pager', '--no-optional-locks'];

/** Treats pathspecs as literal paths. Of the commands in use only check-ignore refuses it. */
export const literalFlag = '--literal-pathspecs';

/** For every command that can show a diff: no external diff program, no textconv. */
export const plainDiff: readonly string[] = ['--no-ext-diff', '--no-textconv', '--no-color'];

/** The user's choice of configuration files and search limits: harmless to keep. */
const keptVariables = new Set([
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_CEILING_DIRECTORIES',
  'GIT_TEST_ASSUME_DIFFERENT_OWNER',
]);

/**
 * Variables of one git process: `base` without those that could redirect git, plus our own. Inside one of git's hooks the index of the
 * current commit is kept.
 */
export function hardVariables(
  base: Readonly<Record<string, string | undefined>>,
  isInsideHook = false,
): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [key, value] of Object.entries(base)) {
    if (value === undefined) continue;
    const isKept = keptVariables.has(key) || (isInsideHook && key === 'GIT_INDEX_FILE');
    if (isKept || !(key.startsWith('GIT_') || leading.has(key))) variables[key] = value;
  }
  return {
    ...variables,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: '',
    GIT_NO_REPLACE_OBJECTS: '1',
  };
}

/** Variables that name a program for git to start, or change the language of its messages. */
const leading = new Set(['PAGER', 'EDITOR', 'VISUAL', 'SSH_ASKPASS', 'LANGUAGE']);

const filterSection = /^\s*\[\s*filter[\s.]/im;
const includeSection = /^\s*\[\s*include(if)?[\s.\]]/im;

/** Whether the repository's own configuration may define clean or smudge filters: programs run by status, diff and add. */
export function mayDefineFilters(commonDir: string, gitDir: string): boolean {
  return [join(commonDir, 'config'), join(gitDir, 'config.worktree')].some((file) => {
    const text = readTextOrEmpty(file);
    return filterSection.test(text) || includeSection.test(text);
  });
}

/**
 * Parses `git config --show-scope --name-only -z --get-regexp ^filter\.`: settings that disable the repository's own filters. The
 * user's global ones are kept.
 */
export function filtersOff(listing: string): string[] {
  const names = new Set<string>();
  const fields = listing.split('\0');
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const key = fields[i + 1] ?? '';
    const name = key.slice('filter.'.length, key.lastIndexOf('.'));
    if ((fields[i] === 'local' || fields[i] === 'worktree') && name !== '') names.add(name);
  }
  return [...names].flatMap((name) => [
    `filter.${name}.clean=`,
    `filter.${name}.smudge=`,
    `filter.${name}.process=`,
    `filter.${name}.required=false`,
  ]);
}

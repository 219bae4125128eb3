// What every git process of ours is started with, so that no configuration, hook or variable of a repository runs code,
// opens a prompt, reaches the network or leads git elsewhere. Data only: run.ts and open.ts apply it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Settings that hold for one call, as `-c key=value`. Each either could run a program or would change what output looks like. */
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
  'blame.ignoreRevsFile=',
  'gc.auto=0',
  'maintenance.auto=false',
];

/** Options of git itself, before the command's name. */
export const hardFlags: readonly string[] = ['--no-pager', '--no-optional-locks'];

/** Paths are paths, never patterns. Of the commands in use only check-ignore refuses it. */
export const literalFlag = '--literal-pathspecs';

/** For every command that can show a diff: no external diff program, no textconv. */
export const plainDiff: readonly string[] = ['--no-ext-diff', '--no-textconv', '--no-color'];

/** What git tells its hooks about the commit under way; kept by callers that run inside one. */
const hookVariables = new Set([
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_PREFIX',
  'GIT_COMMON_DIR',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_QUARANTINE_PATH',
]);

/** The user's own choice of configuration files and search limits: theirs to make, harmless to keep. */
const keptVariables = new Set([
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_CEILING_DIRECTORIES',
  'GIT_TEST_ASSUME_DIFFERENT_OWNER',
]);

/** The variables of one git process: `base` without what could lead git elsewhere, plus our own. */
export function hardVariables(
  base: Readonly<Record<string, string | undefined>>,
  isInsideHook = false,
): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [key, value] of Object.entries(base)) {
    if (value === undefined) continue;
    const isGit = key.startsWith('GIT_');
    if (!isGit && !leads(key)) variables[key] = value;
    else if (keptVariables.has(key) || (isInsideHook && hookVariables.has(key))) variables[key] = value;
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

/** Variables that name a program which git would start. */
function leads(key: string): boolean {
  return key === 'PAGER' || key === 'EDITOR' || key === 'VISUAL' || key === 'SSH_ASKPASS' || key === 'LANGUAGE';
}

const filterSection = /^\s*\[\s*filter[\s.]/im;
const includeSection = /^\s*\[\s*include(if)?[\s.\]]/im;

/** True when the repository's own configuration may define clean or smudge filters: programs that status, diff and add would run. */
export function mayDefineFilters(commonDir: string, gitDir: string): boolean {
  return [join(commonDir, 'config'), join(gitDir, 'config.worktree')].some((file) => {
    const text = readQuietly(file);
    return filterSection.test(text) || includeSection.test(text);
  });
}

/** From `git config --show-scope --name-only -z --get-regexp ^filter\.`: settings that switch the repository's own filters off. The user's global ones stay. */
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

export function readQuietly(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

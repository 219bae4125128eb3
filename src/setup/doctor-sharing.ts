// Checks whether git stores the memory's files unchanged: not ignored by a rule of the project, not replaced by a filter.
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { runIn } from '../git/run/runner.ts';
import { memoryPrefixOf } from '../git/state/snapshot.ts';
import { findings, problem, type Finding } from './doctor-finding.ts';

/** Three git processes; empty without git. */
export function checkSharing(paths: MemoryPaths): Finding[] {
  if (paths.worktree === undefined) return [];
  const prefix = memoryPrefixOf(paths);
  const record = `${prefix}observations/2026/01/2026-01-01-note-b0000001.md`;
  const settings = `${prefix}settings.yaml`;
  /** The rule that ignores a file; undefined without one. */
  const ruleFor = (...args: string[]): string | undefined => {
    const { code, stdout } = runIn(paths, ['check-ignore', '-v', ...args]);
    const [rule = ''] = stdout.split('\t');
    return code === 0 && !/:!/.test(rule) ? rule.trim() : undefined;
  };
  const rule = ruleFor('--no-index', record);
  // Once it is tracked no rule matters.
  const settingsRule = ruleFor(settings);
  const filter = runIn(paths, ['check-attr', 'filter', '--', record]).stdout.trim().split(': ').at(-1) ?? '';
  return findings(
    rule !== undefined &&
      problem(
        `git ignores the memory's records (${rule}): nothing of it will be shared`,
        `add a line !/${prefix} and !/${prefix}** below that rule, or git add -f`,
      ),
    rule === undefined &&
      settingsRule !== undefined &&
      problem(
        `git ignores the memory's settings.yaml (${settingsRule}): other clones will not see that there is a memory`,
        `git add -f ${settings}`,
      ),
    !['', 'unspecified', 'unset', 'set'].includes(filter) &&
      problem(
        `the filter ${filter} turns the memory's records into something else in git: neither review nor trust can read them`,
        `write \`* -text -filter !diff !merge\` into ${prefix}.gitattributes, then git add --renormalize ${prefix}`,
      ),
  );
}

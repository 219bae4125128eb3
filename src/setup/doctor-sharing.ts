// Checks whether git stores the memory's files unchanged: not ignored by a rule of the project, not replaced by a filter.
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { memoryPrefixOf } from '../git/state/snapshot.ts';
import { runIn } from '../git/run/runner.ts';
import type { Finding } from './doctor-finding.ts';

/** Three git processes; empty without git. */
export function checkSharing(paths: MemoryPaths): Finding[] {
  if (paths.worktree === undefined) return [];
  const name = `${memoryPrefixOf(paths)}observations/2026/01/2026-01-01-note-b0000001.md`;
  const findings: Finding[] = [];
  const ignored = runIn(paths, ['check-ignore', '-v', '--no-index', name]);
  const [rule = ''] = ignored.stdout.split('\t');
  if (ignored.code === 0 && !/:!/.test(rule))
    findings.push({
      level: 'problem',
      what: `git ignores the memory's records (${rule.trim()}): nothing of it will be shared`,
      cure: `add a line !/${memoryPrefixOf(paths)} and !/${memoryPrefixOf(paths)}** below that rule, or git add -f`,
    });
  // Once it is tracked no rule matters.
  const settings = runIn(paths, ['check-ignore', '-v', `${memoryPrefixOf(paths)}settings.yaml`]);
  const [settingsRule = ''] = settings.stdout.split('\t');
  if (ignored.code !== 0 && settings.code === 0 && !/:!/.test(settingsRule))
    findings.push({
      level: 'problem',
      what: `git ignores the memory's settings.yaml (${settingsRule.trim()}): other clones will not see that there is a memory`,
      cure: `git add -f ${memoryPrefixOf(paths)}settings.yaml`,
    });
  const filter = runIn(paths, ['check-attr', 'filter', '--', name]).stdout.trim().split(': ').at(-1) ?? '';
  if (!['', 'unspecified', 'unset', 'set'].includes(filter))
    findings.push({
      level: 'problem',
      what: `the filter ${filter} turns the memory's records into something else in git: neither review nor trust can read them`,
      cure: `write \`* -text -filter !diff !merge\` into ${memoryPrefixOf(paths)}.gitattributes, then git add --renormalize ${memoryPrefixOf(paths)}`,
    });
  return findings;
}

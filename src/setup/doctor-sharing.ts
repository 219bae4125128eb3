// Checks whether git stores the memory's files unchanged: not ignored by a rule of the project, not replaced by a filter.
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { memoryPrefixOf } from '../git/state/snapshot.ts';
import { runIn } from '../git/run/runner.ts';
import type { Finding } from './doctor-finding.ts';

/** Two git processes; empty without git. */
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
  const filter = runIn(paths, ['check-attr', 'filter', '--', name]).stdout.trim().split(': ').at(-1) ?? '';
  if (!['', 'unspecified', 'unset', 'set'].includes(filter))
    findings.push({
      level: 'problem',
      what: `the filter ${filter} turns the memory's records into something else in git: neither review nor trust can read them`,
      cure: `write \`* -text -filter !diff !merge\` into ${memoryPrefixOf(paths)}.gitattributes, then git add --renormalize ${memoryPrefixOf(paths)}`,
    });
  return findings;
}

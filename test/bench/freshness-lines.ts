// What it costs a session start to know which cited lines still stand: the same repository with and without cites.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Line } from './lines.ts';
import type { Process } from './measure.ts';
import { codeFiles, letRest, warmUp, worldOf, type RecordSet } from './worlds.ts';

const files = codeFiles(5_000, 100);
const prepared = new Set<string>();

/** Two thousand records in a repository of five thousand files; since they were made half of what they cite was edited. */
function freshnessWorld(citesEach: number, purpose: string): RecordSet {
  const recordSet = worldOf(2_000, `${purpose} ${citesEach} cites`, { files, citesEach });
  if (prepared.has(recordSet.dir)) return recordSet;
  prepared.add(recordSet.dir);
  Object.keys(files).forEach((path, index) => {
    if (index % 2 === 1) return;
    const lines = readFileSync(join(recordSet.dir, path), 'utf8').split('\n');
    // Most cited lines only move; every sixth file loses them.
    if (index % 12 === 0) lines[4] = '// another line';
    else lines.unshift('// a line more');
    writeFileSync(join(recordSet.dir, path), lines.join('\n'));
  });
  for (const args of [
    ['add', '-A'],
    ['commit', '-qm', 'edit half of the files'],
  ])
    execFileSync('git', args, { cwd: recordSet.dir, env: recordSet.env });
  letRest(recordSet.dir, recordSet.env);
  return recordSet;
}

let edits = 0;

/** Caches are warm, and since the last start an uncommitted file changed: what was told then does not hold. */
function warmStart(citesEach: number): () => Process {
  const recordSet = freshnessWorld(citesEach, 'moving');
  for (let times = 0; times < 2; times++) warmUp(recordSet.hook('SessionStart', { source: 'startup' }));
  return () => {
    recordSet.emptySpool();
    writeFileSync(join(recordSet.dir, 'src/room-0/part-1.ts'), `export const edit = ${++edits};\n`);
    return recordSet.hook('SessionStart', { source: 'startup' });
  };
}

function coldStart(citesEach: number): () => Process {
  const recordSet = freshnessWorld(citesEach, 'cold');
  return () => {
    recordSet.emptySpool();
    recordSet.dropCaches();
    return recordSet.hook('SessionStart', { source: 'startup' });
  };
}

export const freshnessLines = {
  'freshness-warm': {
    kind: 'time',
    what: 'freshness of 2,000 records with 2 cites each among 5,000 files, in a start with warm caches after an edit',
    target: 1.5,
    prepare: () => warmStart(2),
    without: () => warmStart(0),
  },
  'freshness-cold': {
    kind: 'time',
    what: 'the same in a start with every cache gone',
    target: 8,
    prepare: () => coldStart(2),
    without: () => coldStart(0),
  },
} satisfies Record<string, Line>;

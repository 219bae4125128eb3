// What is measured, and what is promised. A new figure is a new entry.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '../helpers/temp-repo.ts';
import { freshnessLines } from './freshness-lines.ts';
import { preCommitProcess, whyProcess } from './git-lines.ts';
import { peakMegabytes, type Process } from './measure.ts';
import { recallLines } from './recall-lines.ts';
import { scaleLines } from './scale-lines.ts';
import { project, warmUp, worldOf } from './worlds.ts';

export interface TimedLine {
  kind: 'time';
  what: string;
  /** At most this many times `node -e 0`, median against median of the same run. */
  target: number;
  /** Makes the world; the returned function gives the process of one round, and may prepare it: that is not measured. */
  prepare(): () => Process;
  /** The same without what is asked about: its median is taken off. */
  without?(): () => Process;
}

export interface FigureLine {
  kind: 'figure';
  what: string;
  target: number;
  unit: string;
  /** Takes minutes: only with --all, or when it is named by this much of its name. */
  longName?: string;
  measure(): number;
}

export type Line = TimedLine | FigureLine;

const toolUse = (dir: string): Record<string, unknown> => ({
  tool_name: 'Bash',
  tool_input: { command: 'npm test', description: 'Run the tests' },
  tool_response: { stdout: 'ok 1 - a line of output\n'.repeat(80), stderr: '', interrupted: false },
  tool_use_id: `toolu_${Math.floor(performance.now() * 1000)}`,
  transcript_path: join(dir, '..', 'transcript.jsonl'),
});

const startUp = { source: 'startup' };

function startLine(records: number, target: number): Line {
  return {
    kind: 'time',
    what: `SessionStart hook at ${records.toLocaleString('en')} records, caches warm`,
    target,
    prepare: () => {
      const recordSet = worldOf(records);
      // A start reads the cache of the records, which prompts and commands write.
      warmUp(recordSet.repomem('index'));
      for (let times = 0; times < 2; times++) warmUp(recordSet.hook('SessionStart', startUp));
      return () => {
        recordSet.emptySpool();
        return recordSet.hook('SessionStart', startUp);
      };
    },
  };
}

export const lines = {
  capture: {
    kind: 'time',
    what: 'tool hook, repository with a memory',
    target: 0.2,
    prepare: () => {
      const recordSet = worldOf(20);
      warmUp(recordSet.hook('PostToolUse', toolUse(recordSet.dir)));
      return () => recordSet.hook('PostToolUse', toolUse(recordSet.dir));
    },
  },
  'capture-none': {
    kind: 'time',
    what: 'tool hook, repository without a memory',
    target: 0.1,
    prepare: () => {
      const recordSet = worldOf('no memory');
      return () => recordSet.hook('PostToolUse', toolUse(recordSet.dir));
    },
  },
  'start-2k': startLine(2_000, 4.5),
  'start-10k': startLine(10_000, 8),
  'start-cold': {
    kind: 'time',
    what: 'SessionStart hook at 2,000 records, every cache of the memory gone',
    target: 10,
    prepare: () => {
      const recordSet = worldOf(2_000, 'cold');
      return () => {
        recordSet.emptySpool();
        recordSet.dropCaches();
        return recordSet.hook('SessionStart', startUp);
      };
    },
  },
  why: {
    kind: 'time',
    what: 'repomem why PATH:LINE at 2,000 records',
    target: 5,
    prepare: whyProcess,
  },
  'pre-commit': {
    kind: 'time',
    what: 'pre-commit hook with 5 new records',
    target: 5,
    prepare: preCommitProcess,
  },
  ...freshnessLines,
  ...recallLines,
  ...scaleLines,
  'peak-memory': {
    kind: 'figure',
    what: 'peak resident memory of a hook at 2,000 records, the largest of start (cold), start (warm), prompt, stop',
    target: 110,
    unit: 'MB',
    measure: () => {
      const recordSet = worldOf(2_000, 'cold');
      recordSet.emptySpool();
      recordSet.dropCaches();
      const peaks = [startUp, startUp].map((payload) => peakMegabytes(recordSet.hook('SessionStart', payload)));
      peaks.push(peakMegabytes(recordSet.hook('UserPromptSubmit', { prompt: 'Why does the queue retry twice?' })));
      peaks.push(peakMegabytes(recordSet.hook('Stop', { last_assistant_message: 'Done.', stop_hook_active: false })));
      return Math.max(...peaks);
    },
  },
  tarball: {
    kind: 'figure',
    what: 'packed tarball',
    target: 1.5,
    unit: 'MB',
    measure: () => pack(tempDir('repomem-pack-')).size / 1e6,
  },
  packages: {
    kind: 'figure',
    what: 'packages that an install brings',
    target: 1,
    unit: '',
    measure: () => {
      const folder = tempDir('repomem-pack-');
      const { filename } = pack(folder);
      const prefix = join(folder, 'prefix');
      mkdirSync(prefix);
      const flags = ['--offline', '--no-audit', '--no-fund', '--prefix', prefix];
      execFileSync('npm', ['install', ...flags, join(folder, filename)], { cwd: prefix, stdio: 'ignore' });
      const said = execFileSync('npm', ['ls', '--all', '--parseable', '--prefix', prefix], {
        cwd: prefix,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      return said.split('\n').filter((line) => line.includes('node_modules')).length;
    },
  },
} satisfies Record<string, Line>;

function pack(folder: string): { filename: string; size: number } {
  const said = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: project,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [packed] = JSON.parse(said) as { filename: string; size: number }[];
  if (!packed) throw new Error('npm pack says nothing');
  return packed;
}

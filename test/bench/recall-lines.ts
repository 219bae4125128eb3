// What it costs to find a record: asked for by a person, with a prompt, with a file; and to make the index.
import { execFileSync } from 'node:child_process';
import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Line } from './lines.ts';
import { runOnce, timeProcess, type Process } from './measure.ts';
import { warmUp, worldOf, type RecordSet } from './worlds.ts';

const question = 'why does the queue retry twice';

function searchLine(records: number, target: number): Line {
  return {
    kind: 'time',
    what: `repomem search at ${records.toLocaleString('en')} records, caches warm`,
    target,
    prepare: () => {
      const recordSet = worldOf(records);
      const ask = recordSet.repomem('search', question);
      warmUp(ask);
      return () => ask;
    },
  };
}

function promptLine(records: number, target: number): Line {
  return {
    kind: 'time',
    what: `prompt hook at ${records.toLocaleString('en')} records, asking the whole index`,
    target,
    prepare: () => {
      const recordSet = worldOf(records);
      warmUp(recordSet.repomem('search', question));
      return () => promptProcess(recordSet);
    },
  };
}

let prompts = 0;

/** In a session that has the block already, as every prompt but the first is. */
function promptProcess(recordSet: RecordSet): Process {
  const session = { session_id: `bench-prompt-${process.pid}-${++prompts}` };
  // Nothing waits, or a compressor would start and work beside what is measured.
  recordSet.emptySpool();
  runOnce(recordSet.hook('SessionStart', { ...session, source: 'startup' }));
  recordSet.emptySpool();
  return recordSet.hook('UserPromptSubmit', { ...session, prompt: `${question}?` });
}

/** A file of code, committed. */
function commitSome({ dir, env }: RecordSet): void {
  appendFileSync(join(dir, 'src/part-1.ts'), `// ${performance.now()}\n`);
  for (const args of [
    ['add', '-A'],
    ['commit', '-qm', 'more'],
  ])
    execFileSync('git', args, { cwd: dir, env });
}

/** A sentence more in each of twenty records. */
function editSome({ dir }: RecordSet): void {
  const top = join(dir, '.claude-mem/observations');
  const files = readdirSync(top, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
  const step = Math.floor(files.length / 20);
  for (let at = 0; at < 20; at++) appendFileSync(join(top, files[at * step] ?? ''), 'One sentence more.\n');
}

export const recallLines = {
  'search-1k': searchLine(1_000, 4),
  'search-2k': searchLine(2_000, 5),
  'search-10k': searchLine(10_000, 8),
  'search-2k-committed': {
    kind: 'time',
    what: 'repomem search at 2,000 records, right after a commit',
    target: 7,
    prepare: () => {
      const recordSet = worldOf(2_000, 'committed');
      const ask = recordSet.repomem('search', question);
      warmUp(ask);
      return () => {
        commitSome(recordSet);
        return ask;
      };
    },
  },
  'search-2k-edited': {
    kind: 'time',
    what: 'repomem search at 2,000 records, after 20 of them changed',
    target: 15,
    prepare: () => {
      const recordSet = worldOf(2_000, 'edited');
      const ask = recordSet.repomem('search', question);
      warmUp(ask);
      return () => {
        editSome(recordSet);
        return ask;
      };
    },
  },
  'index-10k': {
    kind: 'figure',
    what: 'repomem search at 10,000 records, every cache of the memory gone',
    target: 3,
    unit: 's',
    measure: () => {
      const recordSet = worldOf(10_000, 'cold');
      const ask = recordSet.repomem('search', question);
      const times = Array.from({ length: 3 }, () => {
        recordSet.dropCaches();
        return timeProcess(ask);
      });
      return Math.min(...times) / 1000;
    },
  },
  'prompt-2k': promptLine(2_000, 4.5),
  'prompt-10k': promptLine(10_000, 7),
  'file-none': {
    kind: 'time',
    what: 'file hook for a file without records',
    target: 0.25,
    prepare: () => {
      const recordSet = worldOf(2_000);
      warmUp(recordSet.hook('SessionStart', { source: 'startup' }));
      const tool_input = { file_path: join(recordSet.dir, 'README.md') };
      return () => recordSet.hook('PreToolUse', { tool_name: 'Read', tool_input, tool_use_id: `toolu_${++prompts}` });
    },
  },
} satisfies Record<string, Line>;

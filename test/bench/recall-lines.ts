// What it costs to find a record: asked for by a person, with a prompt, with a file; and to make the index.
import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Line } from './lines.ts';
import { median, runOnce, timeProcess, type Process } from './measure.ts';
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

/** Twenty files more with each call. */
function editSome({ dir }: RecordSet): void {
  const top = join(dir, '.claude-mem/observations');
  const files = readdirSync(top, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
  const step = Math.floor(files.length / 20);
  for (let at = 0; at < 20; at++) appendFileSync(join(top, files[at * step] ?? ''), 'One sentence more.\n');
}

export const recallLines = {
  'search-1k': searchLine(1_000, 3.5),
  'search-10k': searchLine(10_000, 8),
  'search-10k-edited': {
    kind: 'figure',
    what: 'repomem search at 10,000 records after 20 of them changed, against the same with none changed',
    target: 1.5,
    unit: '×',
    measure: () => {
      const recordSet = worldOf(10_000, 'edited');
      const ask = recordSet.repomem('search', question);
      warmUp(ask);
      const rounds = Array.from({ length: 15 }, () => {
        editSome(recordSet);
        return { edited: timeProcess(ask), warm: timeProcess(ask) };
      });
      return median(rounds.map(({ edited }) => edited)) / median(rounds.map(({ warm }) => warm));
    },
  },
  'index-10k': {
    kind: 'figure',
    what: 'repomem search at 10,000 records, every cache of the memory gone',
    target: 2.5,
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
  'prompt-2k': promptLine(2_000, 4),
  'prompt-10k': promptLine(10_000, 5),
  'file-none': {
    kind: 'time',
    what: 'file hook for a file without records',
    target: 0.2,
    prepare: () => {
      const recordSet = worldOf(2_000);
      warmUp(recordSet.hook('SessionStart', { source: 'startup' }));
      const tool_input = { file_path: join(recordSet.dir, 'README.md') };
      return () => recordSet.hook('PreToolUse', { tool_name: 'Read', tool_input, tool_use_id: `toolu_${++prompts}` });
    },
  },
} satisfies Record<string, Line>;

// node --import ./test/tools/ts.mjs test/tools/measure-redaction.ts [--list]: recall on the generated corpus, false alarms, findings in clean text, time.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { redact } from '../../src/privacy/redact.ts';
import { seededRandom } from '../helpers/fake-secrets.ts';
import { hostileStarts, isLeaked, makeCases } from '../privacy/corpus.ts';
import { makeLookAlikes } from '../privacy/look-alikes.ts';

const project = dirname(dirname(import.meta.dirname));
const lists = process.argv.includes('--list');
const print = (text: string): void => void process.stdout.write(`${text}\n`);
/** Milliseconds of this process alone: others may use the machine. */
const clock = (): number => process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000;

const seeds = Array.from({ length: 5 }, () => Math.floor(Math.random() * 2 ** 31));
print(`seeds ${seeds.join(' ')}`);
const cases = makeCases(seeds);
const leaked = cases.filter((one) => isLeaked(one, redact(one.text).findings));
const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)} %`;
print(`recall ${percent(cases.length - leaked.length, cases.length)} of ${cases.length}`);
for (const one of leaked)
  print(`  kept: ${one.type} in ${one.context}${lists ? `: ${JSON.stringify(one.text.slice(0, 200))}` : ''}`);
const benign = seeds.flatMap((seed) => makeLookAlikes(seededRandom(seed)));
const touched = benign.filter((text) => redact(text).findings.length > 0);
print(`look-alikes touched ${percent(touched.length, benign.length)} of ${benign.length}`);
for (const text of touched) print(`  touched: ${redact(text).text.slice(0, 160)}`);

function textsBelow(folder: string, pattern: RegExp, found: string[] = []): string[] {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) textsBelow(path, pattern, found);
    else if (entry.isFile() && pattern.test(entry.name)) found.push(path);
  }
  return found;
}

/** Clean texts hold no secret: every finding is a false alarm. */
function measureClean(name: string, texts: Iterable<string>): void {
  let chars = 0;
  let count = 0;
  const said: string[] = [];
  for (const text of texts) {
    chars += text.length;
    for (const { rule, start, end } of redact(text).findings) {
      count++;
      said.push(
        `  ${rule}: ${JSON.stringify(text.slice(Math.max(0, start - 40), start))} → ${JSON.stringify(text.slice(start, end).slice(0, 80))}`,
      );
    }
  }
  print(`${name}: ${(count / (chars / 1e6)).toFixed(2)} findings/MB (${count} in ${(chars / 1e6).toFixed(1)} MB)`);
  if (lists) for (const line of said) print(line);
}

const readAll = function* (pattern: RegExp): Generator<string> {
  for (const path of textsBelow(join(project, 'node_modules'), pattern)) yield readFileSync(path, 'utf8');
};
measureClean('npm sources', readAll(/\.[cm]?js$/));
const log = execFileSync('git', ['log', '-p', '--no-color'], { cwd: project, encoding: 'utf8', maxBuffer: 2 ** 30 });
measureClean('git log -p', [log]);
measureClean('READMEs', readAll(/^readme(?:\.md)?$/i));

function measureTime(text: string, runs: number): number {
  const times = Array.from({ length: runs }, () => {
    const from = clock();
    redact(text);
    return clock() - from;
  });
  return times.toSorted((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
}
// From its middle: the newest may be a change of this filter's own tests.
const sample = log.slice(log.length / 2, log.length / 2 + 100_000);
measureTime(sample, 5);
print(`100 KB: ${measureTime(sample, 15).toFixed(1)} ms`);
const worst = hostileStarts
  .map((start) => ({ start, ms: measureTime(start.repeat(Math.ceil(65_536 / start.length)), 1) }))
  .toSorted((a, b) => b.ms - a.ms)[0];
print(`worst 64 KB: ${worst?.ms.toFixed(0)} ms (${JSON.stringify(worst?.start)} repeated)`);

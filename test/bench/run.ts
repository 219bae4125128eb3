// npm run bench [-- --only NAME] [--all] [--rounds N] [--json]: the promised figures, as ratios to `node -e 0` measured in the same run.
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { lines, type Line } from './lines.ts';
import { median, timeProcess, type Process } from './measure.ts';
import { removeWorlds } from './worlds.ts';

interface Row {
  name: string;
  what: string;
  value: number;
  unit: string;
  target: number;
  isMet: boolean;
  /** Median in milliseconds, of what is timed. */
  ms?: number;
}

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    all: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '15' },
    json: { type: 'boolean', default: false },
  },
});
const all: [string, Line][] = Object.entries(lines);
const chosen = all.filter(([name, line]) => {
  const longName = line.kind === 'figure' ? line.longName : undefined;
  return values.only
    ? values.only.some((only) => name.startsWith(only) && only.startsWith(longName ?? ''))
    : values.all || longName === undefined;
});
if (chosen.length === 0) throw new Error(`--only: expected one of ${all.map(([name]) => name).join(', ')}`);
const rounds = Math.max(3, Number(values.rounds));
const say = (text: string): void => void process.stderr.write(`${text}\n`);

const baseline: Process = {
  program: process.execPath,
  args: ['-e', '0'],
  cwd: tmpdir(),
  env: { PATH: process.env['PATH'] ?? '' },
};

interface Timed {
  name: string;
  next: () => Process;
  times: number[];
  /** Timed right after it, and taken off: what slows the machine for a while slows both. */
  without?: Omit<Timed, 'name'>;
}

function prepareLine(name: string, line: Line): Timed[] {
  if (line.kind !== 'time') return [];
  say(`preparing ${name}`);
  const timed: Timed = { name, next: line.prepare(), times: [] };
  return [line.without ? { ...timed, without: { next: line.without(), times: [] } } : timed];
}

/** Each round times the baseline and then every line once: what slows the machine for a while slows all of them. */
function timeAll(): { base: number; times: Map<string, number> } {
  const timed = chosen.flatMap(([name, line]) => prepareLine(name, line));
  if (timed.length === 0) return { base: Number.NaN, times: new Map() };
  const bases: number[] = [];
  timeProcess(baseline);
  for (let round = 0; round < rounds; round++) {
    say(`round ${round + 1} of ${rounds}`);
    bases.push(timeProcess(baseline));
    for (const one of timed.flatMap((line) => [line, line.without ?? []].flat()))
      one.times.push(timeProcess(one.next()));
  }
  const msOf = ({ times, without }: Timed): number =>
    median(times.map((ms, round) => ms - (without?.times[round] ?? 0)));
  return { base: median(bases), times: new Map(timed.map((one) => [one.name, msOf(one)])) };
}

function rowOf(name: string, line: Line, base: number, ms: number | undefined): Row {
  const { what, target } = line;
  if (line.kind === 'time') {
    const value = (ms ?? Number.NaN) / base;
    return { name, what, value, unit: '×', target, isMet: value <= target, ...(ms !== undefined && { ms }) };
  }
  say(`measuring ${name}`);
  const value = line.measure();
  return { name, what, value, unit: line.unit, target, isMet: value <= target };
}

function table(rows: readonly Row[], base: number): string {
  const cells = rows.map((row) => [
    row.name,
    row.what,
    `${row.value.toFixed(row.value < 10 && row.unit !== '' ? 2 : 0)} ${row.unit}`.trim(),
    row.ms === undefined ? '' : `${row.ms.toFixed(1)} ms`,
    Number.isFinite(row.target) ? `≤ ${row.target} ${row.unit}`.trim() : '',
    Number.isFinite(row.target) ? (row.isMet ? 'pass' : 'FAIL') : 'recorded',
  ]);
  const head = ['name', 'what', 'measured', 'median', 'target', ''];
  const out = [head, head.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`);
  const machine = `Node ${process.versions.node}, ${process.platform} ${process.arch}`;
  const note = Number.isNaN(base)
    ? machine
    : `${machine}. × = times \`node -e 0\` (${base.toFixed(1)} ms), medians of ${rounds}.`;
  return `${out.join('\n')}\n\n${note}\n`;
}

try {
  const { base, times } = timeAll();
  const rows = chosen.map(([name, line]) => rowOf(name, line, base, times.get(name)));
  process.stdout.write(
    values.json ? `${JSON.stringify({ baseMs: base, rounds, rows }, null, 2)}\n` : table(rows, base),
  );
  if (rows.some((row) => !row.isMet)) process.exitCode = 1;
} finally {
  removeWorlds();
}

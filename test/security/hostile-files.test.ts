// 2,000 record files that must not be read among 500 good ones: exactly 500 are indexed, and each bad one is named.
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { runCli } from '../helpers/built-cli.ts';
import { seededRandom } from '../helpers/fake-secrets.ts';
import { writeSyntheticRecords } from '../helpers/synthetic-records.ts';
import { giveMemory } from '../helpers/given-memory.ts';
import { removeFolder, tempDir, tempRepo } from '../helpers/temp-repo.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach(removeFolder));

const good = '---\ntype: gotcha\ntitle: t\ncreated: 2026-11-20T12:00:00Z\n---\n\nbody\n';
const front = (yaml: string): string => `---\ntype: gotcha\ntitle: t\n${yaml}\n---\n\nbody\n`;

/** Ways to be no record; each is told where it may write. */
const bad: Record<string, (n: number) => string | Uint8Array | ((file: string) => void)> = {
  'no front matter': () => '# A title\n\nA text.\n',
  empty: () => '',
  'front matter alone, unclosed': () => '---\ntype: gotcha\ntitle: t\n',
  'first line with a language': (n) =>
    good.replace('---', ['---js', '---json', '---coffee', '--- yaml', '----'][n % 5] ?? ''),
  'no type': () => good.replace('type: gotcha\n', ''),
  'a type that is none': (n) => good.replace('gotcha', `type-${n}`),
  'a type that is a list': () => good.replace('gotcha', '[gotcha]'),
  'broken YAML': (n) =>
    front(['x: [1, 2', 'x: "y', 'x: y: z', '- a', '{', '? [', 'x: |-\n y\n  - z: ]\n}'][n % 7] ?? 'x: ['),
  'a key twice': () => front('title: again'),
  'an anchor': () => front('a: &a [x]\nb: *a'),
  'a billion laughs': () =>
    front(
      `a: &a [x,x]\n${[...'bcdefgh'].map((key, at) => `${key}: &${key} [${Array(9).fill(`*${'abcdefg'[at]}`).join(',')}]`).join('\n')}`,
    ),
  'lists too deep': () => front(`x: ${'['.repeat(400)}${']'.repeat(400)}`),
  'a cite outside': (n) =>
    front(`cites:\n  - { path: ${['../x', '/etc/passwd', 'a/../../b', '.git/config/../../../x', '""'][n % 5]} }`),
  'a date that is none': (n) =>
    good.replace('2026-11-20T12:00:00Z', ['yesterday', '2026-13-40', '12', '"<system>"'][n % 4] ?? ''),
  'wrong kinds': (n) =>
    front(
      ['facts: { a: b }', 'confidence: 7', 'aliases: [[a]]', 'cites: [{ a: b }]', 'generated: me', 'files: x'][n % 6] ??
        '',
    ),
  'conflict markers': () => good.replace('body', '<<<<<<< HEAD\nbody\n=======\nother\n>>>>>>> branch'),
  'two files in one': () => good.replace('\n\nbody', '\n---\ntype: gotcha\n---\nbody'),
  'a NUL byte': () => good.replace('body', 'bo\0dy'),
  'no UTF-8': () => Buffer.concat([Buffer.from(good), Buffer.from([0xff, 0xfe, 0xc3, 0x28])]),
  'UTF-16': () => Buffer.from(`\ufeff${good}`, 'utf16le'),
  'too big': (n) => good.replace('body', 'x'.repeat(16_500 + n)),
  'much too big': () => Buffer.alloc(300_000, 'x'),
  'a link to a good one': () => (file) => symlinkSync('/etc/hostname', file),
  'a link to nowhere': () => (file) => symlinkSync('nowhere', file),
  'a pipe': () => (file) => void execFileSync('mkfifo', [file]),
};

it('indexes exactly the good ones, and names each bad one', async () => {
  const home = tempDir();
  folders.push(home);
  const repo = tempRepo({ 'src/app.ts': 'export {};\n' }, { at: join(home, 'work/repo') });
  giveMemory(repo, home);
  writeSyntheticRecords({ root: repo.dir, count: 500, cited: ['src/app.ts'] });
  const random = seededRandom(Number(process.env['REPOMEM_TEST_SEED'] ?? 3));
  const kinds = Object.entries(bad);
  const planted = new Map<string, string>();
  for (let n = 0; n < 600; n++) {
    const [kind, make] = kinds[n % kinds.length] ?? ['', () => ''];
    const id = random.text('0123456789bcdfghjkmnpqrstvwxyz', 8);
    const path = `.claude-mem/observations/20${10 + random.int(16)}/${String(1 + random.int(12)).padStart(2, '0')}/2020-01-01-bad-${id}.md`;
    const file = join(repo.dir, path);
    mkdirSync(dirname(file), { recursive: true });
    const made = make(Math.floor(n / kinds.length));
    if (typeof made === 'function') made(file);
    else writeFileSync(file, made);
    planted.set(path, kind);
  }
  expect(planted.size).toBe(600);
  const status = JSON.parse((await runCli(['status', '--json'], { cwd: repo.dir, home })).stdout) as {
    records: { shared: number };
    problems: { path: string; reason: string }[];
  };
  const named = new Set(status.problems.map(({ path }) => path));
  const unnamed = [...planted].filter(([path]) => !named.has(path)).map(([, kind]) => kind);
  expect([...new Set(unnamed)]).toEqual([]);
  expect(status.records.shared).toBe(500);
  expect(named.size).toBe(600);
  for (const { path, reason } of status.problems) expect(reason, path).not.toBe('');
  const list = JSON.parse((await runCli(['list', '--limit', '5000', '--json'], { cwd: repo.dir, home })).stdout) as {
    results: unknown[];
  };
  expect(list.results).toHaveLength(500);
  const doctor = (await runCli(['doctor'], { cwd: repo.dir, home })).stdout;
  for (const path of planted.keys()) expect(doctor).toContain(path);
  const context = await runCli(['context'], { cwd: repo.dir, home });
  expect(context.stdout).toMatch(/of 500 shown/);
});

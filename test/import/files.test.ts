import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { runCli } from '../helpers/built-cli.ts';
import { removeFolder, tempRepo } from '../helpers/temp-repo.ts';
import { allTexts, fixtures, importPlace, recordsIn, type ImportPlace } from './place.ts';

let place: ImportPlace;
afterEach(() => removeFolder(place.home));

it('reads the notes of other tools: what lasts of each, and no name of a person', async () => {
  place = await importPlace();
  cpSync(join(fixtures, 'files'), place.repo.dir, { recursive: true });
  place.repo.write('migrations/0009_index.sql', '-- no-transaction\n');
  place.repo.write('src/orders/cache.ts', 'export {};\n');
  place.repo.git('add', '-A');
  place.repo.git('commit', '-qm', 'notes');
  const memory = join(place.home, '.claude/projects', place.repo.dir.replace(/[^A-Za-z0-9]/g, '-'), 'memory');
  cpSync(join(fixtures, 'auto-memory'), memory, { recursive: true });
  const titles = async (...args: string[]): Promise<string[]> =>
    (await place.imported(...args)).records.map(({ type, title }) => `${type}: ${title}`).sort();

  expect(await titles('adr', '--share')).toEqual([
    'dead-end: Offer GraphQL beside REST',
    'decision: Index instead of cache',
    'decision: Use Postgres for orders',
  ]);
  const postgres = [...place.records().values()].find((text) => text.includes('Use Postgres'))!;
  expect(postgres).toContain('MongoDB was rejected because multi-document transactions need a replica set');
  expect(postgres).toMatch(/created: 2025-05-12T[\s\S]*path: docs\/adr\/0002-use-postgres-for-orders.md, lines: 1-\d+/);
  const index = [...place.records().values()].find((text) => text.includes('Index instead of cache'))!;
  expect(index).toContain('path: migrations/0009_index.sql');

  expect(await titles('kage')).toEqual(
    ['gotcha: CI database kills statements after 5 s', expect.stringContaining('dead-end: Redis')].reverse(),
  );
  expect(await titles('serena')).toContain('pattern: Money is integer cents');
  expect(await titles('beads')).toEqual(['bugfix: Order list takes 4 s']);
  const bank = await titles('cline');
  expect(bank).toEqual(expect.arrayContaining(['gotcha: `jest --watch` hangs in the dev container']));
  expect(bank.join('\n')).not.toMatch(/Speeding up|small shops|orders, stock/);
  expect(await titles('basic-memory', '--from', join(fixtures, 'basic-memory'))).toContain(
    'decision: flush() has a 3 second limit, because the orchestrator kills after 10',
  );
  const own = await titles('auto-memory');
  expect(own).toContain('pattern: Integration tests must hit a real Postgres, not mocks');
  expect(own).toHaveLength(4);

  for (const name of readdirSync(join(fixtures, 'instructions'), { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('.sample'))
      place.repo.write(name.slice(0, -7), readFileSync(join(fixtures, 'instructions', name), 'utf8'));
  const rules = (await titles('instructions')).join('\n');
  expect(rules).toMatch(/dead-end: We tried to split the worker/);
  expect(rules).toMatch(/pattern: Money is integer cents/);
  expect(rules).not.toMatch(/sandbox|senior|concise|Recent Activity|unit tests/);
  const person = join(fixtures, 'mem0/memories.json');
  expect((await place.cli('import', 'mem0', '--from', person)).code).toBe(2);
  expect(await titles('mem0', '--from', person, '--yes')).toHaveLength(1);

  const texts = allTexts(join(place.repo.dir, '.claude-mem'));
  expect(texts).not.toMatch(/Anna|Ben\b|anna@|data engineer|Graz|pnpm in all|kage-state|change memory|repo:example/);
  for (const name of ['adr', 'kage', 'cline', 'beads', 'auto-memory']) expect(await titles(name)).toEqual([]);

  place.repo.write(
    'docs/adr/0005-graphql.md',
    place.repo.read('docs/adr/0005-graphql.md').replace('two schemas', 'three schemas'),
  );
  const { records } = await place.imported('adr');
  expect(records).toHaveLength(1);
  expect([...place.records().values()].find((text) => text.includes('three schemas'))).toMatch(/supersedes: \[/);
});

it('takes from memories of all projects what belongs here, and the records of another memory as they are', async () => {
  place = await importPlace({ 'src/queue.ts': 'flush();\n' });
  const titles = async (...args: string[]): Promise<string[]> =>
    (await place.imported(...args)).records.map(({ type, title }) => `${type}: ${title}`).sort();
  const at = (name: string): string => join(place.home, name);
  const put = (name: string, text: string): string => {
    mkdirSync(dirname(at(name)), { recursive: true });
    writeFileSync(at(name), text);
    return at(name);
  };
  const run = (folder: string, time: string): string =>
    `### rollout_summary_files\n\n- rollout_summaries/a.md (cwd=${folder}, updated_at=2026-06-0${time}T04:00:00+00:00, success)\n`;
  put(
    '.codex/memories/MEMORY.md',
    `# Task Group: orders and a neighbour

scope: both services
applies_to: cwd=${place.repo.dir} and cwd=/srv/zanzibar; reuse_rule=check first

## Task 1: flush the queue

${run(place.repo.dir, '1')}
### keywords

- flush, queue

## Task 2: the neighbour

${run('/srv/zanzibar', '2')}
## User preferences

- the user wants short answers [Task 1]

## Reusable knowledge

- ${place.repo.dir}/src/queue.ts is flushed by the worker alone, since two writers lost jobs. [Task 1]
- Zanzibar keeps its tokens in Redis. [Task 2]
- Both are told the same thing about Zanzibar. [Task 1][Task 2]

## Failures and how to do differently

- Symptom: the flush hangs -> cause: the loop waits for a closed socket -> fix: unref the timer before the last flush, and only then close the pool. [Task 1]
`,
  );
  expect(await titles('codex')).toEqual([
    'discovery: src/queue.ts is flushed by the worker alone, since two writers lost jobs',
    expect.stringMatching(/^gotcha: Symptom: the flush hangs/),
  ]);
  const gotcha = [...place.records().values()].find((text) => text.includes('the flush hangs'))!;
  expect(gotcha).toContain('and only then close the pool');
  expect(gotcha).toContain('created: 2026-06-01T04:00:00Z');

  place.repo.write(
    'ar-memory/onboarding/src/queue.ts.md',
    `# queue.ts

| Field | Value |
| --- | --- |
| lastVerifiedCommitDate | ${new Date().toISOString()} |

## Purpose

Flushes the queue of the pending jobs in the end.

## Code Commentary

### Invariants And Boundaries

- Nobody but the worker may call flush; two writers lost jobs in the spring.

### Todos

None recorded for this file as of the last verification of the card.
`,
  );
  expect(await titles('agents-remember')).toEqual([
    'architecture: Nobody but the worker may call flush; two writers lost jobs in the spring',
  ]);
  const card = [...place.records().values()].find((text) => text.includes('Nobody but the worker'))!;
  expect(card).toMatch(/path: src\/queue.ts, blob: /);

  const row = {
    type: 'trade-off',
    createdAt: '2026-05-02T10:00:00.000Z',
    facts: [],
    concepts: ['queue'],
    status: 'active',
  };
  const observations = [
    {
      ...row,
      id: 1,
      projectId: 'acme/orders-api',
      title: 'One worker instead of many',
      narrative: 'Locks cost more.',
      filesModified: ['src/queue.ts'],
    },
    { ...row, id: 2, projectId: 'acme/zanzibar', title: 'Zanzibar speaks gRPC', narrative: '', filesModified: [] },
    {
      ...row,
      id: 3,
      projectId: 'acme/orders-api',
      title: 'The office is in Graz',
      narrative: '',
      filesModified: [],
      visibility: 'personal',
    },
    {
      ...row,
      id: 4,
      projectId: 'acme/orders-api',
      title: 'Many workers instead of one',
      narrative: '',
      filesModified: [],
      status: 'archived',
    },
  ];
  const exported = put('memorix.json', JSON.stringify({ format: 'json', export: { observations, sessions: [] } }));
  expect(await titles('memorix', '--from', exported)).toEqual(['decision: One worker instead of many']);

  const other = tempRepo({ 'README.md': 'billing\n' }, { at: at('work/billing') });
  const elsewhere = { cwd: other.dir, home: place.home };
  await runCli(['init', '--yes'], elsewhere);
  const told = await runCli(
    ['add', 'Invoices are numbered by the database, not by the service', '--type', 'decision'],
    elsewhere,
  );
  expect(told.code).toBe(0);
  const there = await place.imported('repomem', '--from', other.dir, '--share');
  expect(there.records).toHaveLength(1);
  const { id, tier } = there.records[0]!;
  expect(tier).toBe('shared');
  expect([...place.records()].find(([name]) => name.includes(id))?.[1]).toBe(
    [...recordsIn(join(other.dir, '.claude-mem'))].find(([name]) => name.includes(id))?.[1],
  );
  for (const args of [
    ['repomem', '--from', place.repo.dir],
    ['memorix', '--from', at('none.json')],
    ['codex', '--from', at('none')],
  ])
    expect((await place.cli('import', ...args)).code).toBe(2);
  for (const args of [
    ['codex'],
    ['agents-remember'],
    ['memorix', '--from', exported],
    ['repomem', '--from', other.dir],
  ])
    expect(await titles(...args)).toEqual([]);
  expect(allTexts(place.repo.dir)).not.toMatch(/zanzibar|short answers|Graz|Many workers instead/i);
});

it('says of a dry run over all sources what the run then brings, and makes no record of what is no text', async () => {
  place = await importPlace();
  cpSync(join(fixtures, 'files'), place.repo.dir, { recursive: true });
  const noise = Buffer.from(Array.from({ length: 4000 }, (_, at) => (at * 7919) % 256));
  place.repo.write('.serena/memories/picture.md', '');
  writeFileSync(join(place.repo.dir, '.serena/memories/picture.md'), noise);
  place.repo.git('add', '-A');
  place.repo.git('commit', '-qm', 'notes');
  const titles = async (...args: string[]): Promise<string[]> => {
    const { stdout } = await place.cli('import', 'all', '--yes', '--json', ...args);
    const { sources } = JSON.parse(stdout) as { sources: { records: { title: string }[] }[] };
    return sources.flatMap(({ records }) => records.map(({ title }) => title));
  };
  const foretold = await titles('--dry-run');
  expect(place.records().size).toBe(0);
  expect(foretold.join('\n')).not.toMatch(/\ufffd/);
  expect(await titles()).toEqual(foretold);
  expect(place.records().size).toBe(foretold.length);

  const nowhere = join(place.home, 'nowhere');
  mkdirSync(nowhere);
  expect((await place.cli('import', 'adr', '--from', nowhere)).stdout).toContain(
    `${nowhere}: nothing of adr was found`,
  );
});

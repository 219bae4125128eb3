import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { removeFolder } from '../helpers/temp-repo.ts';
import { allTexts, fixtures, importPlace, type ImportPlace } from './place.ts';

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

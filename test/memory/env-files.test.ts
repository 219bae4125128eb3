// Where a repository keeps the values of its environment, and that whatever filters text knows them.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { knownValuesIn, readEnvFiles, worktreesOf } from '../../src/memory/env-files.ts';
import { redactorWith } from '../../src/memory/redactor.ts';
import { sessionSecrets } from '../../src/learn/session-secrets.ts';
import { placeFor } from '../../src/store/locate.ts';
import { alnum, seededRandom } from '../helpers/fake-secrets.ts';
import { readAll, simplePlace } from '../compress/simple-tools.ts';
import { removeFolder, tempDir, tempRepo } from '../helpers/temp-repo.ts';

let folder: string;
beforeEach(() => void (folder = tempDir()));
afterEach(() => removeFolder(folder));

const random = seededRandom(41);
const fresh = (): string => `${random.text('QZXJ', 1)}${random.text(alnum, 12)}7`;

function put(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

test('finds values at the top, in subfolders, under every usual name, and passes over what is generated', () => {
  const known: string[] = [];
  const value = (): string => known[known.push(fresh()) - 1] ?? '';
  for (const path of [
    '.env',
    '.env.production.local',
    'apps/web/.env.local',
    'packages/a/b/c/.envrc',
    'worker/.dev.vars',
    'worker/.dev.vars.staging',
    'deploy/docker.env',
    '.envs/.production/.postgres',
    'env/prod.env',
    '.secrets',
  ])
    put(path, `PORT=8080\nexport DB_PASSWORD="${value()}"\n`);
  put('config/master.key', `${value()}\n`);
  put('ops/prod.tfvars', `db_password = "${value()}"\n`);
  put('config/secrets.yml', `production:\n  api_secret: ${value()}\n`);
  put('local.settings.json', `{ "Values": { "ApiSecret": "${value()}" } }`);
  put('docker-compose.override.yml', `services:\n  db:\n    environment:\n      - POSTGRES_PASSWORD=${value()}\n`);
  put('api/src/main/resources/application-prod.properties', `spring.datasource.password=${value()}\n`);
  put('.mcp.json', `{"mcpServers":{"a":{"env":{"API_PASSWORD":"${value()}"}}}}`);
  put('group_vars/all/vault.yml', `db_password: ${value()}\n`);
  put('.kamal/secrets', `REGISTRY_PASSWORD=${value()}\n`);
  put('.env copy', `\ufeffDB_PASSWORD=${value()}\r\nPORT=1\r\n`);
  put('.env.fish', `set -gx DB_PASSWORD ${value()}\n`);
  put('.pgpass', `db1:5432:shop:app:${value()}\n`);
  put('k8s/secrets.yaml', `kind: Secret\ndata:\n  password: ${Buffer.from(value()).toString('base64')}\n`);
  put('.env.lines', `MOT_DE_PASSE="begin\n${value()}\nend"\n`);
  writeFileSync(join(folder, '.env.windows'), `\ufeffDB_PASSWORD=${value()}\r\n`, 'utf16le');
  put('svc/.netrc', `machine a.example.org login app password ${value()}\n`);
  const others = [fresh(), fresh()];
  put('node_modules/x/.env', `DB_PASSWORD=${others[0]}\n`);
  put('.env.example', `DB_PASSWORD=${others[1]}\n`);
  const found = knownValuesIn([folder], {});
  expect(known.filter((one) => !found.includes(one))).toEqual([]);
  expect(found.filter((one) => others.includes(one))).toEqual([]);
});

test('judges a name by its words and leaves plain settings alone', () => {
  put(
    '.env',
    [
      'KEYCLOAK_REALM=shop-staging',
      'TOKENIZER=cl100k_base',
      'KEYSPACE=orders_v2',
      'AUTHOR_NAME=the-whole-team',
      'MODEL=gpt-4o-mini-2024-07-18',
      'COMPASS_REGION=eu-central-1b',
      'PASSENGER_POOL=standard_v2',
      'SECRETARIAT_SITE=building-7-north',
      'MAX_TOKENS=131072',
      'SORT_KEY=created_at_v2',
      'PASSWORD_RESET_PATH=reset-form-2',
      'HOSTNAME=db1.internal.example',
    ].join('\n'),
  );
  put('compose.yaml', 'services:\n  db:\n    image: postgres:16.4-alpine3\n    token: orders-service-account\n');
  expect(knownValuesIn([folder], {})).toEqual([]);
  put('.env', 'CACHE_PASSWORD=winter-is-near\nPGPASSWORD=sommer-regen\nACME_KEY=k3v9x2m8\nMDP=pluie-de-mai\n');
  expect(knownValuesIn([folder], {}).toSorted()).toEqual([
    'k3v9x2m8',
    'pluie-de-mai',
    'sommer-regen',
    'winter-is-near',
  ]);
});

test('follows links, and never waits for pipes, circles and large files', () => {
  const [linked, behind, large] = [fresh(), fresh(), fresh()];
  put('elsewhere/real', `DB_PASSWORD=${linked}\n`);
  put('elsewhere/deep/.env', `DB_PASSWORD=${behind}\n`);
  put('repo/big.env', `DB_PASSWORD=${large}\n${'# filler\n'.repeat(200_000)}`);
  symlinkSync('../elsewhere/real', join(folder, 'repo/.env'));
  symlinkSync('../elsewhere/deep', join(folder, 'repo/config'));
  symlinkSync('..', join(folder, 'repo/circle'));
  symlinkSync('nowhere', join(folder, 'repo/.env.gone'));
  execFileSync('mkfifo', [join(folder, 'repo/.env.pipe')]);
  symlinkSync('.env.pipe', join(folder, 'repo/.env.local'));
  const found = knownValuesIn([join(folder, 'repo')], {});
  for (const value of [linked, behind, large]) expect(found).toContain(value);
  expect(readEnvFiles([join(folder, 'missing')])).toEqual([]);
});

test('asks every working tree of the repository', () => {
  const repo = tempRepo({ 'a.txt': 'a\n' }, { at: join(folder, 'main') });
  const values = [fresh(), fresh(), fresh()];
  writeFileSync(join(repo.dir, '.env'), `DB_PASSWORD=${values[0]}\n`);
  for (const [at, name] of ['one', 'two'].entries()) {
    repo.git('worktree', 'add', '-q', join(folder, name), '-b', name);
    writeFileSync(join(folder, name, '.env'), `DB_PASSWORD=${values[at + 1]}\n`);
  }
  const found = knownValuesIn(worktreesOf(placeFor(join(folder, 'two'), '')), {});
  expect(values.filter((value) => !found.includes(value))).toEqual([]);
});

test('remembers what a session gave away, encrypted, for its later claims', () => {
  const env = {
    cwd: folder,
    home: join(folder, 'home'),
    vars: {},
    now: () => new Date(),
    randomBytes: (count: number) => Buffer.alloc(count, 7),
    packageDir: folder,
    version: '0',
  };
  const paths = simplePlace(join(folder, 'repo'));
  const settings = { redact: { allow: [] } };
  const open = (): ReturnType<typeof redactorWith> => redactorWith({ env, settings, knownValues: [] });
  const password = fresh();
  const first = open();
  const later = open();
  first.redact(`the database password is ${password}`);
  sessionSecrets({ env, paths }, first).keep('s-1');
  expect(readAll(folder)).not.toContain(password);
  const secrets = sessionSecrets({ env, paths }, later);
  secrets.recall('another');
  expect(later.redact(`refused ${password}`)).toContain(password);
  secrets.recall('s-1');
  expect(later.redact(`refused ${password}`)).toBe('refused [REDACTED:known-value]');
  expect(later.redactAlone(`refused ${password}`)).toContain(password);
  rmSync(join(env.home, '.config/repomem/session-key'));
  const keyless = open();
  sessionSecrets({ env, paths }, keyless).recall('s-1');
  expect(keyless.learned()).toEqual([]);
});

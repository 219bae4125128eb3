// Questions as people put them, in five languages and more: the right record comes first.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runQuery } from '../../src/search/query.ts';
import type { Hit } from '../../src/search/hit.ts';
import { type Told, tableOf } from '../helpers/search-table.ts';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** A Saturday. */
const now = new Date('2026-11-21T15:30:00Z');

const records: Told[] = [
  {
    id: 'cart-bug',
    type: 'bugfix',
    title: 'Cart total ignored the discount of the last item',
    body: 'The loop in applyDiscount stopped one short.',
    created: '2026-11-12T09:00:00Z',
    paths: ['src/cart.js', 'test/cart.test.js'],
  },
  {
    id: 'old-bug',
    type: 'bugfix',
    title: 'Bug: fixed the crash of the bugs page, we did fix it',
    body: 'What bugs did we fix? This bug, last in a week of bugs.',
    created: '2026-09-02T09:00:00Z',
    paths: ['src/pages/bugs.js'],
  },
  {
    id: 'cart-new',
    type: 'change',
    title: 'Prices are kept in cents',
    body: 'Floats lost a cent on every third order.',
    created: '2026-11-19T09:00:00Z',
    paths: ['src/cart.js'],
  },
  {
    id: 'cart-old',
    type: 'decision',
    title: 'Recent changes of the cart are stored in the browser',
    body: 'Changes to the cart, recent ones, are written to localStorage by store.js.',
    created: '2026-10-01T09:00:00Z',
    paths: ['src/store.js'],
  },
  {
    id: 'queue-db',
    type: 'decision',
    title: 'Job queue stays on PostgreSQL',
    body: 'The queue uses the same database as the rest, with SKIP LOCKED. Redis was rejected: one more thing to run.',
    created: '2026-10-15T09:00:00Z',
    paths: ['src/jobs/queue.ts'],
  },
  {
    id: 'db-migrate',
    type: 'pattern',
    title: 'Database migrations run before the deploy',
    body: 'The database user of the migrations owns the schema of the database; use the deploy job for database changes.',
    created: '2026-10-16T09:00:00Z',
    paths: ['db/migrate.sql'],
  },
  {
    id: 'queue-retry',
    type: 'gotcha',
    title: 'Queue workers must be restarted after a change of the retry limit',
    body: 'Workers read the limit once.',
    created: '2026-10-20T09:00:00Z',
    paths: ['src/jobs/worker.ts'],
  },
  {
    id: 'login',
    type: 'feature',
    title: 'Login by e-mail link',
    body: 'The session cookie lasts thirty days.',
    created: '2026-11-17T10:00:00Z',
    paths: ['src/auth/login.ts'],
  },
  {
    id: 'yesterday',
    type: 'decision',
    title: 'Search runs in a worker thread',
    body: 'The page froze while the index was built.',
    created: '2026-11-20T23:30:00Z',
    paths: ['src/search/worker.ts'],
  },
  {
    id: 'march',
    type: 'architecture',
    title: 'Uploads go straight to the object store',
    body: 'Signed addresses expire after ten minutes.',
    created: '2026-03-10T09:00:00Z',
    paths: ['src/upload/sign.ts'],
  },
  {
    id: 'rfc',
    type: 'discovery',
    title: 'Folded header lines are refused as RFC7230 demands',
    body: 'A proxy before us sent them.',
    created: '2026-08-01T09:00:00Z',
    paths: ['src/http/parse.ts'],
  },
  {
    id: 'es-conexion',
    type: 'bugfix',
    title: 'La conexión con la base de datos se cerraba sin avisar',
    body: 'El servidor cortaba las conexiones inactivas; ahora el grupo las comprueba antes de usarlas.',
    created: '2026-07-01T09:00:00Z',
  },
  {
    id: 'es-archivos',
    type: 'decision',
    title: 'Los archivos ignorados no se indexan',
    body: 'Leerlos tardaba más que todo lo demás.',
    created: '2026-07-02T09:00:00Z',
  },
  {
    id: 'de-verbindung',
    type: 'gotcha',
    title: 'Die Datenbankverbindung bricht nach einer Stunde ab',
    body: 'Der Lastverteiler trennt sie; ein Lebenszeichen je Minute hilft.',
    created: '2026-07-03T09:00:00Z',
  },
  {
    id: 'de-pruefung',
    type: 'decision',
    title: 'Die Prüfung der Eingaben läuft im Server',
    body: 'Im Browser ließe sie sich umgehen.',
    created: '2026-07-04T09:00:00Z',
  },
  {
    id: 'fr-auth',
    type: 'bugfix',
    title: "L'authentification échouait quand l'horloge avançait",
    body: 'Les jetons étaient refusés; une marge de deux minutes est acceptée.',
    created: '2026-07-05T09:00:00Z',
  },
  {
    id: 'pt-config',
    type: 'decision',
    title: 'As configurações ficam num único arquivo',
    body: 'Cada módulo lia o seu e ninguém sabia qual valia.',
    created: '2026-07-06T09:00:00Z',
  },
  {
    id: 'zh-lock',
    type: 'gotcha',
    title: '数据库锁超时',
    body: '长事务不能在请求中打开。',
    created: '2026-07-07T09:00:00Z',
  },
  { id: 'zh-cache', type: 'decision', title: '缓存放在内存中', body: '磁盘太慢。', created: '2026-07-08T09:00:00Z' },
  {
    id: 'ja-log',
    type: 'decision',
    title: 'ログはJSONで出力する',
    body: '検索しやすいから。',
    created: '2026-07-09T09:00:00Z',
  },
  {
    id: 'ko-login',
    type: 'bugfix',
    title: '로그인이 실패하는 문제를 고쳤다',
    body: '쿠키의 만료가 잘못되었다.',
    created: '2026-07-10T09:00:00Z',
  },
  {
    id: 'ko-cache',
    type: 'decision',
    title: '캐시는 메모리에 둔다',
    body: '디스크가 느리다.',
    created: '2026-07-11T09:00:00Z',
  },
];
const table = tableOf(records);

async function ask(text: string): Promise<Hit[]> {
  return (await runQuery({ text }, { now, table, mayFind: () => true })).hits;
}
const idsOf = (hits: readonly Hit[]): string[] => hits.map(({ excerpt: { id } }) => id);

describe('a question', () => {
  it.each([
    ['What bugs did we fix last week?', 'cart-bug'],
    ['recent changes to src/cart.js', 'cart-new'],
    ['which database do we use for the queue', 'queue-db'],
    ['what did we decide yesterday', 'yesterday'],
    ['what happened in March', 'march'],
    ['changes since November 20', 'yesterday'],
    ['what did we do last Tuesday about the session cookie', 'login'],
    ['why was Redis rejected', 'queue-db'],
    ['bug in src/jobs/', 'queue-retry'],
    ['RFC 7230', 'rfc'],
    ['loign cookie', 'login'],
    ['Welche Fehler haben wir letzte Woche behoben?', 'cart-bug'],
    ['Was haben wir gestern entschieden?', 'yesterday'],
    ['Warum bricht die Verbindung ab?', 'de-verbindung'],
    ['Verbindung zur Datenbank', 'de-verbindung'],
    ['Eingabeprüfung', 'de-pruefung'],
    ['letzte Änderungen an src/cart.js', 'cart-new'],
    ['¿Qué errores corregimos la semana pasada?', 'cart-bug'],
    ['¿por qué se cierra la conexión a la base de datos?', 'es-conexion'],
    ['ignorar archivo', 'es-archivos'],
    ['últimos cambios en src/cart.js', 'cart-new'],
    ['Quels bogues avons-nous corrigés la semaine dernière ?', 'cart-bug'],
    ["pourquoi l'authentification échoue", 'fr-auth'],
    ["qu'avons-nous fait hier", 'yesterday'],
    ['o que fizemos ontem?', 'yesterday'],
    ['onde fica a configuração?', 'pt-config'],
    ['quais erros corrigimos na semana passada', 'cart-bug'],
    ['锁', 'zh-lock'],
    ['数据库为什么锁住', 'zh-lock'],
    ['JSONログ', 'ja-log'],
    ['로그인 실패', 'ko-login'],
  ])('%s', async (question, expected) => {
    expect(idsOf(await ask(question))[0]).toBe(expected);
  });

  it('gives what is of its time and nothing else', async () => {
    expect(idsOf(await ask('what did we do last week'))).toEqual(['cart-bug']);
    expect(idsOf(await ask('what did we decide this week about the cart'))).toEqual(
      ['yesterday', 'login', 'cart-new'].sort((a, b) => Number(b === 'cart-new') - Number(a === 'cart-new')),
    );
  });

  it('takes the day in the time zone of the user', () => {
    const code = `import { findTime } from './src/search/dates.ts';
      const { from, until } = findTime('what did we decide today', new Date('2026-11-20T23:30:00Z'));
      console.log(from, until);`;
    const said = execFileSync(
      process.execPath,
      ['--import', './test/tools/ts.mjs', '--input-type=module', '-e', code],
      { cwd: projectRoot, encoding: 'utf8', env: { ...process.env, TZ: 'Asia/Tokyo' } },
    );
    expect(said.trim()).toBe('2026-11-20T15:00:00.000Z 2026-11-21T15:00:00.000Z');
  });

  it('takes a time of which there is nothing for words', async () => {
    expect(idsOf(await ask('uploads in 2019'))[0]).toBe('march');
    for (const empty of ['20 days ago', 'vor 20 Tagen', 'hace 20 días', 'what did we do 20 days ago'])
      expect(idsOf(await ask(empty)), empty).toEqual([]);
    expect(idsOf(await ask('queue workers 20 days ago'))).toContain('queue-retry');
  });

  it('says why: each word once, as it was written, and the fields that hold it', async () => {
    const [first] = await ask('Where does applyDiscount stop, discounts apply?');
    expect(first?.why).toEqual(['applyDiscount: body', 'stop: body', 'Discount: title']);
    const [cited] = await ask('last week in src/cart.js');
    expect(cited?.why).toEqual(['last week: dates', 'src/cart.js: paths', 'cart: title']);
  });
});

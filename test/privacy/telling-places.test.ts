// In a position that marks its value as secret, even a value that reads like words is a secret.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { redact } from '../../src/privacy/redact.ts';
import { alnum, seededRandom } from '../helpers/fake-secrets.ts';

const places: Readonly<Record<string, (value: string) => string>> = {
  header: (value) => `curl -H 'X-Api-Key: ${value}' https://api.example.com`,
  headerLine: (value) => `> GET /v1/items\n> x-auth-token: ${value}\n> accept: */*`,
  gitlab: (value) => `--header "PRIVATE-TOKEN: ${value}"`,
  connection: (value) => `"Server=tcp:db.example.com,1433;Database=shop;User Id=app;Password=${value};Encrypt=True;"`,
  jdbc: (value) => `jdbc:sqlserver://db:1433;user=sa;password=${value}`,
  identified: (value) => `mysql> CREATE USER 'app'@'%' IDENTIFIED BY '${value}';`,
  identifiedWith: (value) => `ALTER USER app IDENTIFIED WITH mysql_native_password BY "${value}";`,
  identifiedBare: (value) => `CREATE USER app IDENTIFIED BY ${value} QUOTA 5M`,
  identifiedSmall: (value) => `grant all on shop.* to 'app'@'%' identified by '${value}'`,
  postgres: (value) => `psql -c "CREATE ROLE app WITH LOGIN PASSWORD '${value}'"`,
  postgresSmall: (value) => `alter user app with encrypted password '${value}';`,
  sqlServer: (value) => `CREATE LOGIN app WITH PASSWORD = N'${value}';`,
  setPassword: (value) => `SET PASSWORD FOR 'app'@'localhost' = PASSWORD('${value}');`,
  json: (value) => JSON.stringify({ sql: `CREATE ROLE app PASSWORD '${value}'` }),
};

const words = 'amber basket candle dragon ember falcon garden hollow island jasmin kettle lemon meadow'.split(' ');
const wordy = fc
  .tuple(fc.array(fc.constantFrom(...words), { minLength: 2, maxLength: 4 }), fc.constantFrom('-', '_', '.'))
  .map(([parts, joint]) => parts.join(joint));
const wordyWithDigits = fc.tuple(wordy, fc.integer({ min: 1, max: 99 })).map(([text, number]) => `${text}${number}`);

test('removes word-like values where a header, a connection string or SQL marks them as secret', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(places)), fc.oneof(wordy, wordyWithDigits), (paths, value) => {
      fc.pre(value.length >= 12);
      return !redact(places[paths]!(value)).text.includes(value);
    }),
    { numRuns: 600 },
  );
});

test('removes keys of 24 and more random letters, even if they contain words by chance', () => {
  const random = seededRandom(20);
  const missed: string[] = [];
  for (let at = 0; at < 3000; at++) {
    const value = random.text(alnum, random.pick([24, 32, 40]));
    for (const paths of ['header', 'connection', 'identified'] as const)
      if (redact(places[paths]!(value)).text.includes(value)) missed.push(places[paths]!(value));
    for (const text of [`MISTRAL_API_KEY="${value}"`, `GET /v1?api_key=${value}&page=2`])
      if (redact(text).text.includes(value)) missed.push(text);
  }
  expect(missed).toEqual([]);
});

test('leaves evident placeholders and lookups in these places', () => {
  const none =
    '<your-key> xxxxxxxx changeme example-key ${VALUE} process.env.VALUE string $VALUE {apiKey} your-api-key';
  for (const value of none.split(' '))
    for (const put of Object.values(places)) expect(redact(put(value)).text).toBe(put(value));
});

test('leaves prose and code that speak of headers, users and passwords', () => {
  const texts = [
    'X-Api-Key: identifies the calling tenant',
    'X-Api-Key: required',
    "headers: { 'X-Api-Key': apiKeyFromSettings, 'x-auth-token': session.authToken }",
    "const headers = { 'X-Auth-Token': request.headers.authorization };",
    'components:\n  securitySchemes:\n    apiKey:\n      type: apiKey\n      name: X-API-Key\n      in: header',
    "fields are identified by 'customer_id' and 'region'",
    'the user is identified by email or phone',
    'a user without password must_change is rejected',
    'const host = a; const password = readPassword();',
    'host=e;password=t.password;port=n.port',
    'SELECT password FROM users WHERE name = $1',
    "ALTER TABLE users ADD COLUMN password varchar(60) DEFAULT 'none'",
    'const names = /password|passwd|secret|token|key|credential|header|value|string/;',
    'const reads = /^(?:op|bw|lpass|pass|gopass|passwd|rabbitmqctl|openssl)/;',
    '| password | the password of the account, never stored |',
    'CACHE_KEY=node-modules-v2-linux-x64',
    'AUTH_TOKEN=/run/secrets/token-2.txt',
    'const base64ToUint8ArrayAndUtf16String = convert;',
  ];
  for (const text of texts) expect(redact(text).text).toBe(text);
});

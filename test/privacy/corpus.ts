// Cases for measuring redaction, generated from a seed: secrets in the contexts in which agents print them, and look-alikes that are none.

import type { Random } from '../helpers/fake-secrets.ts';
import {
  alnum,
  base64,
  base64Of,
  digits,
  fakePrivateKey,
  hex,
  namedTypes,
  seededRandom,
  shapedTypes,
  url64,
} from '../helpers/fake-secrets.ts';

export interface SecretCase {
  type: string;
  context: string;
  isCritical: boolean;
  text: string;
  /** As in the text, including escapes. */
  secret: string;
}

type Carrier = (name: string, secret: string, random: Random) => string;

const envName = (name: string): string => name.toUpperCase();
const camelName = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Name and value together. */
export const namedCarriers: Readonly<Record<string, Carrier>> = {
  env: (n, s) => `NODE_ENV=production\n${envName(n)}=${s}\nPORT=3000\n`,
  envQuoted: (n, s) => `# settings\n${envName(n)}="${s}"\nDEBUG=1`,
  export: (n, s) => `$ export ${envName(n)}='${s}' && npm start`,
  json: (n, s) => `{\n  "host": "db1",\n  "${n}": "${s}",\n  "port": 5432\n}`,
  jsonMinified: (n, s) => `{"host":"db1","${camelName(n)}":"${s}","port":5432}`,
  jsonEscaped: (n, s) => `{"output":"${JSON.stringify(JSON.stringify({ [n]: s })).slice(1, -1)}"}`,
  jsonLines: (n, s) => JSON.stringify({ stdout: `ready\n${envName(n)}=${s}\ndone` }),
  yaml: (n, s) => `services:\n  web:\n    ${n}: ${s}\n    port: 80\n`,
  yamlQuoted: (n, s) => `${n}: '${s}' # rotate me`,
  toml: (n, s) => `[auth]\n${n} = "${s}"\n`,
  ini: (n, s) => `[default]\n${n} = ${s}\nregion = eu-west-1`,
  diff: (n, s) => `@@ -1,2 +1,2 @@\n-${envName(n)}=\n+${envName(n)}=${s}\n context`,
  noSpace: (n, s) => `config ${n}:${s}`,
  markdown: (n, s) => `| name | value |\n|---|---|\n| ${n} | \`${s}\` |\n`,
  query: (n, s) => `GET https://api.example.com/v1/items?${n}=${s}&page=2 200`,
  flag: (n, s) => `$ deploy --${n.replaceAll('_', '-')} ${s} --region eu`,
  flagEquals: (n, s) => `$ deploy --${n.replaceAll('_', '-')}=${s}`,
  javascript: (n, s) => `const ${camelName(n)} = '${s}';\nrun(${camelName(n)});`,
  python: (n, s) => `client = Client(${n}="${s}", timeout=5)`,
  dockerRun: (n, s) => `docker run -d -e ${envName(n)}=${s} -p 80:80 app:latest`,
  xml: (n, s) => `<config>\n  <${n}>${s}</${n}>\n</config>`,
  xmlAttribute: (n, s) => `<add key="${camelName(n)}" value="${s}" />`,
  kubernetes: (n, s) => `        env:\n        - name: ${envName(n)}\n          value: ${s}\n`,
  setenv: (n, s) => `os.environ.setdefault("${envName(n)}", "${s}")`,
  ruby: (n, s) => `config = { :${n} => "${s}" }`,
  typescript: (n, s) => `const ${camelName(n)}: string = "${s}";`,
  log: (n, s) => `2026-11-20T12:00:00Z DEBUG connecting with ${n}=${s}, retry=3`,
  ansi: (n, s) => `\u001b[32m${envName(n)}\u001b[0m=${s}`,
};

/** The value alone. */
export const bareCarriers: Readonly<Record<string, Carrier>> = {
  header: (_, s) => `curl -H "Authorization: Bearer ${s}" https://api.example.com/me`,
  error: (_, s) => `Error: request failed for ${s}: 401 Unauthorized\n    at send (client.js:10:3)`,
  backticks: (_, s) => `The old one was \`${s}\`, it works now.`,
  sentence: (_, s) => `I used ${s}, and then it worked.`,
  path: (_, s) => `https://api.example.com/t/${s}/messages`,
  colon: (_, s) => `leaked:${s}:end`,
  comma: (_, s) => `id,${s},2026-11-20`,
  newlineEscape: (_, s) => `"first\\n${s}\\nlast"`,
  percent: (_, s) => `redirect=https%3A%2F%2Fx.example%2F%3Ft%3D${s}%26page%3D2`,
  ampersand: (_, s) => `a=1&t=${s}&b=2`,
  border: (_, s, r) => `${filler(r, 128 * 1024 - 9 - r.int(30))} ${s} ${filler(r, 300)}`,
};

interface Structured {
  isCritical?: true;
  make(random: Random): { text: string; secret: string };
}

const password = (r: Random): string =>
  `${r.text(alnum, 7)}${r.pick(['!', '$', '*', '-', '_', '.', '+'])}${r.text(alnum, 6)}`;
const user = (r: Random): string => r.pick(['app', 'admin', 'svc_user', 'root', 'reader']);
const host = (r: Random): string => r.pick(['db.internal', 'localhost', '10.0.0.5', 'cluster0.abcde.mongodb.net']);

function around(before: string, secret: string, after = ''): { text: string; secret: string } {
  return { text: before + secret + after, secret };
}

function keyBlock(kind: string, isCut: boolean): (random: Random) => { text: string; secret: string } {
  return (random) => {
    const block = fakePrivateKey(random, kind, isCut);
    return { text: `$ cat key\n${block}\n`, secret: block.split('\n').slice(1, 13).join('\n') };
  };
}

/** Secrets with a setting of their own. */
export const structuredTypes: Readonly<Record<string, Structured>> = {
  pemRsa: { isCritical: true, make: keyBlock('RSA PRIVATE KEY', false) },
  pemPkcs8: { isCritical: true, make: keyBlock('PRIVATE KEY', false) },
  pemEc: { isCritical: true, make: keyBlock('EC PRIVATE KEY', false) },
  pemOpenssh: { isCritical: true, make: keyBlock('OPENSSH PRIVATE KEY', false) },
  pemEncrypted: { isCritical: true, make: keyBlock('ENCRYPTED PRIVATE KEY', false) },
  pemCut: { isCritical: true, make: keyBlock('PRIVATE KEY', true) },
  pgp: { make: keyBlock('PGP PRIVATE KEY BLOCK', false) },
  gcpServiceAccount: {
    isCritical: true,
    make: (r) => {
      const key = fakePrivateKey(r, 'PRIVATE KEY', false).replaceAll('\n', '\\n');
      const secret = key.split('\\n').slice(1, 13).join('\\n');
      const id = r.text(hex, 40);
      return {
        text: `{\n  "type": "service_account",\n  "project_id": "shop",\n  "private_key_id": "${id}",\n  "private_key": "${key}\\n",\n  "client_email": "a@shop.iam.gserviceaccount.com"\n}`,
        secret,
      };
    },
  },
  postgresUrl: {
    isCritical: true,
    make: (r) =>
      around(
        `${r.pick(['postgres', 'postgresql', 'postgresql+psycopg2'])}://${user(r)}:`,
        password(r),
        `@${host(r)}:5432/shop?sslmode=require`,
      ),
  },
  mysqlUrl: {
    isCritical: true,
    make: (r) => around(`DATABASE_URL=mysql://${user(r)}:`, password(r), `@${host(r)}/shop`),
  },
  mongoUrl: {
    isCritical: true,
    make: (r) => around(`mongodb+srv://${user(r)}:`, r.text(alnum, 16), `@${host(r)}/?retryWrites=true`),
  },
  redisUrl: { isCritical: true, make: (r) => around('redis://:', r.text(alnum, 20), `@${host(r)}:6379/0`) },
  amqpUrl: { isCritical: true, make: (r) => around(`amqps://${user(r)}:`, r.text(url64, 20), `@${host(r)}/vhost`) },
  gitUrl: { make: (r) => around('git clone https://oauth2:', r.text(alnum, 26), '@git.example.com/team/app.git') },
  basicHeader: { make: (r) => around('Authorization: Basic ', base64Of(`${user(r)}:${password(r)}`)) },
  bearerHeader: { make: (r) => around('authorization: bearer ', r.text(alnum, 40)) },
  apiKeyHeader: { make: (r) => around("-H 'X-Api-Key: ", r.text(alnum, 32), "'") },
  netrc: { make: (r) => around(`machine api.example.com login ${user(r)} password `, r.text(alnum, 14), '\n') },
  npmrc: { isCritical: true, make: (r) => around('//registry.example.com/:_authToken=', r.text(alnum, 36), '\n') },
  dockerAuth: { make: (r) => around('{"auths":{"ghcr.io":{"auth":"', base64Of(`${user(r)}:${password(r)}`), '"}}}') },
  cookie: { make: (r) => around('Cookie: theme=dark; session_id=', r.text(alnum, 40), '; lang=en') },
  setCookie: { make: (r) => around('Set-Cookie: connect.sid=s%3A', r.text(url64, 60), '; Path=/; HttpOnly') },
  s3Signed: {
    make: (r) =>
      around(
        `https://b.s3.amazonaws.com/k?X-Amz-Date=20261120T000000Z&X-Amz-Expires=600&X-Amz-Signature=`,
        r.text(hex, 64),
        '&x-id=GetObject',
      ),
  },
  azureSas: {
    make: (r) =>
      around(
        'https://a.blob.core.windows.net/c/b?sv=2024-11-04&se=2026-12-01&sr=b&sp=r&sig=',
        `${r.text(alnum, 43)}%3D`,
      ),
  },
  azureConnection: {
    make: (r) =>
      around(
        'DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=',
        `${r.text(base64, 86)}==`,
        ';EndpointSuffix=core.windows.net',
      ),
  },
  sqlConnection: {
    make: (r) =>
      around(
        `Server=tcp:db.example.com,1433;Database=shop;User Id=${user(r)};Password=`,
        password(r),
        ';Encrypt=True;',
      ),
  },
  curlUser: { make: (r) => around(`curl -u ${user(r)}:`, r.text(alnum, 14), ' https://api.example.com') },
  mysqlFlag: { make: (r) => around(`mysql -h ${host(r)} -u root -p`, r.text(alnum, 14), ' shop') },
  sshpass: { make: (r) => around('sshpass -p ', r.text(alnum, 12), ' ssh root@10.0.0.5') },
  passwordFlag: { make: (r) => around('createuser --password ', password(r), ' --role admin') },
  humanPassword: {
    make: (r) => around(`ok, the staging password is `, `${r.text(alnum, 9)}${r.text(digits, 2)}`, ' please use it'),
  },
  humanPasswordColon: {
    make: (r) => around('Login: admin\nPassword: ', `${r.text(alnum, 9)}${r.text(digits, 2)}`, '\n'),
  },
  kubernetesSecret: { make: (r) => around('kind: Secret\ndata:\n  password: ', base64Of(r.text(alnum, 18)), '\n') },
  awsConfigure: {
    isCritical: true,
    make: (r) => around('AWS Secret Access Key [None]: ', r.text(base64, 39) + r.text(alnum, 1), '\n'),
  },
  awsCsv: {
    isCritical: true,
    make: (r) =>
      around(
        `Access key ID,Secret access key\nAKIA${r.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16)},`,
        r.text(alnum, 40),
        '\n',
      ),
  },
  bcrypt: { make: (r) => around('admin:', `$2y$10$${r.text(alnum, 53)}`, '\n') },
  teamsWebhook: {
    make: (r) =>
      around(
        `https://acme.webhook.office.com/webhookb2/${uuid(r)}@${uuid(r)}/IncomingWebhook/`,
        r.text(hex, 32),
        `/${uuid(r)}`,
      ),
  },
};

const wraps: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  log: (text) => `12:00:01 INFO ${text}\n12:00:02 INFO done`,
  diff: (text) => `@@ -0,0 +1 @@\n${text.replace(/^/gm, '+')}`,
  json: (text) => JSON.stringify({ tool: 'Bash', stdout: text }),
  jsonTwice: (text) => JSON.stringify(JSON.stringify({ stdout: text })),
  indented: (text) => text.replace(/^/gm, '    '),
  code: (text) => `Ran this:\n\n\`\`\`\n${text}\n\`\`\`\n`,
};

/** Every type in `contexts` contexts for each seed. */
export function makeCases(seeds: readonly number[], contexts = 3): SecretCase[] {
  return seeds.flatMap((seed) => {
    const random = seededRandom(seed);
    return [...makeTokenCases(random, contexts), ...makeStructuredCases(random, contexts)];
  });
}

function makeTokenCases(random: Random, contexts: number): SecretCase[] {
  const cases: SecretCase[] = [];
  for (const [types, carriers] of [
    [shapedTypes, { ...namedCarriers, ...bareCarriers }],
    [namedTypes, namedCarriers],
  ] as const) {
    for (const [type, { isCritical = false, name, make }] of Object.entries(types)) {
      for (let index = 0; index < contexts; index++) {
        const [context, carry] = random.pick(Object.entries<Carrier>(carriers));
        const secret = make(random);
        cases.push({ type, context, isCritical, secret, text: carry(name, secret, random) });
      }
    }
  }
  return cases;
}

function makeStructuredCases(random: Random, contexts: number): SecretCase[] {
  const cases: SecretCase[] = [];
  for (const [type, { isCritical = false, make }] of Object.entries(structuredTypes)) {
    for (let index = 0; index < contexts; index++) {
      const [context, wrap] = random.pick(Object.entries(wraps));
      const { text, secret } = make(random);
      cases.push({
        type,
        context,
        isCritical,
        secret: context === 'plain' ? secret : wrapSecret(wrap, secret),
        text: wrap(text),
      });
    }
  }
  return cases;
}

/** The secret as spelled in the wrapped text, without the wrapper. */
function wrapSecret(wrap: (text: string) => string, secret: string): string {
  const edge = '\u0001';
  const wrapped = wrap(edge + secret + edge);
  const spelled = wrapped.includes(edge) ? edge : wrapped.includes('\\\\u0001') ? '\\\\u0001' : '\\u0001';
  return wrapped.slice(wrapped.indexOf(spelled) + spelled.length, wrapped.lastIndexOf(spelled));
}

/** True when, with the ranges cut out, a run of at least 8 characters and 40 % of the secret is left. */
export function isLeaked(one: SecretCase, ranges: readonly { start: number; end: number }[]): boolean {
  let rest = '';
  let from = 0;
  for (const { start, end } of ranges) {
    rest += `${one.text.slice(from, start)}\n\u0000\n`;
    from = end;
  }
  rest += one.text.slice(from);
  const size = Math.max(8, Math.ceil(one.secret.length * 0.4));
  if (one.secret.length < size) return rest.includes(one.secret);
  for (let at = 0; at + size <= one.secret.length; at++)
    if (rest.includes(one.secret.slice(at, at + size))) return true;
  return false;
}

function filler(random: Random, length: number): string {
  const words = ['the', 'build', 'passed', 'and', 'line', 'of', 'output', 'file', 'at', 'step', 'cache', 'src/app.ts'];
  let text = '';
  while (text.length < length) text += `${random.pick(words)} `;
  return text.slice(0, length);
}

export function uuid(random: Random): string {
  return [8, 4, 4, 4, 12].map((length) => random.text(hex, length)).join('-');
}

/** Repeated, each makes a text that a careless pattern would backtrack on. */
export const hostileStarts: readonly string[] = [
  'sk-',
  'eyJ',
  'a:b@',
  '://',
  '-----BEGIN PRIVATE KEY-----',
  'password=',
  '"password":"',
  'key\\',
  'token',
  '\\',
  'AKIA',
  'machine a login b ',
  'mysql ',
  'xoxb-1-',
  '%',
  'Bearer ',
  'M',
  '0',
  '$2a$',
  '<token ',
  'a.',
  '://a:b@c',
  'hooks/',
  'seed phrase a bc ',
];

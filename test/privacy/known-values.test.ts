import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { findKnown, knownValuesFrom } from '../../src/privacy/known-values.ts';
import { redact } from '../../src/privacy/redact.ts';
import { alnum, seededRandom } from '../helpers/fake-secrets.ts';

const random = seededRandom(21);

test('masks a value in every spelling', () => {
  const value = `${random.text(alnum, 6)}"/+ é${random.text(alnum, 6)}`;
  const json = JSON.stringify(value).slice(1, -1);
  const spellings = [
    value,
    json,
    JSON.stringify(json).slice(1, -1),
    encodeURIComponent(value),
    new URLSearchParams({ a: value }).toString(),
  ];
  for (const before of ['', 'a', 'ab', 'user:'])
    spellings.push(
      Buffer.from(before + value + '!').toString('base64'),
      Buffer.from(before + value).toString('base64url'),
    );
  for (const spelling of spellings) {
    const { text, findings } = redact(`x ${spelling} y`, { knownValues: [value] });
    expect(findings.length, spelling).toBeGreaterThan(0);
    expect(text).toContain('[REDACTED:known-value]');
  }
});

test('masks values of six characters and more only', () => {
  expect(redact('abcde abcdef', { knownValues: ['abcde', 'abcdef'] }).text).toBe('abcde [REDACTED:known-value]');
});

test('masks nothing else', () => {
  fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => findKnown(text, ['Zq9#unlikely-Value']).length === 0));
});

test('takes values from env files and from variables whose names tell', () => {
  const secret = random.text(alnum, 20);
  const text = `# c\nPORT=3000\nDEBUG=true\nexport API_TOKEN="${secret}1"\nURL=http://localhost:3000\nDB_URL=postgres://u:${secret}2@h/db\nNAME=development\nDB_PASSWORD='${secret} 3' # note\nA_KEY=changeme\nLOG=/var/log/x\n`;
  const values = knownValuesFrom([{ name: '.env', text }], {
    HOME: '/home/kim',
    MY_SECRET: `${secret}4`,
    SSH_AUTH_SOCK: '/tmp/ssh-1/agent.2',
    EDITOR: `${secret}5`,
    MAX_TOKENS: '100000',
  });
  expect(values.toSorted()).toEqual([`${secret} 3`, `${secret}1`, `${secret}2`, `${secret}4`].toSorted());
  expect(knownValuesFrom([{ name: '.env.example', text }])).toEqual([]);
});

import { expect, test } from 'vitest';
import { scrubPersonal } from '../../src/privacy/personal.ts';
import { digits, seededRandom } from '../helpers/fake-secrets.ts';

const home = '/home/kim.lee';

test('writes the home directory as ~', () => {
  const text = 'cd /home/kim.lee/app; "/home/kim.lee" file:///home/kim.lee/x /home/kim.leeson/x';
  expect(scrubPersonal(text, { home })).toBe('cd ~/app; "~" file://~/x ~/x');
  expect(scrubPersonal('C:\\\\Users\\\\Kim\\\\app', { home: 'C:\\Users\\Kim' })).toBe('~\\\\app');
  expect(scrubPersonal('/Users/other/src', { home })).toBe('~/src');
});

test('removes e-mail addresses unless told to keep them', () => {
  const text = 'mail kim@acme.io, git@github.com:a/b.git, a@b.png, logo@2x.png, Kim <kim@acme.io>';
  expect(scrubPersonal(text, { home })).toBe(
    'mail [email], git@github.com:a/b.git, a@b.png, logo@2x.png, Kim <[email]>',
  );
});

test('removes the user name as a word and leaves addresses of machines alone', () => {
  expect(scrubPersonal('kimlee@host kimleeson 10.0.0.5', { home, userName: 'kimlee' })).toBe(
    '[user]@host kimleeson 10.0.0.5',
  );
  expect(scrubPersonal('root node', { home: '/root', userName: 'node' })).toBe('root node');
});

/** Appends the digit that makes a number valid by Luhn. */
function withLuhn(start: string): string {
  const isValid = (number: string): boolean =>
    [...number].toReversed().reduce((sum, letter, at) => {
      const value = Number(letter) * (at % 2 === 1 ? 2 : 1);
      return sum + (value > 9 ? value - 9 : value);
    }, 0) %
      10 ===
    0;
  return [...'0123456789'].map((digit) => start + digit).find(isValid) ?? '';
}

function ibanOf(country: string, account: string): string {
  const number = (account + country + '00').replace(/[A-Z]/g, (letter) => String(parseInt(letter, 36)));
  return `${country}${String(98n - (BigInt(number) % 97n)).padStart(2, '0')}${account}`;
}

test('takes out numbers that name a person', () => {
  const r = seededRandom(31);
  const group = (text: string): string => text.replace(/.{4}(?=.)/g, '$& ');
  const card = withLuhn(`4${r.text(digits, 14)}`);
  const german = ibanOf('DE', r.text(digits, 18));
  const british = ibanOf('GB', `MIDL${r.text(digits, 14)}`);
  const cases: Record<string, readonly string[]> = {
    '[card]': [card, group(card), group(card).replaceAll(' ', '-')],
    '[iban]': [german, group(german), british, group(british)],
    '[phone]': ['+49 170 2345678', '(415) 555-2671', '415-555-2671', '+33 1 42 68 53 00', 'Tel.: 030 2345678'],
    '[id]': [
      '512-44-1234',
      'QQ 12 34 56 C'.replace('QQ', 'AB'),
      '12345678Z',
      '111444777-35'.replace(/^(...)(...)(...)/, '$1.$2.$3'),
      'BSN 123456782',
    ],
  };
  for (const [mark, numbers] of Object.entries(cases))
    for (const number of numbers) expect(scrubPersonal(`see ${number} there`, { home: '' }), number).toContain(mark);
});

test('leaves numbers that identify no person', () => {
  for (const text of [
    '2026-11-29 17:00:00.123456',
    'index 1700000000000 to 1700000000001',
    '@@ -1,2 +1,2 @@',
    '+1234567890',
    '192.168.100.200',
    'v1.2.3-4567890',
    '3.1415926535897932',
    'DE00123456789012345678',
    '4111111111111112',
    '00000000-0000-0000-0000-000000000000',
    'took 1234 5678 ms',
  ])
    expect(scrubPersonal(text, { home: '' })).toBe(text);
});

import { expect, test } from 'vitest';
import { scrubPersonal } from '../../src/privacy/personal.ts';

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
  expect(scrubPersonal('kim@acme.io', { home, keepEmails: new Set(['kim@acme.io']) })).toBe('kim@acme.io');
  expect(scrubPersonal('kim@acme.io', { home, keepEmails: 'all' })).toBe('kim@acme.io');
});

test('removes the user name as a word and leaves addresses of machines alone', () => {
  expect(scrubPersonal('kimlee@host kimleeson 10.0.0.5', { home, userName: 'kimlee' })).toBe(
    '[user]@host kimleeson 10.0.0.5',
  );
  expect(scrubPersonal('root node', { home: '/root', userName: 'node' })).toBe('root node');
});

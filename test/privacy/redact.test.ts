import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { findSecrets, fingerprint, redact } from '../../src/privacy/redact.ts';
import { alnum, seededRandom, shapedTypes } from '../helpers/fake-secrets.ts';
import { hostileStarts, isLeaked, makeCases } from './corpus.ts';
import { makeLookAlikes } from './look-alikes.ts';

const freshSeed = Math.floor(Math.random() * 2 ** 31);
const seeds = [1, 2, 3, 4, 5, freshSeed];

test('removes at least 98 % of generated secrets, and every critical one', () => {
  console.log(`redaction corpus: fresh seed ${freshSeed}`);
  const cases = makeCases(seeds);
  const leaked = cases.filter((one) => isLeaked(one, redact(one.text).findings));
  const names = leaked.map((one) => `${one.type} in ${one.context}`);
  expect(cases.length).toBeGreaterThan(600);
  expect(
    leaked.filter((one) => one.isCritical).map((one) => `${one.type} in ${one.context}`),
    names.join(', '),
  ).toEqual([]);
  expect(leaked.length / cases.length, names.join(', ')).toBeLessThanOrEqual(0.02);
});

test('leaves at least 98 % of look-alikes untouched', () => {
  const texts = seeds.flatMap((seed) => makeLookAlikes(seededRandom(seed)));
  const touched = texts.filter((text) => redact(text).text !== text);
  expect(texts.length).toBeGreaterThanOrEqual(72 * seeds.length);
  expect(touched.length / texts.length, touched.join('\n')).toBeLessThanOrEqual(0.02);
});

test('gives the same text when it redacts its own result', () => {
  for (const one of makeCases([11, freshSeed])) {
    const once = redact(one.text).text;
    expect(redact(once)).toEqual({ text: once, findings: [] });
  }
  const piece = fc.constantFrom(
    'token=',
    'password: ',
    '"',
    '\\',
    '\n',
    'Bearer ',
    '://a:',
    '@h',
    'sk-',
    ' ',
    '&',
    '<',
    '-----BEGIN PRIVATE KEY-----',
    'a1B2c3D4e5F6g7H8',
    '[REDACTED:x]',
    'Xk9',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const once = redact(pieces.join('')).text;
      return redact(once).text === once;
    }),
    { numRuns: 500 },
  );
});

test('reports rule and position, in order and without overlap', () => {
  const random = seededRandom(3);
  const token = shapedTypes['githubPat']?.make(random) ?? '';
  const text = `a ${token} b ${token}, c`;
  const { findings } = redact(text);
  expect(findings.map(({ start, end }) => text.slice(start, end))).toEqual([token, token]);
  expect(findings.every((one) => one.rule.startsWith('github'))).toBe(true);
});

test('obeys no comment inside the text', () => {
  const token = shapedTypes['npm']?.make(seededRandom(4)) ?? '';
  for (const comment of [
    'gitleaks:allow',
    'secretlint-disable',
    'nosec',
    'pragma: allowlist secret',
    'trufflehog:ignore',
  ])
    expect(redact(`${token} # ${comment}\n/* ${comment} */ ${token}`).text).not.toContain(token);
});

test('allows a value only by its exact fingerprint', () => {
  const random = seededRandom(5);
  const [first, second] = [`npm_${random.text(alnum, 36)}`, `npm_${random.text(alnum, 36)}`];
  const { text } = redact(`${first} ${second}`, { allow: new Set([fingerprint(first)]) });
  expect(text).toBe(`${first} [REDACTED:npm-token]`);
});

test('removes text that it cannot scan in time', () => {
  let now = 0;
  const text = 'words and words '.repeat(20_000);
  const result = redact(text, { clock: () => (now += 100), limitMs: 1500 });
  expect(result.text.endsWith('[REDACTED:unscanned]')).toBe(true);
  expect(result.text.length).toBeLessThan(text.length);
  expect(redact(text, { clock: () => (now += 5000), limitMs: 1 }).text).toBe('[REDACTED:unscanned]');
});

test('finds a secret wherever the border of a window falls', () => {
  const random = seededRandom(6);
  const token = shapedTypes['anthropic']?.make(random) ?? '';
  for (let shift = -token.length - 2; shift <= 2; shift += 3) {
    const text = 'x '.repeat(64 * 1024).slice(0, 128 * 1024 + shift - 1) + ` ${token} y`;
    expect(redact(text).text).not.toContain(token.slice(20, 40));
  }
});

test('removes a long value to its end', () => {
  const value = seededRandom(8).text(alnum, 6000);
  for (const text of [
    `API_TOKEN=${value}\n`,
    `API_TOKEN="${value}"`,
    `x ghs_${value} y`,
    `Authorization: Bearer ${value}`,
  ])
    expect(redact(text).text.length).toBeLessThan(2100);
});

test('ends on hostile texts', () => {
  for (const start of hostileStarts) {
    const text = start.repeat(Math.ceil(65_536 / start.length));
    expect(Array.isArray(findSecrets(text))).toBe(true);
  }
});

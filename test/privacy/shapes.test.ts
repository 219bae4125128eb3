import { expect, test } from 'vitest';
import { redact } from '../../src/privacy/redact.ts';
import { shapes, type Part, type Shape } from '../../src/privacy/shapes.ts';
import type { Random } from '../helpers/fake-secrets.ts';
import { seededRandom } from '../helpers/fake-secrets.ts';

const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('');

function fill(random: Random, [alphabet, min, max]: Part): string {
  const inside = new RegExp(`[${alphabet}]`);
  const letters = [...ascii].filter((letter) => inside.test(letter));
  const plain = letters.filter((letter) => /[A-Za-z0-9]/.test(letter)).join('') || letters.join('');
  return random.text(plain, Math.max(min, Math.min(max ?? min, min)));
}

function makeToken(random: Random, shape: Shape): string {
  const lead = shape.lead === undefined ? '' : fill(random, shape.lead);
  return (
    lead + shape.prefix + shape.body.map((part) => (typeof part === 'string' ? part : fill(random, part))).join('')
  );
}

test('the table has at least 120 rows with unique names', () => {
  expect(shapes.length).toBeGreaterThanOrEqual(120);
  expect(new Set(shapes.map((shape) => shape.id)).size).toBe(shapes.length);
});

for (const shape of shapes)
  test(`finds ${shape.id}`, () => {
    const missed: string[] = [];
    for (let seed = 1; seed <= 6; seed++) {
      const random = seededRandom(seed);
      const token = makeToken(random, shape);
      for (const text of [`see ${token} there`, `x=${token}&y=1`, `"a\\n${token}\\nb"`, `[${token}]`]) {
        const tail = token.slice(-Math.max(8, Math.floor(token.length / 2)));
        if (redact(text).text.includes(tail)) missed.push(text);
      }
    }
    expect(missed).toEqual([]);
  });

test('leaves tokens that only show a shape', () => {
  for (const shape of shapes.filter((row) => row.lead === undefined && row.body.length === 1)) {
    const [alphabet, min] = shape.body[0] as Part;
    const letter = new RegExp(`[${alphabet}]`).test('x') ? 'x' : new RegExp(`[${alphabet}]`).test('X') ? 'X' : '0';
    const text = `use ${shape.prefix}${letter.repeat(min)} here`;
    expect(redact(text).text).toBe(text);
  }
});

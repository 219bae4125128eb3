// What is kept of texts on the way: only what the work bears out and no later edit touched.
import { expect, test } from 'vitest';
import { close, compressEvents, edit, prompt, run, say, tellSession, textOf } from './session.ts';

test('a remark stays, local, where the work names what it speaks of', async () => {
  const { drafts } = await compressEvents(
    tellSession([
      prompt('Why is the export so slow for large files?'),
      run('grep -rn flushRows src', 'src/export.ts:88: flushRows(batch)'),
      say('`flushRows` writes every batch with a sync call to the disk. Let me look further.'),
      run('cat src/export.ts', 'export function flushRows(batch) {}'),
      close('The export of large files is slow because each batch is written with its own call.'),
    ]),
  );
  const remark = drafts.find((draft) => textOf([draft]).includes('`flushRows` writes every batch'));
  expect(remark?.place).toBe('local');
  expect(textOf(drafts)).not.toContain('Let me look');
});

test.each([
  ['a name that the work does not hold', '`drainQueue` writes every batch with a sync call to the disk.', []],
  [
    'a name that a later edit touched',
    '`flushRows` writes every batch with a sync call to the disk.',
    [
      run('grep -n sync src/export.ts', '88'),
      say('Next.'),
      edit('src/export.ts', ['flushRows(batch)'], ['push(batch)']),
    ],
  ],
  ['a guess', '`flushRows` probably writes every batch with a call of its own.', []],
])('no remark is made of %s', async (_case, remark, later) => {
  const { drafts } = await compressEvents(
    tellSession([
      prompt('Make the export faster'),
      run('grep -rn flushRows src', 'src/export.ts:88: flushRows(batch)'),
      say(remark),
      ...later,
      run('npm test', 'Tests  4 passed (4)'),
      close('The export of large files has its own worker in `src/worker.ts` and reports progress.'),
    ]),
  );
  expect(textOf(drafts)).not.toContain('every batch');
});

test('what was said before an edit that stands is told as said before it; an edit that was put back leaves nothing', async () => {
  const session = (after: Parameters<typeof tellSession>[0]): ReturnType<typeof compressEvents> =>
    compressEvents(
      tellSession([
        prompt('Reject fractional quantities'),
        say('The root cause is that `addLine` never validates the quantity.'),
        edit('src/cart.ts', [], ["if (!Number.isInteger(qty)) throw new TypeError('qty must be an integer');"]),
        ...after,
      ]),
    );
  const { drafts } = await session([]);
  expect(drafts).toMatchObject([
    {
      title: "`src/cart.ts` now has `if (!Number.isInteger(qty)) throw new TypeError('qty must be an integer');`",
      place: 'local',
    },
  ]);
  expect(drafts[0]?.facts).toContain(
    'was said before `src/cart.ts` was edited: The root cause is that `addLine` never validates the quantity.',
  );
  expect((await session([run('git checkout -- src/cart.ts', '')])).drafts).toEqual([]);
});

test('code under advice that a later closing replaced goes with it', async () => {
  const { drafts } = await compressEvents(
    tellSession([
      prompt('Which reader fits `data.csv`?'),
      close(
        'The file `data.csv` has rows in `utf-8` and rows in `cp1252`.\n\nThe solution is `read_lossy` for all rows:\n\n```python\nread_lossy(path)\n```',
      ),
      prompt('Compare both outputs please'),
      close('The outputs of `utf-8` and `cp1252` differ in 12 rows. I recommend `read_strict` with `cp1252`.'),
    ]),
  );
  expect(textOf(drafts)).not.toContain('read_lossy');
});

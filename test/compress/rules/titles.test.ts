import { describe, expect, it } from 'vitest';
import { makeTitle, readSubject } from '../../../src/compress/rules/titles.ts';

describe('a title', () => {
  it('is the whole sentence where it fits, without its full stop', () => {
    expect(makeTitle('The cache is keyed by tenant, not by user.')).toBe('The cache is keyed by tenant, not by user');
  });

  it('is the beginning of a long sentence, cut where a clause ends', () => {
    expect(
      makeTitle(
        'The importer drops rows without a date, because `parseRow()` returns null for them and nobody looks at what it returns.',
      ),
    ).toBe('The importer drops rows without a date, because `parseRow()` returns null for them');
  });

  it('says what happened, not that something did', () => {
    expect(
      makeTitle(
        'Layout as a function: Tests failed because `render_layout(page, slots, theme, options)` passed the slots on as options, not as a block.',
      ),
    ).toMatch(/^`render_layout\(page, slots, theme, options\)` passed the slots/);
  });

  it.each([
    'Returns the rows of the current page with their labels',
    'The macro itself requires another module',
    'The alias was removed since it came from the old group of aliases',
    '212 tests pass, including ten new ones',
    '`a(b) when c == d[:e]`',
    'Which of them should go first?',
  ])('is not made of what cannot stand alone: %s', (text) => {
    expect(makeTitle(text)).toBeUndefined();
  });

  it('names a call without what it was given where it would not fit otherwise', () => {
    expect(
      makeTitle(
        'The router generates `handle_route("orders_list_toggle_columns_of_all_tables", params, socket, options)`.',
      ),
    ).toBe('The router generates `handle_route`');
  });

  it('does not carry the id of a task, nor the prefix of a commit', () => {
    expect(makeTitle('shop-x7.2 — Moved the checkout to its own service')).toBe(
      'Moved the checkout to its own service',
    );
    expect(readSubject('feat(cart): keep the cart after login (shop-x7)')).toEqual({
      prefix: 'feat',
      text: 'Keep the cart after login',
    });
  });

  it('is never cut off in the middle of a thought', () => {
    const long = `The exporter keeps every file open ${'while it walks the tree of folders below it '.repeat(4)}`;
    expect(makeTitle(long) ?? '').not.toMatch(/…$/);
  });
});

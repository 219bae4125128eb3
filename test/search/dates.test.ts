import { describe, expect, it } from 'vitest';
import { parseSpan } from '../../src/search/dates.ts';

/** A Saturday. */
const now = new Date('2026-11-21T15:30:00Z');
const days = (text: string): string | undefined => {
  const span = parseSpan(text, now);
  return span && `${span.from.slice(0, 10)}/${span.until.slice(0, 10)}`;
};

describe('parseSpan', () => {
  it.each([
    ['today', '2026-11-21/2026-11-22'],
    ['Yesterday', '2026-11-20/2026-11-21'],
    ['3 days ago', '2026-11-18/2026-11-19'],
    ['three days ago', '2026-11-18/2026-11-19'],
    ['a week ago', '2026-11-14/2026-11-15'],
    ['2w', '2026-11-07/2026-11-08'],
    ['last week', '2026-11-09/2026-11-16'],
    ['this week', '2026-11-16/2026-11-23'],
    ['last month', '2026-10-01/2026-11-01'],
    ['last year', '2025-01-01/2026-01-01'],
    ['monday', '2026-11-16/2026-11-17'],
    ['saturday', '2026-11-21/2026-11-22'],
    ['last saturday', '2026-11-14/2026-11-15'],
    ['November 2026', '2026-11-01/2026-12-01'],
    ['december', '2025-12-01/2026-01-01'],
    ['may', '2026-05-01/2026-06-01'],
    ['8 May 2023', '2023-05-08/2023-05-09'],
    ['May 8th, 2023', '2023-05-08/2023-05-09'],
    ['2026-11-01', '2026-11-01/2026-11-02'],
    ['2026/11/1', '2026-11-01/2026-11-02'],
    ['2026-11', '2026-11-01/2026-12-01'],
    ['2025', '2025-01-01/2026-01-01'],
    ['1 month ago', '2026-10-21/2026-10-22'],
  ])('reads %s', (text, expected) => {
    expect(days(text)).toBe(expected);
  });
  it('reads moments', () => {
    expect(parseSpan('2 hours ago', now)?.from).toBe('2026-11-21T13:30:00.000Z');
    expect(parseSpan('2026-11-01T12:00', now)?.from).toBe('2026-11-01T12:00:00.000Z');
    expect(parseSpan('2026-11-01T12:00+02:00', now)?.from).toBe('2026-11-01T10:00:00.000Z');
  });
  it('counts back over short months', () => {
    expect(parseSpan('a month ago', new Date('2026-03-31T08:00:00Z'))?.from.slice(0, 10)).toBe('2026-02-28');
  });
  it.each(['', 'soon', '2026-02-30', '2026-13-01', '45 may 2023', 'zebra ago', 'x days ago', '99999999 years ago'])(
    'does not read %j',
    (text) => {
      expect(parseSpan(text, now)).toBeUndefined();
    },
  );
});

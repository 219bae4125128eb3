// Dates as people write them, to a span of time. Days are UTC days, as in the records.
import { monthNames } from '../index/words.ts';

/** ISO 8601 instants; `until` is exclusive. */
export interface Span {
  from: string;
  until: string;
}

const dayMs = 86_400_000;
const unitMs = { minute: 60_000, hour: 3_600_000, day: dayMs, week: 7 * dayMs } as const;
const shortUnits: Readonly<Record<string, string>> = { h: 'hour', d: 'day', w: 'week', m: 'month', y: 'year' };
const numberWords = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/**
 * "yesterday", "3 days ago", "2w", "last week", "monday", "November 2026", "20 Nov", 2026-11, 2026-11-01, 2026-11-01T12:00Z; undefined when it is
 * none of these. A week begins on Monday; a month or day without a year is the latest that has begun.
 */
export function parseSpan(text: string, now: Date): Span | undefined {
  const plain = text.trim().toLowerCase().replace(/,/g, ' ').replace(/\s+/g, ' ');
  return (
    parseNumeric(plain) ??
    parseNamedDay(plain, now) ??
    parseAgo(plain, now) ??
    parsePeriod(plain, now) ??
    parseMonth(plain, now)
  );
}

function span(from: number, until: number): Span | undefined {
  if (Number.isNaN(from) || Number.isNaN(until)) return undefined;
  return { from: new Date(from).toISOString(), until: new Date(until).toISOString() };
}

function parseNumeric(text: string): Span | undefined {
  const match = /^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?$/.exec(text);
  if (match) {
    const [, year, month, day] = match;
    return calendar(
      Number(year),
      month === undefined ? undefined : Number(month) - 1,
      day === undefined ? undefined : Number(day),
    );
  }
  if (!/^\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}/.test(text)) return undefined;
  const at = Date.parse(
    /(?:z|[+-]\d{2}:?\d{2})$/.test(text) ? text.toUpperCase() : `${text.toUpperCase().replace(' ', 'T')}Z`,
  );
  return span(at, at + 1000);
}

/** A year, a month of it (from 0), a day of that; undefined when there is no such date. */
function calendar(year: number, month?: number, day?: number): Span | undefined {
  if (month === undefined) return span(Date.UTC(year, 0), Date.UTC(year + 1, 0));
  if (month < 0 || month > 11) return undefined;
  if (day === undefined) return span(Date.UTC(year, month), Date.UTC(year, month + 1));
  const from = Date.UTC(year, month, day);
  return new Date(from).getUTCDate() === day ? span(from, from + dayMs) : undefined;
}

function parseNamedDay(text: string, now: Date): Span | undefined {
  const today = startOfDay(now);
  if (text === 'now') return span(now.getTime(), now.getTime() + 1000);
  if (text === 'today') return span(today, today + dayMs);
  if (text === 'yesterday') return span(today - dayMs, today);
  if (text === 'tomorrow') return span(today + dayMs, today + 2 * dayMs);
  const name = /^(?:(last|on) )?([a-z]{3,9})$/.exec(text);
  const weekday = weekdays.findIndex((day) => day === name?.[2] || day.slice(0, 3) === name?.[2]);
  if (weekday < 0) return undefined;
  const back = (now.getUTCDay() - weekday + 7) % 7;
  const from = today - (back === 0 && name?.[1] === 'last' ? 7 : back) * dayMs;
  return span(from, from + dayMs);
}

function parseAgo(text: string, now: Date): Span | undefined {
  const match =
    /^(\d+|an?|[a-z]+) ?(minute|hour|day|week|month|year)s? ago$/.exec(text) ??
    /^(\d+) ?([hdwmy])(?: ago)?$/.exec(text);
  const count = countOf(match?.[1]);
  if (!match || count === undefined) return undefined;
  const unit = shortUnits[match[2]!] ?? match[2]!;
  const at = goBack(now, count, unit);
  if (unit === 'minute' || unit === 'hour') return span(at, at + 1000);
  const from = startOfDay(new Date(at));
  return span(from, from + dayMs);
}

/** "this week", "last month", "the past 10 days". */
function parsePeriod(text: string, now: Date): Span | undefined {
  const match = /^(?:the |in |within )*(this|last|past|previous)(?: (\d+|[a-z]+))? (hour|day|week|month|year)s?$/.exec(
    text,
  );
  if (!match) return undefined;
  const [, which, number, unit = ''] = match;
  const count = countOf(number);
  if (number !== undefined && count === undefined) return undefined;
  if (count !== undefined || which === 'past' || unit === 'hour')
    return span(goBack(now, count ?? 1, unit), now.getTime() + 1000);
  const back = which === 'this' ? 0 : 1;
  const today = startOfDay(now);
  if (unit === 'day') return span(today - back * dayMs, today + (1 - back) * dayMs);
  if (unit === 'week') {
    const monday = today - ((now.getUTCDay() + 6) % 7) * dayMs - back * 7 * dayMs;
    return span(monday, monday + 7 * dayMs);
  }
  if (unit === 'year') return calendar(now.getUTCFullYear() - back);
  const first = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back);
  return span(first, Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back + 1));
}

/** "november", "nov 2026", "20 nov 2026", "november 20th". */
function parseMonth(text: string, now: Date): Span | undefined {
  const match =
    /^(?:in )?(?<month>[a-z]{3,9})\.?(?: (?<day>\d{1,2})(?:st|nd|rd|th)?)?(?: (?<year>\d{4}))?$/.exec(text) ??
    /^(?:on )?(?<day>\d{1,2})(?:st|nd|rd|th)?(?: of)? (?<month>[a-z]{3,9})\.?(?: (?<year>\d{4}))?$/.exec(text);
  const { month = '', day, year } = match?.groups ?? {};
  const at = monthNames.findIndex(
    (name) => name === month || name.slice(0, 3) === month || (month === 'sept' && name === 'september'),
  );
  if (at < 0) return undefined;
  const dayNumber = day === undefined ? undefined : Number(day);
  if (year !== undefined) return calendar(Number(year), at, dayNumber);
  const thisYear = calendar(now.getUTCFullYear(), at, dayNumber);
  if (thisYear !== undefined && thisYear.from <= now.toISOString()) return thisYear;
  return calendar(now.getUTCFullYear() - 1, at, dayNumber);
}

function countOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,4}$/.test(text)) return Number(text);
  if (text === 'a' || text === 'an') return 1;
  const at = numberWords.indexOf(text);
  return at < 0 ? undefined : at;
}

function goBack(now: Date, count: number, unit: string): number {
  if (unit === 'minute' || unit === 'hour' || unit === 'day' || unit === 'week')
    return now.getTime() - count * unitMs[unit];
  const at = new Date(now);
  if (unit === 'year') at.setUTCFullYear(at.getUTCFullYear() - count);
  else {
    const day = at.getUTCDate();
    at.setUTCMonth(at.getUTCMonth() - count);
    // 31 March minus a month is the last day of February, not a day in March.
    if (at.getUTCDate() !== day) at.setUTCDate(0);
  }
  return at.getTime();
}

function startOfDay(at: Date): number {
  return Math.floor(at.getTime() / dayMs) * dayMs;
}

// Spans of time by the calendar of the user's time zone, which is the process's.

/** ISO 8601 instants; `until` is exclusive. */
export interface Span {
  from: string;
  until: string;
}

export type Unit = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

const unitMs = { minute: 60_000, hour: 3_600_000 } as const;

/** Undefined for numbers that are no time. */
export function spanOf(from: number, until: number): Span | undefined {
  const [first, last] = [new Date(from), new Date(until)];
  if (Number.isNaN(first.getTime()) || Number.isNaN(last.getTime())) return undefined;
  return { from: first.toISOString(), until: last.toISOString() };
}

/** A year, a month of it (from 0), a day of that; undefined when there is no such date. */
export function calendarSpan(year: number, month?: number, day?: number): Span | undefined {
  if (month === undefined) return spanOf(dayStart(year, 0, 1), dayStart(year + 1, 0, 1));
  if (month < 0 || month > 11) return undefined;
  if (day === undefined) return spanOf(dayStart(year, month, 1), dayStart(year, month + 1, 1));
  if (new Date(year, month, day).getDate() !== day) return undefined;
  return spanOf(dayStart(year, month, day), dayStart(year, month, day + 1));
}

/** The minute, hour, day, week from Monday, month or year that many before this one; a minute and an hour end now. */
export function periodSpan(now: Date, unit: Unit, back: number): Span | undefined {
  if (unit === 'minute' || unit === 'hour') return pastSpan(now, 1, unit);
  const at = goBack(now, back, unit);
  const [year, month, date] = [at.getFullYear(), at.getMonth(), at.getDate()];
  if (unit !== 'week') return calendarSpan(year, ...[month, date].slice(0, ['year', 'month', 'day'].indexOf(unit)));
  const monday = date - ((at.getDay() + 6) % 7);
  return spanOf(dayStart(year, month, monday), dayStart(year, month, monday + 7));
}

/** The time from so many units ago until now. */
export function pastSpan(now: Date, count: number, unit: Unit): Span | undefined {
  return spanOf(goBack(now, count, unit).getTime(), now.getTime() + 1000);
}

/** The day that was so many units ago (will be, below 0); of minutes and hours the moment. */
export function agoSpan(now: Date, count: number, unit: Unit): Span | undefined {
  const at = goBack(now, count, unit);
  if (unit === 'minute' || unit === 'hour') return spanOf(at.getTime(), at.getTime() + 1000);
  return periodSpan(at, 'day', 0);
}

/** The latest such month or day of a month that has begun. */
export function latestSpan(now: Date, month: number, day?: number): Span | undefined {
  const thisYear = calendarSpan(now.getFullYear(), month, day);
  if (thisYear !== undefined && thisYear.from <= now.toISOString()) return thisYear;
  return calendarSpan(now.getFullYear() - 1, month, day);
}

/** The latest such weekday (from Sunday 0), today included unless `isPast`. */
export function weekdaySpan(now: Date, weekday: number, isPast: boolean): Span | undefined {
  const back = (now.getDay() - weekday + 7) % 7;
  return periodSpan(now, 'day', back === 0 && isPast ? 7 : back);
}

function dayStart(year: number, month: number, day: number): number {
  const at = new Date(year, month, day);
  // Of a number below 100 the constructor makes a year of the last century.
  if (year >= 0 && year < 100) at.setFullYear(year, month, day);
  return at.getTime();
}

function goBack(now: Date, count: number, unit: Unit): Date {
  const at = new Date(now);
  if (unit === 'minute' || unit === 'hour') return new Date(at.getTime() - count * unitMs[unit]);
  const day = at.getDate();
  if (unit === 'day' || unit === 'week') at.setDate(day - count * (unit === 'week' ? 7 : 1));
  else {
    at.setMonth(at.getMonth() - count * (unit === 'year' ? 12 : 1));
    // 31 March minus a month is the last day of February, not a day in March.
    if (at.getDate() !== day) at.setDate(0);
  }
  return at;
}

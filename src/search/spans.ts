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

/** So many days after today (before it, below 0). */
export function daySpan(now: Date, days: number): Span | undefined {
  return periodSpan(now, 'day', -days);
}

/** A week from Monday, a month, a year or a day that many before this one. */
export function periodSpan(now: Date, unit: Unit, back: number): Span | undefined {
  if (unit === 'minute' || unit === 'hour') return pastSpan(now, 1, unit);
  const [year, month, date] = [now.getFullYear(), now.getMonth(), now.getDate()];
  const starts = {
    year: (more: number) => dayStart(year + more, 0, 1),
    month: (more: number) => dayStart(year, month + more, 1),
    week: (more: number) => dayStart(year, month, date - ((now.getDay() + 6) % 7) + 7 * more),
    day: (more: number) => dayStart(year, month, date + more),
  };
  return spanOf(starts[unit](-back), starts[unit](1 - back));
}

/** The time from so many units ago until now. */
export function pastSpan(now: Date, count: number, unit: Unit): Span | undefined {
  return spanOf(goBack(now, count, unit), now.getTime() + 1000);
}

/** The day that was so many units ago; of minutes and hours the moment. */
export function agoSpan(now: Date, count: number, unit: Unit): Span | undefined {
  const at = goBack(now, count, unit);
  if (unit === 'minute' || unit === 'hour') return spanOf(at, at + 1000);
  return Number.isNaN(at) ? undefined : daySpan(new Date(at), 0);
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
  return daySpan(now, -(back === 0 && isPast ? 7 : back));
}

function dayStart(year: number, month: number, day: number): number {
  const at = new Date(year, month, day);
  // Of a number below 100 the constructor makes a year of the last century.
  if (year >= 0 && year < 100) at.setFullYear(year, month, day);
  return at.getTime();
}

function goBack(now: Date, count: number, unit: Unit): number {
  if (unit === 'minute' || unit === 'hour') return now.getTime() - count * unitMs[unit];
  const at = new Date(now);
  const day = at.getDate();
  if (unit === 'day' || unit === 'week') at.setDate(day - count * (unit === 'week' ? 7 : 1));
  else {
    if (unit === 'year') at.setFullYear(at.getFullYear() - count);
    else at.setMonth(at.getMonth() - count);
    // 31 March minus a month is the last day of February, not a day in March.
    if (at.getDate() !== day) at.setDate(0);
  }
  return at.getTime();
}

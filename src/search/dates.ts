// Dates as people write them, alone or in a sentence, to a span of time. English, German, Spanish, French and Portuguese.
import { languageOf } from '../index/languages.ts';
import { type Sign, signsOf } from './date-words.ts';
import {
  agoSpan,
  calendarSpan,
  latestSpan,
  pastSpan,
  periodSpan,
  type Span,
  spanOf,
  type Unit,
  weekdaySpan,
} from './spans.ts';

/** A date in a question. An end that is open is absent. */
export interface AskedTime extends Partial<Span> {
  /** Where it stands in the question. */
  start: number;
  end: number;
}

const shortUnits: Readonly<Record<string, Unit>> = { h: 'hour', d: 'day', w: 'week', m: 'month', y: 'year' };

/**
 * "yesterday", "3 days ago", "2w", "last week", "lundi dernier", "November 2026", "20 Nov", 2026-11, 2026-11-01, 2026-11-01T12:00Z; undefined when
 * it is none of these. A week begins on Monday; a month or day without a year is the latest that has begun.
 */
export function parseSpan(text: string, now: Date): Span | undefined {
  const plain = text.trim();
  const moment = parseMoment(plain, now);
  if (moment !== undefined) return moment;
  const signs = signsOf(plain, { isAlone: true });
  const line = lineOf(signs);
  if (signs.length === 0 || line.includes('_')) return undefined;
  for (const { pattern, read } of [...atoms, ...lonely]) {
    const match = new RegExp(`^${pattern.source}$`).exec(line);
    if (match) return read(match.groups ?? {}, now);
  }
  return undefined;
}

function parseMoment(text: string, now: Date): Span | undefined {
  if (/^\d{4}$/.test(text)) return calendarSpan(Number(text));
  const short = /^(\d+) ?([hdwmy])(?: ago)?$/i.exec(text);
  if (short) return agoSpan(now, Number(short[1]), shortUnits[short[2]!.toLowerCase()]!);
  if (!/^\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}/i.test(text)) return undefined;
  const at = Date.parse(text.toUpperCase().replace(' ', 'T'));
  return spanOf(at, at + 1000);
}

/** The first date in a question that stands there as one; "march" and "may" by themselves are words. */
export function findTime(question: string, now: Date): AskedTime | undefined {
  const signs = signsOf(question, { isGerman: languageOf(question) === 'de' });
  for (let at = 0; at < signs.length; at++) {
    // "The week before 3 August" is another time than both.
    if (isUnit(signs[at - 1]?.sign) && /^(?:before|after|vor)$/.test(signs[at]!.sign)) return undefined;
    const found = timeAt(signs.slice(at), now);
    if (found === undefined) continue;
    const { count, ...span } = found;
    return { ...span, start: signs[at]!.start, end: signs[at + count - 1]!.end };
  }
  return undefined;
}

interface Read extends Partial<Span> {
  /** How many signs it takes. */
  count: number;
}

function timeAt(signs: readonly Sign[], now: Date): Read | undefined {
  const line = lineOf(signs);
  const bound = /^(since|until|before|after|vor|between) (?:[pq] )*/.exec(line);
  if (bound) {
    const rest = signs.slice(countOf(bound[0]));
    const duration = bound[1] === 'since' ? /^#(\d+) (\w+) /.exec(lineOf(rest)) : null;
    if (duration && isUnit(duration[2])) {
      const ago = agoSpan(now, Number(duration[1]), duration[2]);
      if (ago) return { from: ago.from, count: countOf(bound[0]) + 2 };
    }
    const inner = atomAt(rest, now, true);
    if (inner !== undefined) {
      const count = countOf(bound[0]) + inner.count;
      if (bound[1] === 'since') return { from: inner.from!, count };
      if (bound[1] === 'until') return { until: inner.until!, count };
      if (bound[1] === 'after') return { from: inner.until!, count };
      if (bound[1] !== 'between') return { until: inner.from!, count };
      const joint = /^and (?:[pq] )*/.exec(lineOf(signs.slice(count)));
      const other = joint && atomAt(signs.slice(count + countOf(joint[0])), now, true);
      if (other) return { from: inner.from!, until: other.until!, count: count + countOf(joint[0]) + other.count };
    }
  }
  return atomAt(signs, now, false);
}

function atomAt(signs: readonly Sign[], now: Date, isBound: boolean): Read | undefined {
  const line = lineOf(signs);
  for (const { pattern, read } of isBound ? [...atoms, ...lonely] : atoms) {
    const match = pattern.exec(line);
    const span = match && read(match.groups ?? {}, now);
    if (span) return { ...span, count: countOf(match[0]) };
  }
  return undefined;
}

function lineOf(signs: readonly Sign[]): string {
  return signs.map(({ sign }) => `${sign} `).join('');
}

function countOf(matched: string): number {
  return matched.trim().split(' ').length;
}

const units: readonly string[] = ['minute', 'hour', 'day', 'week', 'month', 'year'] satisfies Unit[];

function isUnit(word: string | undefined): word is Unit {
  return units.includes(word ?? '');
}

interface Atom {
  pattern: RegExp;
  read(groups: Readonly<Record<string, string | undefined>>, now: Date): Span | undefined;
}

const P = '(?:[pq] )*';
const unit = `(?<unit>${units.join('|')}) `;
const number = '#(?<n>\\d+) ';
const year = '(?:[pq] )*#(?<year>\\d{4}) ';
const atom = (pattern: string, read: Atom['read']): Atom => ({ pattern: new RegExp(`^${pattern}`), read });
const unitOf = (groups: { unit?: string }): Unit => groups.unit as Unit;

const readPast: Atom['read'] = (groups, now) => pastSpan(now, Number(groups.n ?? 1), unitOf(groups));
const readMonth: Atom['read'] = ({ month, day, year: named }, now) => {
  const dayNumber = day === undefined ? undefined : Number(day);
  return named === undefined
    ? latestSpan(now, Number(month), dayNumber)
    : calendarSpan(Number(named), Number(month), dayNumber);
};
const readIso: Atom['read'] = ({ iso = '' }) => {
  const [named, month, day] = iso.split(/[-/.]/).map(Number);
  return calendarSpan(named!, month! - 1, day);
};

const plainYear = '#(?<year>20\\d\\d) ';
const readYear: Atom['read'] = (groups, now) =>
  Number(groups.year) > now.getFullYear() + 1 ? undefined : calendarSpan(Number(groups.year));

/** What is a date wherever it stands; the longer pattern before what it begins with. */
const atoms: readonly Atom[] = [
  atom(`${P}i(?<iso>\\S+) `, readIso),
  atom('r(?<days>-?\\d+) ', ({ days }, now) => agoSpan(now, -Number(days), 'day')),
  atom(`(?:back|vor) ${number}${unit}`, (groups, now) => agoSpan(now, Number(groups.n), unitOf(groups))),
  atom(`${number}${unit}ago `, (groups, now) => agoSpan(now, Number(groups.n), unitOf(groups))),
  atom(`${P}past ${unit}`, readPast),
  atom(`${P}(?:(?:last|past) ${number}|${number.replace('<n>', '<before>')}last )${unit}`, (groups, now) =>
    readPast({ ...groups, n: groups.n ?? groups.before }, now),
  ),
  atom(`${P}last ${unit}`, (groups, now) => periodSpan(now, unitOf(groups), 1)),
  atom(`${P}${unit}last `, (groups, now) => periodSpan(now, unitOf(groups), 1)),
  atom(`${P}this ${unit}`, (groups, now) => periodSpan(now, unitOf(groups), 0)),
  atom(`${P}(?:last d(?<day>\\d) |d(?<first>\\d) last )`, ({ day, first }, now) =>
    weekdaySpan(now, Number(day ?? first), true),
  ),
  atom(`${P}(?:this )?d(?<day>\\d) `, ({ day }, now) => weekdaySpan(now, Number(day), false)),
  atom(`${P}#(?<day>\\d{1,2}) ${P}m(?<month>\\d+) (?:${year})?`, readMonth),
  atom(`${P}m(?<month>\\d+) #(?<day>\\d{1,2}) (?:${year})?`, readMonth),
  atom(`${P}m(?<month>\\d+) ${year}`, readMonth),
  atom(`${P}(?:last m(?<month>\\d+) |m(?<first>\\d+) last )`, ({ month, first }, now) =>
    latestSpan(now, Number(month ?? first)),
  ),
  atom(`${P}this part `, (_, now) => periodSpan(now, 'day', 0)),
  atom(`${P}(?:q |month q )(?:p )?m(?<month>\\d+) `, readMonth),
  atom(`${P}q ${plainYear}`, readYear),
];

/** What is a date where one is expected. */
const lonely: readonly Atom[] = [atom('m(?<month>\\d+) ', readMonth), atom(plainYear, readYear)];

// Times, numbers and names as people read them.
import { isObservationType, observationTypes } from '../../../domain/types.ts';

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

export function ago(iso: string): string {
  const seconds = (Date.parse(iso) - Date.now()) / 1000;
  if (Number.isNaN(seconds)) return iso;
  for (const [unit, size] of units)
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  return 'just now';
}

// Made once: one formatter costs as much as many rows of a list.
const moment = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'short' });
const day = { weekday: 'short', day: 'numeric', month: 'short' } as const;
const dayOfYear = new Intl.DateTimeFormat('en', day);
const dayOfAnyYear = new Intl.DateTimeFormat('en', { ...day, year: 'numeric' });
const count = new Intl.NumberFormat('en-US');

export function exact(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : moment.format(date);
}

export function dayOf(iso: string): string {
  return iso.slice(0, 10);
}

export function dayName(iso: string): string {
  const date = new Date(`${dayOf(iso)}T12:00:00`);
  if (Number.isNaN(date.getTime())) return dayOf(iso);
  const isThisYear = date.getFullYear() === new Date().getFullYear();
  return (isThisYear ? dayOfYear : dayOfAnyYear).format(date);
}

export function number(value: number): string {
  return count.format(value);
}

export function plural(of: number, one: string, many = `${one}s`): string {
  return `${number(of)} ${of === 1 ? one : many}`;
}

export function iconOf(type: string): string {
  if (type === 'session') return '§';
  if (type === 'tombstone') return '†';
  return isObservationType(type) ? observationTypes[type].icon : '?';
}

export function meaningOf(type: string): string {
  if (type === 'session') return 'what a session was about';
  if (type === 'tombstone') return 'what must not be learned again';
  return isObservationType(type) ? observationTypes[type].meaning : '';
}

export const typeNames: readonly string[] = Object.keys(observationTypes);

export function short(id: string): string {
  return id.slice(0, 8);
}

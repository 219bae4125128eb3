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

export function exact(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : date.toLocaleString('en', { dateStyle: 'full', timeStyle: 'short' });
}

export function dayOf(iso: string): string {
  return iso.slice(0, 10);
}

export function dayName(iso: string): string {
  const date = new Date(`${dayOf(iso)}T12:00:00`);
  if (Number.isNaN(date.getTime())) return dayOf(iso);
  const isThisYear = date.getFullYear() === new Date().getFullYear();
  return date.toLocaleDateString('en', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(!isThisYear && { year: 'numeric' }),
  });
}

export function number(value: number): string {
  return value.toLocaleString('en-US');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
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

import { isDurable, type RecordType } from './types.ts';

const halfLifeDays = 7;
/** Without a floor, old facts could never be found again. */
export const fadeFloor = 0.25;

/** Weight by age: 1 for durable types; others halve every 7 days down to a quarter (format.md). Negative ages count as 0. */
export function fadeFactor(type: RecordType, ageDays: number): number {
  if (isDurable(type)) return 1;
  return Math.max(fadeFloor, 2 ** (-Math.max(0, ageDays) / halfLifeDays));
}

/** Days between an ISO time and now; 0 for times that cannot be parsed. */
export function ageInDays(created: string, now: Date): number {
  const age = (now.getTime() - Date.parse(created)) / 86_400_000;
  return Number.isFinite(age) ? age : 0;
}

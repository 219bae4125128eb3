// Which items of a source become records: decided over all of them, so that a second run decides the same. Pure.
import { observationTypes } from '../domain/types.ts';
import type { ImportItem, StatementItem } from './item.ts';

/** Lasting statements of one session, as the compressor shares at most. */
const groupMax = 5;
/** Of one run without `--max`: more than a person looks through. */
export const defaultMax = 500;

export interface Wish {
  /** ISO 8601 day. */
  since?: string;
  max?: number;
  isAll: boolean;
}

export interface Choice {
  /** Oldest first. */
  items: ImportItem[];
  skipped: Record<string, number>;
}

export function chooseItems(all: readonly ImportItem[], { since, max = defaultMax, isAll }: Wish): Choice {
  const skipped: Record<string, number> = {};
  const note = (reason: string, count: number): void => {
    if (count > 0) skipped[reason] = (skipped[reason] ?? 0) + count;
  };
  const unique = [...new Map(all.map((item) => [item.from, item])).values()];
  const young = since === undefined ? unique : unique.filter(({ at }) => at >= since);
  note('older than --since', unique.length - young.length);
  const grouped = isAll ? young : capGroups(young);
  note('beyond the few of their session', young.length - grouped.length);
  const items = capAll(grouped, max);
  note('beyond --max', grouped.length - items.length);
  return { items: items.sort(byTime), skipped };
}

function byTime(a: ImportItem, b: ImportItem): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : a.from < b.from ? -1 : 1;
}

/** 0 to 1: what a later session needs most. */
export function worthOf(item: ImportItem): number {
  if (item.kind === 'summary') return 0.5;
  return observationTypes[item.draft.type].weight * 0.7 + item.draft.importance * 0.3;
}

function capGroups(items: readonly ImportItem[]): ImportItem[] {
  const groups = new Map<string, StatementItem[]>();
  for (const item of items)
    if (item.kind === 'statement' && item.group !== undefined)
      groups.set(item.group, [...(groups.get(item.group) ?? []), item]);
  const dropped = new Set<ImportItem>();
  for (const group of groups.values())
    for (const item of group.sort((a, b) => worthOf(b) - worthOf(a) || byTime(a, b)).slice(groupMax)) dropped.add(item);
  return items.filter((item) => !dropped.has(item));
}

function lasts(item: ImportItem): boolean {
  return item.kind === 'statement' && observationTypes[item.draft.type].lasts === 'always';
}

/** The newest; what lasts before what fades. */
function capAll(items: readonly ImportItem[], max: number): ImportItem[] {
  if (items.length <= max) return [...items];
  return [...items].sort((a, b) => Number(lasts(b)) - Number(lasts(a)) || byTime(b, a)).slice(0, max);
}

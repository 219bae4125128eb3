// Times as the user reads them: of one zone, that of now, so that a text names its offset once.

/** `2026-11-29T23:30:00Z` at +60 → `2026-11-30T00:30:00`; what is no time stays as it is. `offset`: minutes east of UTC. */
export function localTime(iso: string, offset: number): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? iso : new Date(at + offset * 60_000).toISOString().slice(0, 19);
}

export function localDate(iso: string, offset: number): string {
  return localTime(iso, offset).slice(0, 10);
}

/** Minutes east of UTC of the user's clock. */
export function offsetOf(now: Date): number {
  return -now.getTimezoneOffset();
}

/** `UTC`, `UTC+2`, `UTC-3:30`. */
export function zoneName(offset: number): string {
  if (offset === 0) return 'UTC';
  const minutes = Math.abs(offset) % 60;
  return `UTC${offset < 0 ? '-' : '+'}${Math.floor(Math.abs(offset) / 60)}${minutes === 0 ? '' : `:${String(minutes).padStart(2, '0')}`}`;
}

/** `just now`, `5 min ago`, `2 h ago`, `3 days ago`. */
export function agoText(iso: string, now: Date): string {
  const minutes = Math.floor((now.getTime() - Date.parse(iso)) / 60_000);
  if (!(minutes >= 1)) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return `${Math.floor(minutes / 1440)} days ago`;
}

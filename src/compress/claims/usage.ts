// Usage of providers, one file of JSON lines per day; each claim counts once.
import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import type { Usage } from '../providers/provider.ts';

export interface UsageLine extends Usage {
  at: string;
  /** As in `generated.by`. */
  provider: string;
  session: string;
  claim: string;
}

const usageDir = (paths: MemoryPaths): string => join(paths.privateDir, 'usage');

function isUsageLine(value: unknown): value is UsageLine {
  if (typeof value !== 'object' || value === null) return false;
  const line = value as Record<string, unknown>;
  return (
    ['requests', 'tokensIn', 'tokensOut'].every((key) => typeof line[key] === 'number') &&
    ['at', 'provider', 'session', 'claim'].every((key) => typeof line[key] === 'string')
  );
}

/** Lines of one day (YYYY-MM-DD), without incomplete ones; [] when there are none. */
export function readUsage(paths: MemoryPaths, day: string): UsageLine[] {
  let text: string;
  try {
    text = readFileSync(join(usageDir(paths), `${day}.jsonl`), 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    try {
      const value: unknown = line === '' ? undefined : JSON.parse(line);
      return isUsageLine(value) ? [value] : [];
    } catch {
      return [];
    }
  });
}

/** Days that have usage, oldest first. */
export function usageDays(paths: MemoryPaths): string[] {
  try {
    return readdirSync(usageDir(paths))
      .filter((name) => /^\d{4}-\d\d-\d\d\.jsonl$/.test(name))
      .map((name) => name.slice(0, 10))
      .sort();
  } catch {
    return [];
  }
}

/** Appends lines for claims and providers that are not yet listed on that day. Throws errors of the file system. */
export function appendUsage(paths: MemoryPaths, lines: readonly UsageLine[]): void {
  for (const line of lines) {
    const day = line.at.slice(0, 10);
    if (readUsage(paths, day).some((known) => known.claim === line.claim && known.provider === line.provider)) continue;
    mkdirSync(usageDir(paths), { recursive: true, mode: 0o700 });
    // The newline comes first, so that an incomplete line damages only itself.
    appendFileSync(join(usageDir(paths), `${day}.jsonl`), `\n${JSON.stringify(line)}`, { mode: 0o600 });
  }
}

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    requests: a.requests + b.requests,
    tokensIn: a.tokensIn + b.tokensIn,
    tokensOut: a.tokensOut + b.tokensOut,
  };
}

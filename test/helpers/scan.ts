import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every regular file below `folder`, absolute; folders for which `isSkipped` says so are left out. */
export function filesBelow(folder: string, isSkipped: (path: string) => boolean = () => false): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (isSkipped(path)) continue;
    if (entry.isDirectory()) found.push(...filesBelow(path, isSkipped));
    else if (entry.isFile()) found.push(path);
  }
  return found;
}

/** The files below `folder` that hold `text`, in whatever encoding of JSON or URL it may stand. */
export function filesWith(folder: string, text: string, isSkipped?: (path: string) => boolean): string[] {
  const needles = [text, encodeURIComponent(text), Buffer.from(text).toString('base64').slice(0, -4)];
  return filesBelow(folder, isSkipped).filter((file) => {
    const bytes = readFileSync(file);
    return needles.some((needle) => bytes.includes(needle));
  });
}

/** Waits until `look` finds something, at most `maxMs`; returns what it found and how long that took. */
export async function waitFor<T>(
  look: () => T | undefined,
  maxMs: number,
): Promise<{ found: T | undefined; ms: number }> {
  const started = performance.now();
  for (;;) {
    const found = look();
    const ms = performance.now() - started;
    if (found !== undefined || ms > maxMs) return { found, ms };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

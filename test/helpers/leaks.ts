import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { filesBelow } from './scan.ts';

/** A text that must not be found, and what to call it when it is. */
export interface Needle {
  secret: string;
  label: string;
}

const gram = 8;

/**
 * Looks for many secrets at once: found is a run of at least 8 characters and 40 % of the secret, also as JSON, a URL or base64
 * spells it. Answers the labels of those found.
 */
export function makeLeakFinder(needles: readonly Needle[]): (text: string) => string[] {
  const places = new Map<string, { spelled: string; at: number; label: string; size: number }[]>();
  for (const { secret, label } of needles)
    for (const spelled of spellings(secret)) {
      const size = Math.min(Math.max(gram, Math.ceil(secret.length * 0.4)), spelled.length);
      for (let at = 0; at + size <= spelled.length; at++) {
        const key = spelled.slice(at, at + Math.min(gram, size));
        const known = places.get(key);
        if (known) known.push({ spelled, at, label, size });
        else places.set(key, [{ spelled, at, label, size }]);
      }
    }
  return (text) => {
    const found = new Set<string>();
    for (let at = 0; at < text.length; at++)
      for (const one of places.get(text.slice(at, at + gram)) ?? [])
        if (text.startsWith(one.spelled.slice(one.at, one.at + one.size), at)) found.add(one.label);
    return [...found];
  };
}

function spellings(secret: string): Set<string> {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -1);
  return new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), base64]);
}

/** `file: label` of everything found in the files below a folder, in their names, and in git's objects there. */
export function leaksBelow(
  folder: string,
  find: (text: string) => string[],
  isSkipped?: (path: string) => boolean,
): string[] {
  return filesBelow(folder, isSkipped).flatMap((file) =>
    find(`${file}\n${readFileSync(file, 'utf8')}`).map((label) => `${file.slice(folder.length + 1)}: ${label}`),
  );
}

/** Every object of a repository, unpacked. */
export function allObjects(repo: string): string {
  return execFileSync('git', ['cat-file', '--batch', '--batch-all-objects', '--buffer'], {
    cwd: repo,
    maxBuffer: 1 << 30,
  }).toString('utf8');
}

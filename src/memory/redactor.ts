// The redaction that everything passes here: secret shapes, values that this machine knows, who the user is.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { knownValuesFrom } from '../privacy/known-values.ts';
import { scrubPersonal } from '../privacy/personal.ts';
import { redact } from '../privacy/redact.ts';
import { stripPrivate } from '../privacy/private-tags.ts';
import type { Memory } from './open.ts';

export interface Redactor {
  redact(text: string): string;
  /** Passages taken out so far. */
  count(): number;
}

const envFileMaxBytes = 256 * 1024;
/** A text that takes longer is dropped: fail closed. */
const limitMs = 2000;

export function makeRedactor(memory: Memory): Redactor {
  const { env } = memory;
  const knownValues = readKnownValues(memory);
  const allow = new Set(memory.settings.redact.allow.map(({ fingerprint }) => fingerprint));
  let passages = 0;
  return {
    redact: (text) => {
      const open = stripPrivate(text);
      const { text: clean, findings } = redact(open.text, {
        knownValues,
        allow,
        clock: () => performance.now(),
        limitMs,
      });
      passages += findings.length + (open.text === text ? 0 : 1);
      return scrubPersonal(clean, { home: env.home, userName: env.vars['USER'] ?? '' });
    },
    count: () => passages,
  };
}

/** Secrets that this machine knows: of `.env*` files and of variables. */
export function readKnownValues({ env, paths }: Memory): string[] {
  return knownValuesFrom(readEnvFiles(paths.worktree ?? paths.root), env.vars);
}

/** `.env*` at the top of the working tree: what they hold must never be told. */
function readEnvFiles(top: string): { name: string; text: string }[] {
  try {
    return readdirSync(top, { withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.startsWith('.env'))
      .map(({ name }) => ({ name, text: readFileSync(join(top, name)).subarray(0, envFileMaxBytes).toString('utf8') }));
  } catch {
    return [];
  }
}

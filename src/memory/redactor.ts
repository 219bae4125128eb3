// The redaction that everything passes here: private passages, secret shapes, values that this machine knows, who the user is.
import { clockMs } from '../domain/clock.ts';
import { scrubPersonal } from '../privacy/personal.ts';
import { stripPrivate } from '../privacy/private-tags.ts';
import { maskRecurring, redact, recurringValues, type Finding } from '../privacy/redact.ts';
import type { Settings } from '../settings/settings.ts';
import type { Memory } from './open.ts';
import { readKnownValues } from './env-files.ts';

export interface Redactor {
  redact(text: string): string;
  /** The same, with the rules and places (in the text without its private passages). */
  explain(text: string): { text: string; findings: Finding[] };
  /** Without the values that were learned from other texts: the same text gives the same answer, whatever came before. */
  redactAlone(text: string): string;
  /** Values to mask wherever they recur; what is redacted is learned of itself. */
  learn(values: readonly string[]): void;
  learned(): readonly string[];
  /** Masks what was learned, and looks for nothing else. */
  maskLearned(text: string): string;
  /** Passages taken out so far. */
  count(): number;
}

/** A text that takes longer is dropped: fail closed. */
const limitMs = 2000;
const maxLearned = 1000;

export function makeRedactor(memory: Memory): Redactor {
  // Not a copy of the memory: its snapshot would be taken, and nobody needs git here.
  const { env, settings } = memory;
  return redactorWith({ env, settings, knownValues: readKnownValues(memory) });
}

/** For a place without a memory: what is known, what is allowed and who the user is. */
export function redactorWith({
  env,
  settings,
  knownValues,
}: Pick<Memory, 'env'> & { settings: Pick<Settings, 'redact'>; knownValues: readonly string[] }): Redactor {
  const allow = new Set(settings.redact.allow.map(({ fingerprint }) => fingerprint));
  const learned = new Set<string>();
  let passages = 0;
  const learn = (values: readonly string[]): void => {
    for (const value of values) if (learned.size < maxLearned) learned.add(value);
  };
  const explain = (text: string, recurring = [...learned]): { text: string; findings: Finding[] } => {
    const open = stripPrivate(text);
    const options = { knownValues, recurring, allow, clock: clockMs, limitMs };
    const { text: clean, findings } = redact(open.text, options);
    learn(recurringValues(open.text, findings));
    passages += findings.length + (open.text === text ? 0 : 1);
    return { text: scrubPersonal(clean, { home: env.home, userName: env.vars['USER'] ?? '' }), findings };
  };
  return {
    redact: (text) => explain(text).text,
    explain: (text) => explain(text),
    redactAlone: (text) => explain(text, []).text,
    learn,
    learned: () => [...learned],
    maskLearned: (text) => maskRecurring(text, [...learned]),
    count: () => passages,
  };
}

// The memory's redaction, and a little more: what is imported was written for another tool, and nobody chose its examples.
import type { Memory } from '../memory/open.ts';
import { makeRedactor, type Redactor } from '../memory/redactor.ts';

/** Ids of AWS keys, the one of its manual included: in a record it is no example of anything. */
const exampleKey = /\bA(?:KIA|SIA)[A-Z0-9]{16}\b/g;

const keptMax = 200;

export function maskExamples(text: string): string {
  return text.replace(exampleKey, '[REDACTED:aws-key]');
}

export interface ImportRedactor extends Redactor {
  /** Parts of a text that was looked through already, and nothing was in it; values learned since are looked for once more. */
  markClean(parts: readonly string[]): void;
}

export function importRedactor(memory: Memory): ImportRedactor {
  const redactor = makeRedactor(memory);
  // A record's fields are cleaned before and after they are cut, and mostly nothing was cut.
  const clean = new Map<string, string>();
  let learned = 0;
  return {
    ...redactor,
    markClean(parts) {
      for (const part of parts) if (redactor.maskLearned(part) === part) clean.set(part, part);
    },
    redact(text) {
      const known = redactor.learned().length;
      if (clean.size > keptMax || known !== learned) clean.clear();
      learned = known;
      const kept = clean.get(text);
      if (kept !== undefined) return kept;
      const done = maskExamples(redactor.redact(text));
      clean.set(text, done).set(done, done);
      return done;
    },
  };
}

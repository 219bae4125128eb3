// The memory's redaction, and a little more: what is imported was written for another tool, and nobody chose its examples.
import type { Memory } from '../memory/open.ts';
import { makeRedactor, type Redactor } from '../memory/redactor.ts';

/** Ids of AWS keys, the one of its manual included: in a record it is no example of anything. */
const exampleKey = /\bA(?:KIA|SIA)[A-Z0-9]{16}\b/g;

export function maskExamples(text: string): string {
  return text.replace(exampleKey, '[REDACTED:aws-key]');
}

export function importRedactor(memory: Memory): Redactor {
  const redactor = makeRedactor(memory);
  return {
    ...redactor,
    redact: (text) => maskExamples(redactor.redact(text)),
    redactAlone: (text) => maskExamples(redactor.redactAlone(text)),
  };
}

// Redacts decoded JSON: every string and every key, one by one and as one text, so that a key block spread over the lines of a list is seen.

import { isSecretPair } from './find-assignments.ts';
import type { RedactOptions } from './redact.ts';
import { findSecrets, fingerprint } from './redact.ts';

export interface DeepFinding {
  rule: string;
  /** Where in the value: `$.hunks[0].added[3]`; a key that is no plain word is `?`. */
  path: string;
}

interface Leaf {
  text: string;
  path: string;
  /** What the key (or a sibling called `name` or `key`) says the value is. */
  name: string | undefined;
  /** Stands for everything that is nested too deep. */
  isTooDeep?: true;
}

const maxDepth = 100;
const unscanned = '[REDACTED:unscanned]';

/** A copy without secrets. Never throws; what is nested deeper than 100 is dropped. */
export function redactDeep<T>(value: T, options?: RedactOptions): { value: T; findings: DeepFinding[] };
export function redactDeep(value: unknown, options: RedactOptions = {}): { value: unknown; findings: DeepFinding[] } {
  const findings: DeepFinding[] = [];
  let result = value;
  for (let pass = 0; pass < 6; pass++) {
    const leaves: Leaf[] = [];
    collectLeaves(result, '$', undefined, 0, leaves);
    const cleaned = cleanLeaves(leaves, options, findings);
    if (cleaned === undefined) return { value: result, findings };
    let next = 0;
    result = rebuild(result, 0, () => cleaned[next++] ?? unscanned);
  }
  return { value: unscanned, findings };
}

/** Leaves in the order in which `rebuild` asks for them: a key before its value. */
function collectLeaves(value: unknown, path: string, name: string | undefined, depth: number, leaves: Leaf[]): void {
  if (typeof value === 'string') leaves.push({ text: value, path, name });
  if (typeof value !== 'object' || value === null) return;
  if (depth >= maxDepth) {
    leaves.push({ text: unscanned, path, name: undefined, isTooDeep: true });
    return;
  }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) collectLeaves(item, `${path}[${index}]`, name, depth + 1, leaves);
    return;
  }
  const sibling = siblingName(value);
  for (const [key, item] of Object.entries(value)) {
    const paths = /^[A-Za-z_]{1,32}$/.test(key) ? `${path}.${key}` : `${path}.?`;
    leaves.push({ text: key, path: paths, name: undefined });
    collectLeaves(item, paths, /^value$/i.test(key) ? sibling : key, depth + 1, leaves);
  }
}

function siblingName(value: object): string | undefined {
  for (const [key, item] of Object.entries(value)) {
    if (/^(?:name|key|variable|header|field|id)$/i.test(key) && typeof item === 'string' && item.length < 80)
      return item;
  }
  return undefined;
}

/** The leaves without their secrets, or undefined when nothing was found. */
function cleanLeaves(leaves: readonly Leaf[], options: RedactOptions, findings: DeepFinding[]): string[] | undefined {
  const ranges = findSecrets(leaves.map((leaf) => leaf.text).join('\n'), options);
  let from = 0;
  let next = 0;
  let isClean = true;
  const cleaned = leaves.map((leaf) => {
    const { text, path, name } = leaf;
    const end = from + text.length;
    const parts: string[] = [];
    let at = from;
    while ((ranges[next]?.end ?? Infinity) <= from) next++;
    for (let index = next; (ranges[index]?.start ?? Infinity) < end; index++) {
      const range = ranges[index];
      if (range === undefined) break;
      parts.push(text.slice(at - from, Math.max(at, range.start) - from), `[REDACTED:${range.rule}]`);
      findings.push({ rule: range.rule, path });
      at = Math.min(end, range.end);
    }
    const rest = text.slice(at - from);
    from = end + 1;
    if (parts.length > 0 || leaf.isTooDeep) isClean = false;
    else if (name !== undefined && isSecretPair(name, text) && !options.allow?.has(fingerprint(text))) {
      isClean = false;
      findings.push({ rule: 'secret-value', path });
      return '[REDACTED:secret-value]';
    }
    return parts.join('') + rest;
  });
  return isClean ? undefined : cleaned;
}

function rebuild(value: unknown, depth: number, take: () => string): unknown {
  if (typeof value === 'string') return take();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= maxDepth) return take();
  if (Array.isArray(value)) return value.map((item) => rebuild(item, depth + 1, take));
  // fromEntries makes an own property even of `__proto__`.
  return Object.fromEntries(Object.entries(value).map(([, item]) => [take(), rebuild(item, depth + 1, take)]));
}

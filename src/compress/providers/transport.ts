// What a model's endpoint needs to be: one question, one answer. Everything else (the prompt, checking, repair) is the same for all.
import { RepomemError } from '../../domain/errors.ts';

export interface ModelPrompt {
  system: string;
  user: string;
  /** JSON Schema of the answer: objects closed, every key required, no limits, so that every strict dialect takes it. */
  schema: Record<string, unknown>;
}

/** The one repair attempt: what came, and what is wrong with it. */
export interface Repair {
  answer: string;
  complaint: string;
}

export interface ModelAnswer {
  text: string;
  /** `cut`: it ran into its length; `refused`: the model declined. */
  stop: 'end' | 'cut' | 'refused';
  tokensIn: number;
  tokensOut: number;
}

export interface Transport {
  readonly name: string;
  readonly model: string;
  /** Who gets the request: a host's name, or the program that is started. */
  readonly host: string;
  /** What would be sent, as it would be sent. */
  describe(prompt: ModelPrompt, repair?: Repair): unknown;
  /** Throws ProviderFailure. Never tries again by itself. */
  ask(prompt: ModelPrompt, repair?: Repair): Promise<ModelAnswer>;
}

/**
 * `passing`: another try may help (overload, quota of the minute, network). `lasting`: only a person can help (a wrong key, no such
 * model, no credit), so nobody tries again.
 */
export class ProviderFailure extends RepomemError {
  readonly kind: 'passing' | 'lasting';
  readonly retryAfterMs: number | undefined;
  constructor(kind: 'passing' | 'lasting', message: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super('provider', message, { cause: options.cause });
    this.name = 'ProviderFailure';
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The rules for an endpoint that takes no schema. */
export function withSchema({ system, schema }: ModelPrompt): string {
  return `${system}\nSchema: ${JSON.stringify(schema)}`;
}

/** Tokens that an answer may have: fourteen records, what was overturned, and a summary. */
export const answerMaxTokens = 8_000;

/** An answer of this many bytes is no answer. */
export const answerMaxBytes = 4 * 1024 * 1024;

/** No credit is a quota that no waiting refills. */
const spent = /credit balance|insufficient[_ ]quota|billing|payment required/i;

/** The failure that an HTTP status means. `detail` is what the endpoint said, in one line. */
export function failureOfStatus(
  who: string,
  status: number,
  detail: string,
  headers: { get(name: string): string | null } | undefined,
  now: Date,
): ProviderFailure {
  const message = `${who}: HTTP ${status}${detail === '' ? '' : `: ${oneLine(detail)}`}`;
  const isPassing = [408, 409, 425, 429].includes(status) || status >= 500;
  if (!isPassing || spent.test(detail)) return new ProviderFailure('lasting', message);
  const retryAfterMs = readRetryAfter(headers, now);
  return new ProviderFailure('passing', message, retryAfterMs === undefined ? {} : { retryAfterMs });
}

export function oneLine(text: string, maxChars = 300): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, maxChars);
}

/** Seconds or a date, as HTTP has it; milliseconds where the endpoint says them. */
function readRetryAfter(headers: { get(name: string): string | null } | undefined, now: Date): number | undefined {
  const exact = Number(headers?.get('retry-after-ms') ?? NaN);
  if (Number.isFinite(exact) && exact >= 0) return exact;
  const text = headers?.get('retry-after')?.trim();
  if (text === undefined || text === '') return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const until = Date.parse(text);
  return Number.isNaN(until) ? undefined : Math.max(0, until - now.getTime());
}

// The interface of a model's endpoint: one question, one answer. Everything else (the prompt, checking, repair) is shared.
import { RepomemError } from '../../domain/errors.ts';

export interface ModelPrompt {
  system: string;
  user: string;
  /** JSON Schema of the answer: closed objects, every key required, no limits, so that every strict dialect accepts it. */
  schema: Record<string, unknown>;
}

/** The one repair attempt: the bad answer, and its errors. */
export interface Repair {
  answer: string;
  complaint: string;
}

export interface ModelAnswer {
  text: string;
  /** `cut`: it reached the length limit; `refused`: the model declined. */
  stop: 'end' | 'cut' | 'refused';
  tokensIn: number;
  tokensOut: number;
}

export interface Transport {
  readonly name: string;
  readonly model: string;
  /** Receiver of the request: a host's name, or the program that is started. */
  readonly host: string;
  /** The exact request body. */
  describe(prompt: ModelPrompt, repair?: Repair): unknown;
  /** Throws ProviderFailure. Does not retry. */
  ask(prompt: ModelPrompt, repair?: Repair): Promise<ModelAnswer>;
}

/**
 * `passing`: a retry may help (overload, per-minute quota, network). `lasting`: needs user action (a wrong key, unknown model, no
 * credit), so it is not retried.
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

/** The system prompt for an endpoint without schema support. */
export function withSchema({ system, schema }: ModelPrompt): string {
  return `${system}\nSchema: ${JSON.stringify(schema)}`;
}

/** Maximum tokens of an answer: fourteen records, the overturned claims, and a summary. */
export const answerMaxTokens = 8_000;

/** Larger answers are rejected. */
export const answerMaxBytes = 4 * 1024 * 1024;

/** A lack of credit is a quota that waiting does not refill. */
const spent = /credit balance|insufficient[_ ]quota|billing|payment required/i;

/** The failure for an HTTP status. `detail` is the endpoint's message, in one line. */
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

/** HTTP's seconds or date; milliseconds if the endpoint sends them. */
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

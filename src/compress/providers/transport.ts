// The interface of a model's endpoint: one question, one answer. Everything else (the prompt, checking, repair) is shared.
import { at, countAt } from '../../agents/json-fields.ts';
import { attempt, codeOf, RepomemError } from '../../domain/errors.ts';
import { cleanLine } from '../../privacy/invisible.ts';
import { redact } from '../../privacy/redact.ts';

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

/** Only from the user's own settings or environment. */
export interface EndpointOptions {
  key: string;
  model: string;
  /** Base URL. */
  endpoint: string;
  timeoutMs: number;
  now(): Date;
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
    // An endpoint's own words may hold the key that was sent, and codes for a terminal.
    super('provider', redact(cleanLine(message)).text, { cause: options.cause });
    this.name = 'ProviderFailure';
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The fields of a provider's failure; none of any other error. */
export function failureOf(error: unknown): Partial<Pick<ProviderFailure, 'kind' | 'retryAfterMs'>> {
  return codeOf(error) === 'provider' ? (error as ProviderFailure) : {};
}

/** Runs one request within its time; any error but a ProviderFailure becomes one. */
export async function withinLimit<T>(
  who: string,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return await work(signal);
  } catch (error) {
    if (failureOf(error).kind !== undefined) throw error;
    const reason = signal.aborted ? `no answer in ${timeoutMs / 1000} s` : reasonOf(error);
    throw new ProviderFailure('passing', `${who}: ${reason}`, { cause: error });
  }
}

/** The system prompt for an endpoint without schema support. */
export function withSchema({ system, schema }: ModelPrompt): string {
  return `${system}\nSchema: ${JSON.stringify(schema)}`;
}

/** Maximum tokens of an answer: fourteen records, the overturned claims, and a summary. */
export const answerMaxTokens = 8_000;

/** Why an answer ended before its end, in the words of all endpoints. */
const stops = new Map<unknown, ModelAnswer['stop']>([
  ['refusal', 'refused'],
  ['content_filter', 'refused'],
  ['max_tokens', 'cut'],
  ['length', 'cut'],
  ['model_context_window_exceeded', 'cut'],
]);

export function stopOf(reason: unknown): ModelAnswer['stop'] {
  return stops.get(reason) ?? 'end';
}

/** Reads the usage that an endpoint reports, in either dialect; 0 where it reports none. */
export function usageOf(usage: unknown): Pick<ModelAnswer, 'tokensIn' | 'tokensOut'> {
  const parts = ['input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens'];
  return {
    tokensIn: countAt(usage, 'prompt_tokens') ?? parts.reduce((sum, key) => sum + (countAt(usage, key) ?? 0), 0),
    tokensOut: countAt(usage, 'completion_tokens') ?? countAt(usage, 'output_tokens') ?? 0,
  };
}

/** A lack of credit is a quota that waiting does not refill. */
const spent = /credit balance|insufficient[_ ]quota|billing|payment required/i;

type AnswerHeaders = Pick<Headers, 'get'> | undefined;

/** The failure for an HTTP status. `detail` is the endpoint's message, in one line; some repeat the key there. */
export function failureOfStatus(
  who: string,
  status: number,
  detail: string,
  headers: AnswerHeaders,
  { key, now }: Pick<EndpointOptions, 'key' | 'now'>,
): ProviderFailure {
  const told = oneLine(key.length < 4 ? detail : detail.replaceAll(key, '[the key]'));
  const message = `${who}: HTTP ${status}${told === '' ? '' : `: ${told}`}`;
  const isPassing = [408, 409, 425, 429].includes(status) || status >= 500;
  if (!isPassing || spent.test(detail)) return new ProviderFailure('lasting', message);
  return new ProviderFailure('passing', message, { retryAfterMs: readRetryAfter(headers, now()) });
}

/** Reads HTTP's seconds or date; milliseconds if the endpoint sends them. */
function readRetryAfter(headers: AnswerHeaders, now: Date): number | undefined {
  const exact = Number(headers?.get('retry-after-ms') ?? NaN);
  if (exact >= 0) return exact;
  const text = headers?.get('retry-after')?.trim();
  if (text === undefined || text === '') return undefined;
  const waitMs = Number.isNaN(Number(text)) ? Date.parse(text) - now.getTime() : Number(text) * 1000;
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}

/** The network's error code (`ECONNREFUSED`) if there is one, else the message. */
export function reasonOf(error: unknown): string {
  const cause = at(error, 'cause') ?? error;
  return codeOf(cause) ?? oneLine(cause instanceof Error ? cause.message : String(cause), 120);
}

export function oneLine(text: string, maxChars = 300): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, maxChars);
}

/**
 * The JSON values of an answer, since some gateways stream without being asked to: one of a whole one, those of the events' data of a stream; data that is no JSON, such as `[DONE]`, as
 * text. Throws ProviderFailure when the connection is cut, or when a whole answer is not JSON.
 */
export async function readValues(who: string, response: Response): Promise<unknown[]> {
  let body: string;
  try {
    body = await response.text();
  } catch (error) {
    throw cutOff(who, error);
  }
  const isStream = /text\/event-stream/i.test(response.headers.get('content-type') ?? '');
  if (isStream) {
    const lines = body.split(/\r\n|\n|\r/).filter((line) => line.startsWith('data:'));
    return lines.map((line) => line.slice('data:'.length).trim()).map((data) => parseJson(data) ?? data);
  }
  const value = parseJson(body);
  if (value === undefined) throw new ProviderFailure('passing', `${who}: the endpoint did not answer in JSON`);
  return [value];
}

const parseJson = (text: string): unknown => attempt((): unknown => JSON.parse(text));

/** An interrupted answer is a failure, never a short one. */
export function cutOff(who: string, cause?: unknown): ProviderFailure {
  const why = cause === undefined ? '' : ` (${reasonOf(cause)})`;
  return new ProviderFailure('passing', `${who}: the connection broke off in the answer${why}`, { cause });
}

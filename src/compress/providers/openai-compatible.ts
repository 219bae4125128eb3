// Chat completions as served by OpenRouter, Gemini's compatible endpoint, Ollama and many others; uses only fetch.
import { at, listAt, textAt } from '../../agents/json-fields.ts';
import { attempt } from '../../domain/errors.ts';
import { turnsOf } from './model-request.ts';
import {
  answerMaxTokens,
  cutOff,
  failureOfStatus,
  ProviderFailure,
  readValues,
  stopOf,
  usageOf,
  withinLimit,
  withSchema,
  type EndpointOptions,
  type ModelAnswer,
  type ModelPrompt,
  type Repair,
  type Transport,
} from './transport.ts';

/** Formats of an answer, from the strictest to none; if an endpoint refuses one, the next is tried. */
const formats = [
  ({ schema }: ModelPrompt) => ({ type: 'json_schema', json_schema: { name: 'records', strict: true, schema } }),
  () => ({ type: 'json_object' }),
  () => undefined,
] as const;

/**
 * `name`: `openai-compatible`, or the preset's. `key`: '' if the endpoint needs none, as on the user's own machine. `endpoint`: with
 * `/v1` if it has that; `/chat/completions` is appended.
 */
export function openAiTransport(options: EndpointOptions & { name: string }): Transport {
  const { name: who, key, model, endpoint, timeoutMs, now } = options;
  const url = `${endpoint.replace(/\/+$/, '')}/chat/completions`;
  // Remembers what the endpoint accepted.
  let dialect: 0 | 1 | 2 = 0;
  let lengthKey: 'max_tokens' | 'max_completion_tokens' = 'max_tokens';
  const bodyOf = (prompt: ModelPrompt, repair?: Repair) => ({
    model,
    [lengthKey]: answerMaxTokens,
    stream: false,
    messages: [
      { role: 'system', content: dialect === 0 ? prompt.system : withSchema(prompt) },
      ...turnsOf(prompt, repair),
    ],
    response_format: formats[dialect](prompt),
  });
  /** True when the refusal concerns the request's format and another format is left to try. */
  const relent = (status: number, detail: string): boolean => {
    if (![400, 404, 415, 422, 501].includes(status)) return false;
    if (lengthKey === 'max_tokens' && /max_completion_tokens/.test(detail)) {
      lengthKey = 'max_completion_tokens';
      return true;
    }
    // A 404 about the model or the path is not about the format.
    if (dialect === 2 || (status === 404 && !/response_format|json_schema|structured/i.test(detail))) return false;
    dialect = dialect === 0 ? 1 : 2;
    return true;
  };
  const ask = (prompt: ModelPrompt, repair?: Repair): Promise<ModelAnswer> =>
    withinLimit(who, timeoutMs, async (signal) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(key !== '' && { authorization: `Bearer ${key}` }) },
        body: JSON.stringify(bodyOf(prompt, repair)),
        // Do not send the key to another host by a redirect.
        redirect: 'error',
        signal,
      });
      if (response.ok) return readAnswer(who, await readValues(who, response));
      const detail = errorText(await response.text());
      if (relent(response.status, detail)) return ask(prompt, repair);
      throw failureOfStatus(who, response.status, detail, response.headers, { key, now });
    });
  return { name: who, model, host: new URL(url).host, describe: bodyOf, ask };
}

/** Reads `{"error":{"message":…}}`, `{"error":"…"}`, a list of these (Gemini), or plain text. */
function errorText(body: string): string {
  const [parsed] = [attempt((): unknown => JSON.parse(body))].flat();
  const error = at(parsed, 'error');
  const told = typeof error === 'string' ? error : [at(error, 'code'), at(error, 'message')].join(' ');
  return told.trim() === '' ? body : told;
}

/** Reads a whole completion, or the chunks of a streamed one. */
function readAnswer(who: string, values: readonly unknown[]): ModelAnswer {
  let text = '';
  let reason: unknown;
  let isRefused = false;
  let usage: unknown;
  let isWhole = values.includes('[DONE]');
  for (const value of values) {
    if ((at(value, 'error') ?? null) !== null)
      throw new ProviderFailure('passing', `${who}: ${errorText(JSON.stringify(value)).slice(0, 300)}`);
    const choice = listAt(value, 'choices')[0];
    const said = at(choice, 'message') ?? at(choice, 'delta');
    // A text, or a list of parts with texts.
    const parts = listAt(said, 'content').map((part) => textAt(part, 'text'));
    text += textAt(said, 'content') + parts.join('');
    isRefused ||= textAt(said, 'refusal') !== '';
    reason = at(choice, 'finish_reason') ?? reason;
    usage = at(value, 'usage') ?? usage;
    isWhole ||= reason !== undefined || at(choice, 'message') !== undefined;
  }
  if (!isWhole) throw cutOff(who);
  return { text, stop: isRefused ? 'refused' : stopOf(reason), ...usageOf(usage) };
}

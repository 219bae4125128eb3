// Chat completions as served by OpenRouter, Gemini's compatible endpoint, Ollama and many others; uses only fetch.
import { countOf, eventsOf, fieldsOf, isEventStream, listOf, parseBody, readBody, reasonOf } from './event-stream.ts';
import { turnsOf, withUsage } from './model-request.ts';
import {
  answerMaxTokens,
  failureOfStatus,
  ProviderFailure,
  type ModelAnswer,
  type ModelPrompt,
  type Repair,
  type Transport,
  withSchema,
} from './transport.ts';

export interface OpenAiOptions {
  /** `openai-compatible`, or the preset's. */
  name: string;
  /** '' if the endpoint needs none, as on the user's own machine. */
  key: string;
  model: string;
  /** Base URL, with `/v1` if the endpoint has it; `/chat/completions` is appended. */
  endpoint: string;
  timeoutMs: number;
  now(): Date;
}

/** From the strictest to the most common; if an endpoint refuses one, the next is tried. */
const dialects = ['json_schema', 'json_object', 'plain'] as const;
type Dialect = (typeof dialects)[number];

export function openAiTransport(options: OpenAiOptions): Transport {
  const { name: who, key, model, timeoutMs, now } = options;
  const url = `${options.endpoint.replace(/\/+$/, '')}/chat/completions`;
  // Remembers what the endpoint accepted.
  let dialect: Dialect = 'json_schema';
  let lengthKey: 'max_tokens' | 'max_completion_tokens' = 'max_tokens';
  const bodyOf = (prompt: ModelPrompt, repair?: Repair) => ({
    model,
    [lengthKey]: answerMaxTokens,
    stream: false,
    messages: [
      { role: 'system', content: dialect === 'json_schema' ? prompt.system : withSchema(prompt) },
      ...turnsOf(prompt, repair),
    ],
    ...formatOf(dialect, prompt),
  });
  const send = async (
    prompt: ModelPrompt,
    repair: Repair | undefined,
  ): Promise<{ response: Response; body: string }> => {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(key === '' ? {} : { authorization: `Bearer ${key}` }) },
        body: JSON.stringify(bodyOf(prompt, repair)),
        // Do not send the key to another host by a redirect.
        redirect: 'error',
        signal,
      });
      return { response, body: await readBody(who, response) };
    } catch (error) {
      if (signal.aborted)
        throw new ProviderFailure('passing', `${who}: no answer in ${timeoutMs / 1000} s`, { cause: error });
      if (error instanceof ProviderFailure) throw error;
      throw new ProviderFailure('passing', `${who}: ${reasonOf(error)}`, { cause: error });
    }
  };
  /** True when the refusal concerns the request's format and another format is left to try. */
  const relent = (status: number, detail: string): boolean => {
    if (![400, 404, 415, 422, 501].includes(status)) return false;
    if (lengthKey === 'max_tokens' && /max_completion_tokens/.test(detail)) lengthKey = 'max_completion_tokens';
    else {
      const next = dialects[dialects.indexOf(dialect) + 1];
      // A 404 about the model or the path is not about the format.
      if (next === undefined || (status === 404 && !/response_format|json_schema|structured/i.test(detail)))
        return false;
      dialect = next;
    }
    return true;
  };
  return {
    name: who,
    model,
    host: new URL(url).host,
    describe: bodyOf,
    async ask(prompt, repair) {
      for (;;) {
        const { response, body } = await send(prompt, repair);
        if (response.ok)
          return withUsage(isEventStream(response) ? readStream(who, body) : readCompletion(who, body), prompt);
        const detail = errorText(body);
        if (!relent(response.status, detail))
          throw failureOfStatus(who, response.status, detail, response.headers, now());
      }
    },
  };
}

function formatOf(dialect: Dialect, prompt: ModelPrompt): Record<string, unknown> {
  if (dialect === 'plain') return {};
  if (dialect === 'json_object') return { response_format: { type: 'json_object' } };
  return {
    response_format: { type: 'json_schema', json_schema: { name: 'records', strict: true, schema: prompt.schema } },
  };
}

/** Reads `{"error":{"message":…}}`, `{"error":"…"}`, a list of these (Gemini), or plain text. */
function errorText(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    const { error } = fieldsOf(Array.isArray(parsed) ? parsed[0] : parsed);
    const told = typeof error === 'string' ? error : [fieldsOf(error)['code'], fieldsOf(error)['message']].join(' ');
    return told.trim() === '' ? body : told;
  } catch {
    return body;
  }
}

function readCompletion(who: string, body: string): ModelAnswer {
  const completion = parseBody(who, body);
  if (completion['error'] !== undefined && completion['error'] !== null)
    throw new ProviderFailure('passing', `${who}: ${errorText(body).slice(0, 300)}`);
  const choice = fieldsOf(listOf(completion['choices'])[0]);
  const message = fieldsOf(choice['message']);
  const isRefused = typeof message['refusal'] === 'string' && message['refusal'] !== '';
  return {
    text: contentText(message['content']),
    stop: isRefused ? 'refused' : stopOf(choice['finish_reason']),
    ...usageOf(completion['usage']),
  };
}

function readStream(who: string, body: string): ModelAnswer {
  let text = '';
  let reason: unknown;
  let usage: unknown;
  let isRefused = false;
  for (const chunk of eventsOf(body).map(fieldsOf)) {
    if (chunk['error'] !== undefined && chunk['error'] !== null)
      throw new ProviderFailure('passing', `${who}: ${errorText(JSON.stringify(chunk)).slice(0, 300)}`);
    const choice = fieldsOf(listOf(chunk['choices'])[0]);
    const delta = fieldsOf(choice['delta']);
    text += contentText(delta['content']);
    isRefused ||= typeof delta['refusal'] === 'string' && delta['refusal'] !== '';
    reason = choice['finish_reason'] ?? reason;
    usage = chunk['usage'] ?? usage;
  }
  if (reason === undefined && !/^data:\s*\[DONE\]/m.test(body))
    throw new ProviderFailure('passing', `${who}: the connection broke off in the answer`);
  return { text, stop: isRefused ? 'refused' : stopOf(reason), ...usageOf(usage) };
}

/** A text, or a list of parts with texts. */
function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  return listOf(content)
    .map((part) => String(fieldsOf(part)['text'] ?? ''))
    .join('');
}

function stopOf(reason: unknown): ModelAnswer['stop'] {
  if (reason === 'content_filter' || reason === 'refusal') return 'refused';
  return reason === 'length' ? 'cut' : 'end';
}

function usageOf(usage: unknown): Pick<ModelAnswer, 'tokensIn' | 'tokensOut'> {
  const { prompt_tokens: tokensIn, completion_tokens: tokensOut } = fieldsOf(usage);
  return { tokensIn: countOf(tokensIn), tokensOut: countOf(tokensOut) };
}

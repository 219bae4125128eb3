// The Anthropic API. The SDK sends the request; the answer is read here, whole or streamed, since gateways send both.
import { Anthropic, APIConnectionTimeoutError, APIError } from '@anthropic-ai/sdk';
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

export interface AnthropicOptions {
  key: string;
  model: string;
  /** Base URL; '' is the public API. Only from the user's own settings or environment. */
  endpoint: string;
  timeoutMs: number;
  now(): Date;
}

const publicEndpoint = 'https://api.anthropic.com';
const who = 'anthropic';

const silent = (): void => {};

export function anthropicTransport(options: AnthropicOptions): Transport {
  const { key, model, timeoutMs, now } = options;
  const baseURL = options.endpoint === '' ? publicEndpoint : options.endpoint;
  // A model or gateway without structured output gets the schema in the prompt.
  let knowsSchemas = true;
  const bodyOf = (prompt: ModelPrompt, repair?: Repair) => ({
    model,
    max_tokens: answerMaxTokens,
    system: knowsSchemas ? prompt.system : withSchema(prompt),
    messages: turnsOf(prompt, repair),
    ...(knowsSchemas ? { output_config: { format: { type: 'json_schema' as const, schema: prompt.schema } } } : {}),
  });
  return {
    name: who,
    model,
    host: new URL(baseURL).host,
    describe: bodyOf,
    async ask(prompt, repair) {
      const client = new Anthropic({
        apiKey: key,
        baseURL,
        // The pipeline retries, counts the attempts and stores them across crashes.
        maxRetries: 0,
        timeout: timeoutMs,
        // Do not send the key to another host by a redirect.
        fetchOptions: { redirect: 'error' },
        // The default logger writes to stdout.
        logger: { debug: silent, info: silent, warn: silent, error: silent },
        openTelemetry: false,
      });
      const send = async (): Promise<ModelAnswer> => {
        const signal = AbortSignal.timeout(timeoutMs);
        let response: Response;
        try {
          response = await client.messages
            .create({ ...bodyOf(prompt, repair), stream: false }, { signal })
            .asResponse();
        } catch (error) {
          if (knowsSchemas && isAboutSchemas(error)) {
            knowsSchemas = false;
            return send();
          }
          throw failureOf(error, signal, timeoutMs, now());
        }
        const body = await readBody(who, response);
        const answer = isEventStream(response) ? readStream(body) : readMessage(body);
        return withUsage(answer, prompt);
      };
      return send();
    },
  };
}

function isAboutSchemas(error: unknown): boolean {
  return (
    error instanceof APIError &&
    error.status === 400 &&
    /output_config|output_format|json_schema|structured output/i.test(error.message)
  );
}

function failureOf(error: unknown, signal: AbortSignal, timeoutMs: number, now: Date): ProviderFailure {
  if (error instanceof APIConnectionTimeoutError || signal.aborted)
    return new ProviderFailure('passing', `${who}: no answer in ${timeoutMs / 1000} s`, { cause: error });
  if (error instanceof APIError && typeof error.status === 'number') {
    const told = fieldsOf(fieldsOf(error.error)['error']);
    return failureOfStatus(who, error.status, String(told['message'] ?? error.message), error.headers, now);
  }
  return new ProviderFailure('passing', `${who}: ${reasonOf(error)}`, { cause: error });
}

function readMessage(body: string): ModelAnswer {
  const message = parseBody(who, body);
  const blocks = listOf(message['content']).map(fieldsOf);
  return {
    // A thinking block may come first.
    text: blocks.map((block) => (block['type'] === 'text' ? String(block['text'] ?? '') : '')).join(''),
    stop: stopOf(message['stop_reason']),
    ...usageOf(fieldsOf(message['usage'])),
  };
}

function readStream(body: string): ModelAnswer {
  let text = '';
  let reason: unknown;
  let isWhole = false;
  let usage: Record<string, unknown> = {};
  for (const event of eventsOf(body).map(fieldsOf)) {
    if (event['type'] === 'error') throw streamFailure(fieldsOf(event['error']));
    if (event['type'] === 'message_start') usage = { ...usage, ...fieldsOf(fieldsOf(event['message'])['usage']) };
    if (event['type'] === 'content_block_delta') {
      const delta = fieldsOf(event['delta']);
      if (delta['type'] === 'text_delta') text += String(delta['text'] ?? '');
    }
    if (event['type'] === 'message_delta') {
      reason = fieldsOf(event['delta'])['stop_reason'] ?? reason;
      usage = { ...usage, ...fieldsOf(event['usage']) };
    }
    if (event['type'] === 'message_stop') isWhole = true;
  }
  if (!isWhole) throw new ProviderFailure('passing', `${who}: the connection broke off in the answer`);
  return { text, stop: stopOf(reason), ...usageOf(usage) };
}

function streamFailure({ type, message }: Record<string, unknown>): ProviderFailure {
  const isLasting = /authentication|permission|not_found|invalid_request|billing/.test(String(type));
  return new ProviderFailure(isLasting ? 'lasting' : 'passing', `${who}: ${String(message ?? type)}`);
}

function stopOf(reason: unknown): ModelAnswer['stop'] {
  if (reason === 'refusal') return 'refused';
  return reason === 'max_tokens' || reason === 'model_context_window_exceeded' ? 'cut' : 'end';
}

function usageOf(usage: Record<string, unknown>): Pick<ModelAnswer, 'tokensIn' | 'tokensOut'> {
  const tokensIn = ['input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens'].reduce(
    (sum, key) => sum + countOf(usage[key]),
    0,
  );
  return { tokensIn, tokensOut: countOf(usage['output_tokens']) };
}

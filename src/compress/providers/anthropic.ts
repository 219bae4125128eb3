// The Anthropic API. The SDK sends the request; the answer is read here, whole or streamed, since gateways send both.
import { Anthropic, APIError } from '@anthropic-ai/sdk';
import { at, listAt, textAt } from '../../agents/json-fields.ts';
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

const publicEndpoint = 'https://api.anthropic.com';
const who = 'anthropic';

const silent = (): void => {};

/** `endpoint`: '' is the public API. */
export function anthropicTransport({ key, model, endpoint, timeoutMs, now }: EndpointOptions): Transport {
  const baseURL = endpoint === '' ? publicEndpoint : endpoint;
  const client = new Anthropic({
    apiKey: key,
    baseURL,
    // The pipeline retries, counts the attempts and stores them across crashes.
    maxRetries: 0,
    // Later than ours.
    timeout: 2 * timeoutMs,
    // Do not send the key to another host by a redirect.
    fetchOptions: { redirect: 'error' },
    // The default logger writes to stdout.
    logger: { debug: silent, info: silent, warn: silent, error: silent },
    openTelemetry: false,
  });
  // A model or gateway without structured output gets the schema in the prompt.
  let knowsSchemas = true;
  const bodyOf = (prompt: ModelPrompt, repair?: Repair) => ({
    model,
    max_tokens: answerMaxTokens,
    system: knowsSchemas ? prompt.system : withSchema(prompt),
    messages: turnsOf(prompt, repair),
    ...(knowsSchemas && { output_config: { format: { type: 'json_schema' as const, schema: prompt.schema } } }),
  });
  const ask = (prompt: ModelPrompt, repair?: Repair): Promise<ModelAnswer> =>
    withinLimit(who, timeoutMs, async (signal) => {
      try {
        const body = { ...bodyOf(prompt, repair), stream: false as const };
        const response = await client.messages.create(body, { signal }).asResponse();
        return readAnswer(await readValues(who, response));
      } catch (error) {
        if (!(error instanceof APIError) || typeof error.status !== 'number') throw error;
        const isAboutSchemas = /output_config|output_format|json_schema|structured output/i.test(error.message);
        if (knowsSchemas && error.status === 400 && isAboutSchemas) {
          knowsSchemas = false;
          return ask(prompt, repair);
        }
        const told = textAt(error.error, 'error', 'message') || error.message;
        throw failureOfStatus(who, error.status, told, error.headers, { key, now });
      }
    });
  return { name: who, model, host: new URL(baseURL).host, describe: bodyOf, ask };
}

/** Reads a whole message, or the events of a streamed one. */
function readAnswer(values: readonly unknown[]): ModelAnswer {
  let text = '';
  let stop: unknown;
  let usage = {};
  let isWhole = false;
  for (const value of values) {
    const type = textAt(value, 'type');
    if (type === 'error') throw failureInStream(at(value, 'error'));
    const message = type === 'message_start' ? at(value, 'message') : value;
    // A thinking block may come first.
    for (const block of [...listAt(message, 'content'), at(value, 'delta')])
      if (/^text(?:_delta)?$/.test(textAt(block, 'type'))) text += textAt(block, 'text');
    stop = at(value, 'delta', 'stop_reason') ?? at(message, 'stop_reason') ?? stop;
    usage = { ...usage, ...(at(message, 'usage') as object | undefined) };
    isWhole ||= type === 'message_stop' || at(value, 'content') !== undefined;
  }
  if (!isWhole) throw cutOff(who);
  return { text, stop: stopOf(stop), ...usageOf(usage) };
}

function failureInStream(error: unknown): ProviderFailure {
  const type = textAt(error, 'type');
  const isLasting = /authentication|permission|not_found|invalid_request|billing/.test(type);
  return new ProviderFailure(isLasting ? 'lasting' : 'passing', `${who}: ${textAt(error, 'message') || type}`);
}

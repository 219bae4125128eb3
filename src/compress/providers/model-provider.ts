// One request to a model, from question to drafts: ask, check, one repair, else the extractive provider's answer.
import type { CompressRequest, Provider, Usage } from './provider.ts';
import { buildRequest, type BuiltRequest } from './model-request.ts';
import { parseReply, type ParsedReply } from './reply-schema.ts';
import type { ModelAnswer, Repair, Transport } from './transport.ts';

export interface ModelTools {
  transport: Transport;
  /** Applied to everything before it is sent. */
  redact(text: string): string;
  /** Token limit of one request, everything included. */
  maxTokens: number;
  fallback: Provider;
}

export interface ModelProvider extends Provider {
  readonly model: string;
  readonly host: string;
  /** The request as it would be sent; sends nothing. */
  build(request: CompressRequest): BuiltRequest;
  describe(request: CompressRequest): unknown;
}

/** Length of a bad answer sent for repair; enough to fix it. */
const repairMaxChars = 6_000;

export function modelProvider({ transport, redact, maxTokens, fallback }: ModelTools): ModelProvider {
  const by = `${transport.name}/${transport.model}`;
  const build = (request: CompressRequest): BuiltRequest => {
    const built = buildRequest(request, maxTokens);
    const { prompt } = built;
    return { ...built, prompt: { ...prompt, system: redact(prompt.system), user: redact(prompt.user) } };
  };
  return {
    name: transport.name,
    model: transport.model,
    host: transport.host,
    build,
    describe: (request) => transport.describe(build(request).prompt),
    async compress(request, notes) {
      const built = build(request);
      const usage: Usage = { requests: 0, tokensIn: 0, tokensOut: 0 };
      const ask = async (name: string, repair?: Repair): Promise<ModelAnswer> => {
        const stored = notes?.read(name) as ModelAnswer | undefined;
        const answer = stored ?? (await transport.ask(built.prompt, repair));
        // Store the paid answer before it is parsed.
        if (stored === undefined) notes?.write(name, answer);
        usage.requests++;
        usage.tokensIn += answer.tokensIn;
        usage.tokensOut += answer.tokensOut;
        return answer;
      };
      const first = await ask('answer');
      let parsed = readAnswer(first, request, built);
      if ('errors' in parsed) {
        const repair = { answer: cut(first.text), complaint: complain(parsed.errors) };
        // Only one attempt, even if it fails.
        const second = await ask('repair', repair).catch(() => undefined);
        if (second) parsed = readAnswer(second, request, built);
      }
      if ('errors' in parsed) return { ...(await fallback.compress(request)), usage, paid: by };
      return { ...parsed, usage, by };
    },
  };
}

function readAnswer(answer: ModelAnswer, request: CompressRequest, built: BuiltRequest): ParsedReply {
  if (answer.stop === 'refused') return { errors: ['the request was declined; it asks for notes on ordinary work'] };
  const parsed = parseReply(answer.text, request.mode, built.maxRecords);
  if ('errors' in parsed && answer.stop === 'cut')
    return { errors: ['the reply was too long and was cut off: write fewer and shorter records'] };
  return parsed;
}

function complain(errors: readonly string[]): string {
  return `Your reply cannot be used:\n${errors.map((error) => `- ${error}`).join('\n')}\nAnswer again with the whole JSON object, mended, and nothing else.`;
}

function cut(text: string): string {
  // Some endpoints reject an empty turn.
  return text.trim() === '' ? '(empty)' : text.slice(0, repairMaxChars);
}

// One request to a model, from question to drafts: whether it may be asked, ask, check, one repair; else the rules' answer.
import { messageOf } from '../../domain/errors.ts';
import { tokensOf } from '../../domain/excerpt.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { noteFailure, noteSuccess, whyNotNow } from './breaker.ts';
import type { CompressReply, CompressRequest, Notes, Provider, Usage } from './provider.ts';
import { buildRequest, type BuiltRequest } from './model-request.ts';
import { parseReply, type ParsedReply } from './reply-schema.ts';
import { failureOf, type ModelAnswer, type Repair, type Transport } from './transport.ts';

export interface ModelTools {
  paths: MemoryPaths;
  transport: Transport;
  /** Applied to everything before it is sent. */
  redact(text: string): string;
  /** Token limit of one request, everything included. */
  maxTokens: number;
  /** Tokens per day, in and out; 0 means no cap. */
  maxPerDay: number;
  /** Identifies provider, model, endpoint and key. */
  setup: string;
  fallback: Provider;
  now(): Date;
}

export interface ModelProvider extends Provider {
  readonly model: string;
  readonly host: string;
  /** The request as it would be sent; sends nothing. */
  build(request: CompressRequest): BuiltRequest;
  describe(request: CompressRequest): unknown;
  /** Why the model does not get this request (endpoint paused, daily cap reached); undefined: it does. */
  whyNot(request: CompressRequest): string | undefined;
}

/** Typical cost of an answer, for the cap. */
const usualTokensOut = 2_000;
/** Length of a bad answer sent for repair; enough to fix it. */
const repairMaxChars = 6_000;

export function modelProvider(tools: ModelTools): ModelProvider {
  const { paths, transport, redact, maxTokens, setup, fallback, now } = tools;
  const build = (request: CompressRequest): BuiltRequest => {
    const built = buildRequest(request, maxTokens);
    const { prompt } = built;
    return { ...built, prompt: { ...prompt, system: redact(prompt.system), user: redact(prompt.user) } };
  };
  const whyNot = (request: CompressRequest): string | undefined =>
    whyNotNow(tools, now(), build(request).tokens + usualTokensOut);
  return {
    name: transport.name,
    model: transport.model,
    host: transport.host,
    build,
    describe: (request) => transport.describe(build(request).prompt),
    whyNot,
    async compress(request, notes) {
      if (whyNot(request) !== undefined) return fallback.compress(request);
      try {
        const reply = await askModel(request, build(request), tools, notes);
        noteSuccess(paths);
        return reply;
      } catch (error) {
        const { kind, retryAfterMs } = failureOf(error);
        const isLasting = kind === 'lasting';
        noteFailure(paths, setup, now(), { reason: messageOf(error), isLasting, retryAfterMs });
        if (isLasting) return fallback.compress(request);
        throw error;
      }
    },
  };
}

async function askModel(
  request: CompressRequest,
  built: BuiltRequest,
  { transport, fallback }: ModelTools,
  notes: Notes | undefined,
): Promise<CompressReply> {
  const by = `${transport.name}/${transport.model}`;
  const usage: Usage = { requests: 0, tokensIn: 0, tokensOut: 0 };
  const ask = async (name: string, repair?: Repair): Promise<ModelAnswer> => {
    const stored = notes?.read(name) as ModelAnswer | undefined;
    const answer = stored ?? (await transport.ask(built.prompt, repair));
    // Store the paid answer before it is parsed.
    if (stored === undefined) notes?.write(name, answer);
    usage.requests++;
    // Estimates where the endpoint reports none.
    usage.tokensIn += answer.tokensIn || built.tokens;
    usage.tokensOut += answer.tokensOut || tokensOf(answer.text);
    return answer;
  };
  const first = await ask('answer');
  let parsed = readAnswer(first, request, built);
  if ('errors' in parsed) {
    // Some endpoints reject an empty turn.
    const answer = first.text.trim() === '' ? '(empty)' : first.text.slice(0, repairMaxChars);
    const complaint = `Your reply cannot be used:\n${parsed.errors.map((error) => `- ${error}`).join('\n')}\nAnswer again with the whole JSON object, mended, and nothing else.`;
    // Only one attempt, even if it fails.
    const second = await ask('repair', { answer, complaint }).catch(() => undefined);
    if (second) parsed = readAnswer(second, request, built);
  }
  if ('errors' in parsed) return { ...(await fallback.compress(request)), usage, paid: by };
  return { ...parsed, usage, by };
}

function readAnswer({ text, stop }: ModelAnswer, { mode }: CompressRequest, { maxRecords }: BuiltRequest): ParsedReply {
  if (stop === 'refused') return { errors: ['the request was declined; it asks for notes on ordinary work'] };
  const parsed = parseReply(text, mode, maxRecords);
  if ('errors' in parsed && stop === 'cut')
    return { errors: ['the reply was too long and was cut off: write fewer and shorter records'] };
  return parsed;
}

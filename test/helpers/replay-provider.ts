import type { Draft } from '../../src/domain/draft.ts';
import { RepomemError } from '../../src/domain/errors.ts';
import type { CompressReply, CompressRequest, Provider } from '../../src/compress/providers/provider.ts';

export interface ScriptedReply {
  reply?: Partial<Omit<CompressReply, 'drafts'>> & { drafts?: Partial<Draft>[] };
  /** Fails with this message instead. */
  error?: string;
}

export interface Scripted extends Provider {
  /** Requests in order, copied on arrival. */
  readonly requests: readonly CompressRequest[];
}

const emptyDraft: Draft = {
  type: 'discovery',
  title: '',
  description: '',
  body: '',
  facts: [],
  concepts: [],
  aliases: [],
  cites: [],
  confidence: 0.5,
  importance: 0.5,
  supersedes: [],
  contradicts: [],
};

/** Replays `replies` in order; the last one (or an empty reply) answers all further requests. */
export function replayProvider(replies: readonly ScriptedReply[]): Scripted {
  const requests: CompressRequest[] = [];
  return {
    name: 'scripted',
    requests,
    async compress(request) {
      requests.push(structuredClone(request));
      const { reply = {}, error } = replies[requests.length - 1] ?? replies.at(-1) ?? {};
      if (error !== undefined) throw new RepomemError('provider', `scripted: ${error}`);
      return {
        by: 'scripted/1',
        usage: { requests: 1, tokensIn: 0, tokensOut: 0 },
        ...reply,
        drafts: (reply.drafts ?? []).map((draft) => ({ ...emptyDraft, ...draft })),
      };
    },
  };
}

import { playReply, type ScriptedReply } from '../../src/compress/claims/scripted.ts';
import type { CompressRequest, Provider } from '../../src/compress/providers/provider.ts';

export interface Scripted extends Provider {
  /** Requests in order, copied on arrival. */
  readonly requests: readonly CompressRequest[];
}

/** Replays `replies` in order; the last one (or an empty reply) answers all further requests. */
export function replayProvider(replies: readonly ScriptedReply[]): Scripted {
  const requests: CompressRequest[] = [];
  return {
    name: 'scripted',
    requests,
    compress(request) {
      requests.push(structuredClone(request));
      return playReply(replies[requests.length - 1] ?? replies.at(-1) ?? {});
    },
  };
}

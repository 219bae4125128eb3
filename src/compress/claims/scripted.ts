// A provider for tests that replays replies from a JSON file (named by REPOMEM_SCRIPTED_PROVIDER) and logs each call beside it before
// answering.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Draft } from '../../domain/draft.ts';
import { RepomemError } from '../../domain/errors.ts';
import type { CompressReply, Provider } from '../providers/provider.ts';

export interface ScriptedReply {
  reply?: Partial<Omit<CompressReply, 'drafts'>> & { drafts?: Partial<Draft>[] };
  /** Fails with this message instead. */
  error?: string;
  /** Waits first. */
  delayMs?: number;
  /** Never answers. */
  hangs?: boolean;
  /** Dies as by kill -9. */
  crashes?: boolean;
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

function fillReply(reply: ScriptedReply['reply'] = {}): CompressReply {
  return {
    by: 'scripted/1',
    usage: { requests: 1, tokensIn: 0, tokensOut: 0 },
    ...reply,
    drafts: (reply.drafts ?? []).map((draft) => ({ ...emptyDraft, ...draft })),
  };
}

export async function playReply(step: ScriptedReply): Promise<CompressReply> {
  if (step.delayMs !== undefined) await sleep(step.delayMs);
  if (step.crashes === true) process.kill(process.pid, 'SIGKILL');
  // A timer keeps the process alive, as an open socket would.
  while (step.hangs === true) await sleep(60_000);
  if (step.error !== undefined) throw new RepomemError('provider', `scripted: ${step.error}`);
  return fillReply(step.reply);
}

/** Log of a script's calls, one JSON request per line; also counts them across processes. */
export const callsFile = (script: string): string => `${script}.calls.jsonl`;

/** `script` is a JSON file with a list of ScriptedReply, read at each call; the last one (or an empty reply) answers all further requests. */
export function scriptedProvider(script: string): Provider {
  return {
    name: 'scripted',
    compress(request) {
      const replies = JSON.parse(readFileSync(script, 'utf8')) as ScriptedReply[];
      const calls = callsFile(script);
      const count = existsSync(calls) ? readFileSync(calls, 'utf8').split('\n').filter(Boolean).length : 0;
      appendFileSync(calls, `${JSON.stringify(request)}\n`);
      return playReply(replies[count] ?? replies.at(-1) ?? {});
    },
  };
}

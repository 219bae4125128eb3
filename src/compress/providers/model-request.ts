// Builds the question to a model: what to look for, what is known, what happened. Pure; the same for every endpoint.
import { tokensOf } from '../../domain/excerpt.ts';
import { prepareSession } from '../session/prepare-session.ts';
import { clip } from './pieces.ts';
import type { CompressRequest, KnownRecord } from './provider.ts';
import { replySchema } from './reply-schema.ts';
import { formatRules } from './rules-for-models.ts';
import { tellSession } from './tell-session.ts';
import type { ModelPrompt, Repair } from './transport.ts';

export interface BuiltRequest {
  prompt: ModelPrompt;
  /** Maximum number of records that the prompt asks for. */
  maxRecords: number;
  /** ⌈characters / 4⌉ of the model's whole input: rules, notes, known records, schema. */
  tokens: number;
}

/** Share of known records in the room left by the rules. */
const knownShare = 0.12;
const knownLineMaxChars = 240;
const charsPerRecord = 1_600;
const [recordsMin, recordsMax] = [4, 12];
/** Minimum room for the notes, whatever the settings. */
const notesMinChars = 800;

/** The whole request stays within `maxTokens`: the least informative statements are left out. */
export function buildRequest(request: CompressRequest, maxTokens: number): BuiltRequest {
  const schema = replySchema(request.mode);
  const frame = formatRules(request, recordsMax).length + JSON.stringify(schema).length + 200;
  const room = Math.max(notesMinChars, maxTokens * 4 - frame);
  const known = knownLines(request.known, room * knownShare);
  const text = tellSession(prepareSession(request.events), Math.max(notesMinChars, room - known.length));
  const maxRecords = Math.max(recordsMin, Math.min(recordsMax, Math.round(text.length / charsPerRecord)));
  const user = `${known === '' ? '' : `KNOWN (id type title — description)\n${known}\n\n`}NOTES\n${text}`;
  const prompt = { system: formatRules(request, maxRecords), user, schema };
  const tokens = tokensOf(prompt.system) + tokensOf(user) + tokensOf(JSON.stringify(schema));
  return { prompt, maxRecords, tokens };
}

interface Message {
  role: 'user' | 'assistant';
  content: string;
}

/** The conversation, without the rules. */
export function turnsOf({ user }: ModelPrompt, repair?: Repair): Message[] {
  const asked: Message = { role: 'user', content: user };
  if (repair === undefined) return [asked];
  return [asked, { role: 'assistant', content: repair.answer }, { role: 'user', content: repair.complaint }];
}

/** `known` begins with the session's own records and the most similar ones. */
function knownLines(known: readonly KnownRecord[], maxChars: number): string {
  const lines: string[] = [];
  let room = maxChars;
  for (const { id, type, title, description } of known) {
    if (type === 'session' || type === 'tombstone') continue;
    const told = clip(`${id} ${type} ${title}${description === '' ? '' : ` — ${description}`}`, knownLineMaxChars);
    if (told.length + 1 > room) continue;
    room -= told.length + 1;
    lines.push(told);
  }
  return lines.join('\n');
}

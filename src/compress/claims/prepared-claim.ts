// The first stage: reads a claim once. All later stages depend only on the prepared claim, the reply and the session's state, so a
// claim can be resumed after its transcript or branch is gone.
import { readFileSync } from 'node:fs';
import { joinTranscript } from '../../agents/join.ts';
import { hostOf, type SpoolFile } from '../../capture/spool.ts';
import { attempt, messageOf } from '../../domain/errors.ts';
import type { Event } from '../../domain/event.ts';
import { condense } from '../events/condense.ts';
import { buryEvent, claimedFiles, isDiskError, readStage, writeStage, type Claim } from './claim.ts';
import { dropPrivateTurns, makeCleaner } from './clean.ts';
import { closePassages } from './private-passages.ts';
import { maskEvents } from './mask-events.ts';
import type { SessionState } from './session-state.ts';
import type { CompressTools, HeadInfo, ParsedPayload } from './dependencies.ts';

/**
 * `model`: asked once, over the whole session. `passing`: the rules, while a model will be asked later; local records only. `rules`:
 * no model is chosen.
 */
export type PassKind = 'model' | 'passing' | 'rules';

export interface PreparedClaim extends HeadInfo {
  session: string;
  agent?: string;
  /** ISO 8601: `created` of its records. */
  at: string;
  /** Cleaned, filtered, condensed, in order; among them those of earlier claims that this one tells again. */
  events: Event[];
  /** Keys of all new events of this claim, kept or not. */
  keys: string[];
  transcript?: { path: string; from: number; to: number };
  isTurnPrivate: boolean;
  /** A private passage is still open at the end: the following text is private too. */
  isPassageOpen: boolean;
  /** The session ended, is compacted, or counts as ended: a model is asked now. */
  closes: boolean;
  files: number;
}

const triesMax = 5;

/** Tolerant: a byte order mark or raw control characters must not lose an event. */
export function decodePayload(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  const value =
    attempt((): unknown => JSON.parse(text)) ??
    attempt((): unknown => JSON.parse(text.replace(/[\u0000-\u001f]+/g, ' ').trim()));
  // The parser's message would quote the text, which may be private.
  if (value === undefined) throw new Error(`not JSON, ${bytes.length} bytes`);
  return value;
}

export function arrivedAt(file: SpoolFile): string {
  return new Date(file.mtimeMs).toISOString();
}

/** Cleans a payload before its agent cuts it, because half a key would not be detected. */
export function readPayload(file: SpoolFile, tools: CompressTools): ParsedPayload {
  return tools.parsePayload(makeCleaner(tools)(decodePayload(readFileSync(file.path))), arrivedAt(file), hostOf(file));
}

/** Reads every event; an unreadable one is set aside with its reason, and the rest continues. */
export function readEvents(claim: Claim, tools: CompressTools, report: (reason: string) => void): ParsedPayload[] {
  const parsed: ParsedPayload[] = [];
  const before = readStage<Record<string, number>>(claim, 'deaths');
  const deaths = { ...before };
  const note = (): void => writeStage(claim, 'deaths', deaths, tools.write);
  note();
  for (const file of claimedFiles(claim)) {
    const tries = (deaths[file.name] ?? 0) + 1;
    try {
      if (tries > triesMax) throw new Error(`the compressor died ${triesMax} times while reading it`);
      // Counts until it was read: after a crash, it shows which event killed the reader.
      deaths[file.name] = tries;
      if (before !== undefined) note();
      parsed.push(readPayload(file, tools));
      delete deaths[file.name];
    } catch (error) {
      // Retry later on disk errors. Broken JSON would fail again: set it aside at once.
      if (isDiskError(error) && tries < triesMax) {
        note();
        throw error;
      }
      const reason = tools.redact(messageOf(error)).text;
      buryEvent(claim, file, reason, tools.write);
      report(`${file.name}: set aside; ${reason}`);
    }
  }
  // A crash after this point has another cause.
  if (before !== undefined) note();
  return parsed;
}

/**
 * `kept`: events of the session's earlier claims. `isOver`: the session counts as ended. The caller holds the session's lock, or only
 * looks.
 */
export function prepareClaim(
  payloads: readonly ParsedPayload[],
  ground: { state: SessionState; kept: readonly Event[]; head: HeadInfo; isOver: boolean },
  tools: CompressTools,
): PreparedClaim {
  const { state, kept, head, isOver } = ground;
  const { session } = state;
  const at = `${tools.env.now().toISOString().slice(0, 19)}Z`;
  const told = payloads.flatMap((payload) => payload.events);
  const last = payloads.findLast((payload) => payload.transcriptPath !== undefined);
  const path = last?.transcriptPath ?? state.transcript?.path;
  const from = state.transcript?.path === path ? (state.transcript?.offset ?? 0) : 0;
  const context = { at, host: last?.host ?? '' };
  const part = path === undefined ? undefined : tools.readTranscript(path, from, context, makeCleaner(tools));
  const seen = new Set(state.seen);
  const entries = joinTranscript(part?.entries ?? [], told, kept, seen);
  const { events: whole, isOpen: isPassageOpen } = closePassages(entries, state.isPassageOpen === true);
  const joined = whole.filter((event) => !seen.has(event.key));
  const keptKeys = new Set(kept.map(({ key }) => key));
  const again = whole.filter((event) => keptKeys.has(event.key));
  const open = joined.filter((event) => tools.isPaused?.(session, event.at) !== true);
  const turns = dropPrivateTurns(open, state.isTurnPrivate);
  const shorten = (events: readonly Event[]): Event[] => tools.filter(events).map(condense);
  // Redact last: cutting and tidying may join parts of a secret.
  const masked = [
    ...maskEvents(shorten(turns.events), kept.slice(-4), tools),
    ...maskEvents(shorten(again), [], tools),
  ];
  const byKey = new Map(masked.map((event) => [event.key, event]));
  return {
    ...head,
    session,
    agent: payloads.findLast((payload) => payload.agent !== undefined)?.agent ?? state.agent,
    at,
    events: whole.flatMap(({ key }) => byKey.get(key) ?? []),
    keys: joined.map((event) => event.key),
    ...(path !== undefined && part !== undefined && { transcript: { path, from, to: part.to } }),
    isTurnPrivate: turns.isTurnPrivate,
    isPassageOpen,
    closes: isOver || joined.some((event) => isClosing(event, tools.settings.learnWhen)),
    files: payloads.length,
  };
}

function isClosing(event: Event, learnWhen: CompressTools['settings']['learnWhen']): boolean {
  if (event.kind === 'boundary') return event.what === 'end' || event.what === 'compaction';
  return learnWhen === 'commit' && event.kind === 'command' && event.commit !== undefined;
}

export function sessionOf(payloads: readonly ParsedPayload[]): string {
  return payloads.find((payload) => payload.session !== '')?.session ?? '';
}

// The block that a session starts with, put together from one reading of the records.
import { fitBlock } from '../context/fit.ts';
import { describeRanking, rankBest, type WorkingSet, type Candidate } from '../context/rank.ts';
import { isAbsolute, join } from 'node:path';
import { newSentences } from '../context/repeats.ts';
import { renderWhole, type BlockContent } from '../context/render.ts';
import { tokensOf, type Excerpt } from '../domain/excerpt.ts';
import { offsetOf } from '../domain/local-time.ts';
import { placeText } from '../memory/stale-lines.ts';
import { cleanLine, cleanText } from '../privacy/invisible.ts';
import { readRecordFile } from '../store/read.ts';
import { ageInDays } from '../domain/weight.ts';
import { readWorkingSet } from '../memory/working-set.ts';
import { markStale } from '../memory/freshness.ts';
import type { Memory } from '../memory/open.ts';
import { findSummary } from './sessions.ts';
import { foreignOnes, readRecordSet, tellable, type RecordSet } from '../memory/records.ts';

export interface Block {
  /** '' when the context is switched off. */
  text: string;
  shown: number;
  total: number;
  ids: string[];
  /** When the last session ended, where its summary is here; ISO 8601. */
  lastSession?: string;
}

export interface BlockRequest {
  /** The session that asks: its own summary is a checkpoint, never "the last session". */
  session?: string;
  /** The host compacted the conversation: the session's own summary goes with the block. */
  withCheckpoint?: boolean;
  /** What startRecent gave, where it was asked beforehand. */
  recent?: string;
}

/** How many of the best stand above the days. */
const nowCount = 5;

export async function buildBlock(memory: Memory, request: BlockRequest = {}, recordSet?: RecordSet): Promise<Block> {
  const { settings } = memory;
  if (!settings.context.enabled) return { text: '', shown: 0, total: 0, ids: [] };
  recordSet ??= await readRecordSet(memory);
  const wanted = tellable(recordSet).filter(({ excerpt }) => isWanted(excerpt, settings.context));
  const workingSet: WorkingSet = readWorkingSet(memory, request);
  const count = Math.max(nowCount, settings.context.maxRecords);
  const ranked = await rankBest(wanted, workingSet, memory.env.now(), count, (some) => markStale(memory, some));
  const last = findSummary(memory, recordSet, { ...(request.session && { except: request.session }) });
  const checkpoint =
    request.withCheckpoint && request.session
      ? findSummary(memory, recordSet, { session: request.session })
      : undefined;
  const content = {
    shown: ranked,
    nowCount,
    total: wanted.length,
    foreignCount: foreignOnes(recordSet).length,
    rankedBy: describeRanking(workingSet),
    howTo: howToRead,
    offset: offsetOf(memory.env.now()),
    ...(last && isNewer(last.created, wanted, memory) && { last }),
    ...(checkpoint && { checkpoint }),
  };
  const budget = { tokens: settings.context.budgetTokens, maxRecords: settings.context.maxRecords };
  const index = fitBlock(content, budget);
  const { text, shown } = wholeRecords(memory, content, index) ?? index;
  return {
    text,
    shown,
    total: wanted.length,
    ids: ranked.slice(0, shown).map((one) => one.excerpt.id),
    ...(last && { lastSession: last.created }),
  };
}

/** The records instead of their index, where they are all told and cost no more. */
function wholeRecords(
  memory: Memory,
  content: BlockContent,
  index: { text: string; shown: number },
): { text: string; shown: number } | undefined {
  const { shown, total, last, checkpoint } = content;
  if (total === 0 || total > wholeMax || index.shown < total || last || checkpoint) return undefined;
  try {
    const texts = shown.map(({ excerpt }) => readText(memory, excerpt));
    const text = renderWhole(content, texts);
    return tokensOf(text) <= tokensOf(index.text) ? { text, shown: total } : undefined;
  } catch {
    // One that has just gone or changed: the index tells of it.
    return undefined;
  }
}

/** More than these are never less than their lines. */
const wholeMax = 5;

function readText(memory: Memory, excerpt: Excerpt): string {
  const { path, tier, bytes, mtimeMs } = excerpt;
  const absolute = isAbsolute(path) ? path : join(memory.paths.root, path);
  const read = readRecordFile({ path, absolute, tier, bytes, mtimeMs });
  if ('problem' in read) throw new Error(read.problem.reason);
  const { title, description, body, facts, cites } = read.record;
  return [
    ...newSentences([cleanLine(description, 300)], [title, body]),
    ...(body.trim() ? [cleanText(body.trim())] : []),
    ...facts.map((fact) => `- ${cleanLine(fact, 300)}`),
    ...(cites.length > 0 ? [`Files: ${cites.map(placeText).join(', ')}`] : []),
  ].join('\n');
}

const howToRead =
  'To read more: tools get_observations (ids), search (a question), timeline (an id) of the repomem server; or `repomem show ID`, `repomem search QUESTION`. The files stand under .claude-mem/.';

function isWanted(excerpt: Excerpt, context: Memory['settings']['context']): boolean {
  const { types, concepts } = context;
  if (types.length > 0 && !types.includes(excerpt.type)) return false;
  return concepts.length === 0 || excerpt.concepts.some((concept) => concepts.includes(concept));
}

/** A summary says where work stands until a later session has left records; a month-old one says nothing any more. */
function isNewer(created: string, told: readonly Candidate[], memory: Memory): boolean {
  if (ageInDays(created, memory.env.now()) > 30) return false;
  return !told.some(({ excerpt }) => excerpt.created > created);
}

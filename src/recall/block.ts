// The block that a session starts with, put together from one reading of the records.
import { fitBlock } from '../context/fit.ts';
import { describeRanking, rankBest, type WorkingSet, type Candidate, type Ranked } from '../context/rank.ts';
import type { Excerpt } from '../domain/excerpt.ts';
import { offsetOf } from '../domain/local-time.ts';
import { ageInDays } from '../domain/weight.ts';
import { readWorkingSet } from '../git/state/read-working-set.ts';
import { markStale } from '../memory/mark-stale.ts';
import type { Memory } from '../memory/open.ts';
import { findSummary } from './last-session.ts';
import { wholeRecords } from './whole-records.ts';
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
  /** The answer of startRecent, where it was asked beforehand. */
  recent?: string;
}

/** How many of the best stand above the days. */
const nowCount = 5;

export async function buildBlock(memory: Memory, request: BlockRequest = {}, recordSet?: RecordSet): Promise<Block> {
  if (!memory.settings.context.enabled) return { text: '', shown: 0, total: 0, ids: [] };
  return (await rankBlock(memory, request, recordSet)).block;
}

/** The block with the order that it was cut from; `runnersUp`: how many beyond those that the block may list. */
export async function rankBlock(
  memory: Memory,
  request: BlockRequest = {},
  recordSet?: RecordSet,
  runnersUp = 0,
): Promise<{ block: Block; ranked: readonly Ranked[]; workingSet: WorkingSet }> {
  const { settings } = memory;
  recordSet ??= await readRecordSet(memory);
  const wanted = tellable(recordSet).filter(({ excerpt }) => isWanted(excerpt, settings.context));
  const workingSet: WorkingSet = readWorkingSet(memory.paths, memory.snapshot, request.recent);
  const count = Math.max(nowCount, settings.context.maxRecords);
  const now = memory.env.now();
  const ranked = await rankBest(wanted, workingSet, now, count + runnersUp, (some) => markStale(memory, some));
  const { session, withCheckpoint } = request;
  const last = findSummary(memory, recordSet, { except: session });
  const checkpoint = withCheckpoint && session ? findSummary(memory, recordSet, { session }) : undefined;
  const content = {
    shown: ranked.slice(0, count),
    nowCount,
    total: wanted.length,
    foreignCount: foreignOnes(recordSet).length,
    rankedBy: describeRanking(workingSet),
    howTo: howToRead,
    offset: offsetOf(now),
    last: last && isNewer(last.created, wanted, memory) ? last : undefined,
    checkpoint,
  };
  const budget = { tokens: settings.context.budgetTokens, maxRecords: settings.context.maxRecords };
  const index = fitBlock(content, budget);
  const { text, shown } = (await wholeRecords(memory, content, index)) ?? index;
  const ids = ranked.slice(0, shown).map((one) => one.excerpt.id);
  const block = { text, shown, total: wanted.length, ids, lastSession: last?.created };
  return { block, ranked, workingSet };
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

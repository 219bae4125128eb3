// The block that a session starts with, put together from one reading of the records.
import { type BlockContent, type LastSession, newSentences, renderWhole } from '../context/render-block.ts';
import { type Excerpt, isTrusted, tokensOf } from '../domain/excerpt.ts';
import type { Memory } from '../memory/open.ts';
import { placeText } from '../memory/stale-lines.ts';
import { cleanLine, cleanText } from '../privacy/invisible.ts';
import { absolutePath } from '../store/layout.ts';
import { readPlainFile } from '../store/read-with.ts';
import { shortSession } from '../domain/id.ts';
import { foreignOnes, readRecordSet, type RecordSet, tellable } from '../memory/records.ts';
import { readTextOrEmpty } from '../store/lenient-files.ts';
import { fitBlock } from '../context/fit.ts';
import { describeRanking, explainScore, rankBest } from '../context/rank.ts';
import { offsetOf } from '../domain/local-time.ts';
import { ageInDays } from '../domain/types.ts';
import { readWorkingSet } from '../git/state/read-working-set.ts';
import { markStale } from '../memory/mark-stale.ts';

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

/** How many beyond those that the block may list are explained. */
const runnersUpCount = 30;

/** Why a session is told what it is told. Writes nothing. With the context switched off the text is '' and the order stays to be seen. */
export async function explainBlock(memory: Memory, recordSet?: RecordSet) {
  const { block, ranked, workingSet } = await rankBlock(memory, {}, recordSet, runnersUpCount);
  const told = memory.settings.context.enabled ? block : { ...block, text: '', shown: 0, ids: [] };
  return {
    ...told,
    rankedBy: describeRanking(workingSet),
    /** Best first: those of the block, then the runners-up. */
    records: ranked.map((one, at) => ({
      ...one,
      reasons: explainScore(one, workingSet, memory.env.now()),
      isShown: at < told.shown,
    })),
  };
}

/** The block with the order that it was cut from; `runnersUp`: how many beyond those that the block may list. */
async function rankBlock(memory: Memory, request: BlockRequest, recordSet?: RecordSet, runnersUp = 0) {
  const { settings } = memory;
  recordSet ??= await readRecordSet(memory);
  const { types, concepts } = settings.context;
  const wanted = tellable(recordSet).filter(
    ({ excerpt }) =>
      (types.length === 0 || types.includes(excerpt.type)) &&
      (concepts.length === 0 || excerpt.concepts.some((concept) => concepts.includes(concept))),
  );
  const workingSet = readWorkingSet(memory.paths, memory.snapshot, request.recent);
  const count = Math.max(nowCount, settings.context.maxRecords);
  const now = memory.env.now();
  const ranked = await rankBest(wanted, workingSet, now, count + runnersUp, (some) => markStale(memory, some));
  const { session, withCheckpoint } = request;
  const last = findSummary(memory, recordSet, { except: session });
  const checkpoint = withCheckpoint && session ? findSummary(memory, recordSet, { session }) : undefined;
  // A summary says where work stands until a later session has left records; a month-old one says nothing any more.
  const isNew =
    last && ageInDays(last.created, now) <= 30 && !wanted.some(({ excerpt }) => excerpt.created > last.created);
  const content = {
    shown: ranked.slice(0, count),
    nowCount,
    total: wanted.length,
    foreignCount: foreignOnes(recordSet).length,
    rankedBy: describeRanking(workingSet),
    howTo: howToRead,
    offset: offsetOf(now),
    last: isNew ? last : undefined,
    checkpoint,
  };
  const budget = { tokens: settings.context.budgetTokens, maxRecords: settings.context.maxRecords };
  const index = fitBlock(content, budget);
  const { text, shown } = (await wholeRecords(memory, content, index)) ?? index;
  const ids = ranked.slice(0, shown).map((one) => one.excerpt.id);
  const block: Block = { text, shown, total: wanted.length, ids, lastSession: last?.created };
  return { block, ranked, workingSet };
}

const howToRead =
  'To read more: tools get_observations (ids), search (a question), timeline (an id) of the repomem server; or `repomem show ID`, `repomem search QUESTION`. The files stand under .claude-mem/.';

/** The newest summary that belongs here; of `session` alone when it is given; undefined when there is none. */
function findSummary(
  memory: Memory,
  recordSet: RecordSet,
  options: { session?: string; except?: string },
): LastSession | undefined {
  let newest: Excerpt | undefined;
  for (const { excerpt, isHere, isActive, trust } of recordSet.assessed) {
    if (excerpt.type !== 'session' || !isHere || !isActive || !isTrusted(trust)) continue;
    if (options.session !== undefined && excerpt.session !== shortSession(options.session)) continue;
    if (options.except !== undefined && excerpt.session === shortSession(options.except)) continue;
    if (!newest || timeOf(excerpt) > timeOf(newest)) newest = excerpt;
  }
  return newest && readSummary(memory, newest);
}

function timeOf(excerpt: Excerpt): string {
  return excerpt.ended ?? excerpt.created;
}

function readSummary(memory: Memory, excerpt: Excerpt): LastSession | undefined {
  const text = readTextOrEmpty(absolutePath(memory.paths, excerpt.path)).replaceAll('\r\n', '\n');
  // Cheap on purpose: no YAML code on the way of a hook.
  const end = text.indexOf('\n---\n');
  if (end === -1) return undefined;
  const body = text.slice(end + 5);
  return {
    id: excerpt.id,
    created: timeOf(excerpt),
    ...(excerpt.branch && { branch: excerpt.branch }),
    request: excerpt.request ?? excerpt.title,
    learned: listUnder(body, 'learned'),
    completed: listUnder(body, 'completed'),
    nextSteps: listUnder(body, 'next steps'),
  };
}

/** The items under a heading of a summary's body (format.md), whatever its level and case. */
function listUnder(body: string, heading: string): string[] {
  const lines = body.split('\n');
  const start = lines.findIndex((line) => /^#+\s*(.*?)\s*$/.exec(line)?.[1]?.toLowerCase() === heading);
  if (start === -1) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith('#'));
  const items = rest.slice(0, end === -1 ? rest.length : end);
  return items.map((line) => line.replace(/^\s*[-*]\s+/, '').trim()).filter(Boolean);
}

/** The records instead of their index, where they are all told and cost no more. */
async function wholeRecords(
  memory: Memory,
  content: BlockContent,
  index: { text: string; shown: number },
): Promise<{ text: string; shown: number } | undefined> {
  const { shown, total, last, checkpoint } = content;
  if (total === 0 || total > wholeMax || index.shown < total || last || checkpoint) return undefined;
  try {
    const texts = await Promise.all(shown.map(({ excerpt }) => readText(memory, excerpt)));
    const text = renderWhole(content, texts);
    return tokensOf(text) <= tokensOf(index.text) ? { text, shown: total } : undefined;
  } catch {
    // One that has just gone or changed: the index tells of it.
    return undefined;
  }
}

/** More than these are never less than their lines. */
const wholeMax = 5;

async function readText(memory: Memory, excerpt: Excerpt): Promise<string> {
  const { path, tier } = excerpt;
  const file = { path, absolute: absolutePath(memory.paths, path), tier };
  // Only now the YAML code.
  const read = readPlainFile(file) ?? (await import('../store/read-file.ts')).readRecordFile(file);
  if ('problem' in read) throw new Error(read.problem.reason);
  const { title, description, body, facts, cites } = read.record;
  return [
    ...newSentences([cleanLine(description, 300)], [title, body]),
    ...(body.trim() ? [cleanText(body.trim())] : []),
    ...facts.map((fact) => `- ${cleanLine(fact, 300)}`),
    ...(cites.length > 0 ? [`Files: ${cites.map(placeText).join(', ')}`] : []),
  ].join('\n');
}

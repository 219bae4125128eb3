// What a hook says to the host. The agent waits: one reading of the records, no model, no network.
import { join } from 'node:path';
import type { Answer, HookCall } from '../agents/agent.ts';
import { type News, takeNews, takeNotKept } from '../capture/notices.ts';
import { clearMark, hasMark, markOnce, noteTold, type Telling } from '../capture/session-marks.ts';
import { isLocked } from '../compress/claims/lock.ts';
import type { Env } from '../domain/env.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { runIn } from '../git/run/runner.ts';
import { type Block, buildBlock } from './block.ts';
import { hintOnce } from '../learn/consent.ts';
import { handWrittenLine, newHandWritten, newsLine, startLine } from './sign-of-life.ts';
import { writeCitedList } from '../memory/cited-list.ts';
import { type Memory, openMemory } from '../memory/open.ts';
import { refreshTable } from '../index/refresh.ts';
import { wantsNoMemory } from './ignore.ts';
import { inspectAtStart, keepBlock, type KeptBlock } from './last-block.ts';
import { judgeRecords, openRecords } from '../memory/records.ts';

/** It brings the words of all languages, which a start does without. */
const loadUnprompted = () => import('./unprompted.ts');

/** The mark of a session that has the block. */
const blockMark = 'block';
/** The mark of a session whose first prompt was answered with the block before its start was told. */
const earlyMark = 'block-early';
/** The mark of a session whose person wants nothing of the memory. */
const ignoreMark = 'ignored';
/** After a compaction or `/clear`: this long for the summary that the rules are writing, and not longer. */
const checkpointWaitMs = 1500;

export async function answerCall(env: Env, paths: MemoryPaths, call: HookCall): Promise<Answer | undefined> {
  const answer = await answerMoment(env, paths, call);
  if (call.moment !== 'start' && call.moment !== 'prompt') return answer;
  // After the records were read, which finds the hand-written ones.
  const lost = call.moment === 'start' ? takeNotKept(env, paths) : 0;
  const hint = call.moment === 'start' && call.source === 'startup' ? await hintOnce(env) : undefined;
  const news = takeNews(paths);
  const message = [
    answer?.message ?? '',
    newsLine(news, paths.root, isUncommitted(paths, news)),
    handWrittenLine(await newHandWritten(paths)),
    lost > 0
      ? `repomem: ${lost} event${lost === 1 ? '' : 's'} of earlier could not be kept: the disk or the spool was full, or read-only`
      : '',
    hint ?? '',
  ]
    .filter(Boolean)
    .join('\n');
  return message === '' ? answer : { ...answer, message };
}

/** Asks git only where there is something to say. */
function isUncommitted(paths: MemoryPaths, news: readonly News[]): boolean {
  if (news.length === 0) return false;
  return runIn(paths, ['status', '--porcelain', '--', ...news.map(({ path }) => path)]).stdout !== '';
}

async function answerMoment(env: Env, paths: MemoryPaths, call: HookCall): Promise<Answer | undefined> {
  if (hasMark(paths, call.session, ignoreMark)) return undefined;
  if (call.moment === 'prompt' && wantsNoMemory(call.prompt)) {
    markOnce(paths, call.session, ignoreMark);
    return { message: 'repomem: nothing of the memory is told in this session any more, as you said' };
  }
  if (call.moment === 'start' && call.source === 'startup') return answerStartup(env, paths, call);
  if (call.moment === 'before-tool') return textAnswer(await (await loadUnprompted()).recallForFile(env, paths, call));
  if (call.moment === 'prompt') return answerPrompt(env, paths, call);
  const memory = await openMemory(env, paths);
  if (call.moment === 'start') return answerStart(memory, call);
  return memory.settings.context.subagents ? blockAnswer(memory, call, {}, 'subagent') : undefined;
}

async function answerPrompt(env: Env, paths: MemoryPaths, call: HookCall): Promise<Answer | undefined> {
  const { session } = call;
  const { recallForPrompt } = await loadUnprompted();
  const hadBlock = hasMark(paths, session, blockMark);
  // Hooks of the start and of the first prompt may run at once: the one that makes the block's mark tells it.
  if (!hadBlock) markOnce(paths, session, earlyMark);
  if (hadBlock || !markOnce(paths, session, blockMark)) {
    if (!hadBlock) clearMark(paths, session, earlyMark);
    return textAnswer(await recallForPrompt(env, paths, call));
  }
  // Also where it was enabled in mid-session: SessionStart never reached us. Block and answer come from one reading of the records.
  const records = await openRecords(env, paths, { everyFile: true });
  const block = await buildBlock(records.memory, { session }, records.recordSet);
  noteBlock(records.memory, session, block);
  const recalled = await recallForPrompt(env, paths, call, records);
  return textAnswer([block.text, recalled].filter(Boolean).join('\n\n'));
}

/** A new session has no past of its own: where nothing moved, it is told what the last one was told. */
async function answerStartup(env: Env, paths: MemoryPaths, call: HookCall): Promise<Answer | undefined> {
  // Some hosts tell of the first prompt before the start: the prompt's answer held the block.
  if (!markOnce(paths, call.session, blockMark) && hasMark(paths, call.session, earlyMark)) {
    clearMark(paths, call.session, earlyMark);
    return undefined;
  }
  const seen = await inspectAtStart(env, paths);
  if (seen.last !== undefined) {
    noteBlock({ env, paths }, call.session, seen.last);
    return startAnswer(env, seen.last);
  }
  const asked = openMemory(env, paths, seen.look);
  // Git works while we read.
  const refreshed = seen.refreshed ?? (await refreshTable(paths, { listed: seen.listed }));
  const memory = await asked;
  const recordSet = judgeRecords(memory, refreshed);
  const told = await buildBlock(memory, { session: call.session, recent: seen.recent }, recordSet);
  writeCitedList(memory, recordSet);
  const block = { ...told, isTold: memory.settings.notify.sessions };
  keepBlock(memory, recordSet, seen, block);
  noteBlock(memory, call.session, block);
  return startAnswer(env, block);
}

/** With the line for the person. */
function startAnswer(env: Env, { text, lastSession, isTold }: KeptBlock): Answer | undefined {
  const message = isTold ? startLine(text, lastSession, env.now()) : '';
  return message === '' ? textAnswer(text) : { context: text, message };
}

/** On `resume` the transcript replays what the session was given: the same bytes again or nothing, so nothing. */
async function answerStart(memory: Memory, call: HookCall): Promise<Answer | undefined> {
  const { paths } = memory;
  if (call.source === 'resume' && hasMark(paths, call.session, blockMark)) return undefined;
  // After these the conversation no longer holds what was said in it.
  if (call.source === 'clear' || call.source === 'compact') clearMark(paths, call.session, 'seen');
  markOnce(paths, call.session, blockMark);
  const isCompaction = call.source === 'compact';
  // A model takes longer than anybody waits, and the rules wrote their summary at the end of the last turn.
  if (isCompaction || call.source === 'clear') {
    const { pickProvider } = await import('../learn/pick-provider.ts');
    if (pickProvider(memory).name === 'extractive') await waitForCheckpoint(memory);
  }
  return blockAnswer(memory, call, { session: call.session, withCheckpoint: isCompaction }, 'start');
}

async function blockAnswer(
  memory: Memory,
  { session }: HookCall,
  request: Parameters<typeof buildBlock>[1],
  moment: Telling['moment'],
): Promise<Answer | undefined> {
  const recordSet = judgeRecords(memory, await refreshTable(memory.paths));
  const block = await buildBlock(memory, request, recordSet);
  writeCitedList(memory, recordSet);
  noteBlock(memory, session, block, moment);
  return textAnswer(block.text);
}

/** Notes what the session was told, for people to look at later. */
function noteBlock(
  memory: Pick<Memory, 'env' | 'paths'>,
  session: string,
  { text, ids, total }: Pick<Block, 'text' | 'ids' | 'total'>,
  moment: Telling['moment'] = 'start',
): void {
  noteTold(memory, session, text, { moment, ids, of: total });
}

function textAnswer(text: string): Answer | undefined {
  return text ? { context: text } : undefined;
}

async function waitForCheckpoint({ env, paths }: Memory): Promise<void> {
  const lock = join(paths.spoolDir, 'lock');
  for (let waited = 0; waited < checkpointWaitMs && isLocked(lock, env.now().getTime()); waited += 50)
    await new Promise((resolve) => setTimeout(resolve, 50));
}

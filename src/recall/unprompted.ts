// The right record at the right moment: for a prompt by search, for a file by its cites. Never the same twice in a session.
import type { HookCall } from '../agents/agent.ts';
import { pathRootsOf } from '../capture/path-roots.ts';
import { addSeen, noteTold, readSeen } from '../capture/session-marks.ts';
import { fileLimits, promptLimits, renderRecall } from '../context/render-block.ts';
import { relativePath } from '../agents/event-paths.ts';
import type { Env } from '../domain/env.ts';
import { offsetOf } from '../domain/local-time.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { markStale } from '../memory/mark-stale.ts';
import { findForPrompt } from '../memory/find.ts';
import type { Memory } from '../memory/open.ts';
import { type AssessedRecord, haveFiles, isTellable, openRecords, type OpenRecords } from '../memory/records.ts';

/** Fewer words than this are an answer or a nod, not a question. */
const minWords = 3;

export function isQuestion(prompt: string): boolean {
  return countWords(prompt) >= minWords;
}

/** '' when nothing passes the threshold, or all of it has been said. `opened`: the records, where they were read a moment ago. */
export async function recallForPrompt(
  env: Env,
  paths: MemoryPaths,
  call: HookCall,
  opened?: OpenRecords,
): Promise<string> {
  if (!isQuestion(call.prompt)) return '';
  let records = opened ?? (await openRecords(env, paths, { everyFile: false }));
  if (!records.memory.settings.recall.prompt) return '';
  let found = await findForPrompt(records.memory, records.recordSet, call.prompt);
  if (!haveFiles(paths, found)) {
    records = await openRecords(env, paths, { everyFile: true });
    found = await findForPrompt(records.memory, records.recordSet, call.prompt);
  }
  records.save();
  return tellFound(records.memory, call, found);
}

const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** Of scripts without spaces as their speakers count. */
function countWords(text: string): number {
  const words = text.trim().split(/\s+/);
  if (words.length >= minWords || !unspaced.test(text)) return words.length;
  const segments = new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text.slice(0, 200));
  return [...segments].filter(({ isWordLike }) => isWordLike).length;
}

/** The line above the records that are injected with a prompt. */
export const promptHeading = 'Records of this repository that speak of this:';

async function tellFound(memory: Memory, call: HookCall, found: readonly AssessedRecord[]): Promise<string> {
  const seen = readSeen(memory.paths, call.session);
  const unseen = found.filter(({ excerpt }) => !seen.has(excerpt.id));
  const fresh = unseen.slice(0, promptLimits.maxRecords);
  if (fresh.length === 0) return '';
  const candidates = await markStale(memory, fresh);
  const { text, ids } = renderRecall(promptHeading, candidates, promptLimits, offsetOf(memory.env.now()));
  const known = found.filter(({ excerpt }) => seen.has(excerpt.id)).map(idOf);
  const limit = unseen.map(idOf).filter((id) => !ids.includes(id));
  const left = { ...(known.length > 0 && { known }), ...(limit.length > 0 && { limit }) };
  addSeen(memory.paths, call.session, ids);
  noteTold(memory, call.session, text, { moment: 'prompt', ids, left });
  return text;
}

function idOf({ excerpt }: AssessedRecord): string {
  return excerpt.id;
}

/** The records that cite the file at hand, or files that a shell command names; most specific first (fewest cited files), once per file and session. */
export async function recallForFile(env: Env, paths: MemoryPaths, call: HookCall): Promise<string> {
  const roots = pathRootsOf(paths, env.home);
  const seen = readSeen(paths, call.session);
  const named = call.toolPath ? [call.toolPath] : pathsIn(call.toolCommand);
  const filePaths = new Set(
    named.map((path) => relativePath(path, roots, call.cwd)).filter((path) => !seen.has(`file ${path}`)),
  );
  if (filePaths.size === 0) return '';
  const { memory, recordSet } = await openRecords(env, paths, { everyFile: true });
  if (!memory.settings.recall.file) return '';
  const rows = new Set([...filePaths].flatMap((path) => recordSet.table.rowsNaming(path)));
  const citing = Array.from(rows, (row) => recordSet.assessedAt(row)).filter(
    (one) => isTellable(one) && !seen.has(one.excerpt.id) && one.excerpt.cites.some((cite) => filePaths.has(cite.path)),
  );
  if (citing.length === 0) return '';
  const ordered = citing.sort(
    (a, b) => specificity(a) - specificity(b) || (a.excerpt.created < b.excerpt.created ? 1 : -1),
  );
  const candidates = await markStale(memory, ordered.slice(0, fileLimits.maxRecords * 2));
  const cited = [...filePaths].filter((path) =>
    citing.some(({ excerpt }) => excerpt.cites.some((cite) => cite.path === path)),
  );
  const heading = `Records that speak of ${cited.join(', ')}:`;
  const { text, ids } = renderRecall(heading, candidates, fileLimits, offsetOf(env.now()));
  addSeen(paths, call.session, [...cited.map((path) => `file ${path}`), ...ids]);
  noteTold(memory, call.session, text, { moment: 'file', ids });
  return text;
}

const maxWords = 64;

/** Words of a command that may be paths. */
function pathsIn(command: string): string[] {
  return command
    .split(/[\s;|&<>()=`'"]+/)
    .filter((word) => /[./]/.test(word) && !word.startsWith('-') && !word.includes('://'))
    .slice(0, maxWords);
}

function specificity({ excerpt }: AssessedRecord): number {
  return new Set(excerpt.cites.map((cite) => cite.path)).size;
}

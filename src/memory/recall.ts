// The right record at the right moment: for a prompt by search, for a file by its cites. Never the same twice in a session.
import type { HookCall } from '../agents/agent.ts';
import { addSeen, readSeen } from '../capture/session-marks.ts';
import type { Candidate } from '../context/rank.ts';
import { fileLimits, promptLimits, renderRecall } from '../context/recall.ts';
import { relativePath } from '../agents/paths.ts';
import { markStale } from './freshness.ts';
import { findForPrompt } from './find.ts';
import type { Memory } from './open.ts';
import { readWorld, tellable, type Judged, type World } from './world.ts';

/** Fewer words than this are an answer or a nod, not a question. */
const minWords = 3;

/** '' when nothing passes the threshold, or all of it has been said. */
export async function recallForPrompt(memory: Memory, call: HookCall, world: World): Promise<string> {
  if (!memory.settings.recall.prompt || call.prompt === '') return '';
  if (call.prompt.trim().split(/\s+/).length < minWords) return '';
  const seen = readSeen(memory.place, call.session);
  const found = await findForPrompt(memory, world, call.prompt);
  const fresh = found.filter(({ excerpt }) => !seen.has(excerpt.id)).slice(0, promptLimits.maxRecords);
  if (fresh.length === 0) return '';
  const { text, ids } = renderRecall(
    'Records of this repository that speak of this:',
    await markStale(memory, fresh),
    promptLimits,
  );
  addSeen(memory.place, call.session, ids);
  return text;
}

/** The records that cite the file at hand, or files that a shell command names; most specific first (fewest cited files), once per file and session. */
export async function recallForFile(memory: Memory, call: HookCall): Promise<string> {
  if (!memory.settings.recall.file) return '';
  const roots = { worktree: memory.place.worktree ?? memory.place.root, home: memory.env.home };
  const seen = readSeen(memory.place, call.session);
  const named = call.toolPath ? [call.toolPath] : pathsIn(call.toolCommand);
  const paths = new Set(
    named.map((path) => relativePath(path, roots, call.cwd)).filter((path) => !seen.has(`file ${path}`)),
  );
  if (paths.size === 0) return '';
  const world = await readWorld(memory);
  const citing = tellable(world).filter(
    ({ excerpt }) => !seen.has(excerpt.id) && excerpt.cites.some((cite) => paths.has(cite.path)),
  );
  if (citing.length === 0) return '';
  const ordered = citing.sort(
    (a, b) => specificity(a) - specificity(b) || (a.excerpt.created < b.excerpt.created ? 1 : -1),
  );
  const candidates: Candidate[] = await markStale(memory, ordered.slice(0, fileLimits.maxRecords * 2));
  const cited = [...paths].filter((path) =>
    citing.some(({ excerpt }) => excerpt.cites.some((cite) => cite.path === path)),
  );
  const { text, ids } = renderRecall(`Records that speak of ${cited.join(', ')}:`, candidates, fileLimits);
  addSeen(memory.place, call.session, [...cited.map((path) => `file ${path}`), ...ids]);
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

function specificity({ excerpt }: Judged): number {
  return new Set(excerpt.cites.map((cite) => cite.path)).size;
}

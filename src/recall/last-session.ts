// The last session's summary, read from its file's body.
import type { LastSession } from '../context/render-block.ts';
import type { Excerpt } from '../domain/excerpt.ts';
import { isTrusted } from '../domain/excerpt.ts';
import { shortSession } from '../domain/id.ts';
import type { Memory } from '../memory/open.ts';
import type { RecordSet } from '../memory/records.ts';
import { absolutePath } from '../store/layout.ts';
import { readTextOrEmpty } from '../store/lenient-files.ts';

/** The newest summary that belongs here; of `session` alone when it is given; undefined when there is none. */
export function findSummary(
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

export function timeOf(excerpt: Excerpt): string {
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

// The last session's summary, read from its file's body.
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { LastSession } from '../context/render-block.ts';
import type { Excerpt } from '../domain/excerpt.ts';
import { isTrusted } from '../domain/excerpt.ts';
import { shortSession } from '../domain/id.ts';
import type { Memory } from '../memory/open.ts';
import type { RecordSet } from '../memory/records.ts';

/** Headings of a summary's body (format.md). */
const headings = { learned: 'Learned', completed: 'Completed', nextSteps: 'Next steps' } as const;

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
  const body = readBody(memory, excerpt);
  if (body === undefined) return undefined;
  return {
    id: excerpt.id,
    created: timeOf(excerpt),
    ...(excerpt.branch && { branch: excerpt.branch }),
    request: excerpt.request ?? excerpt.title,
    learned: listUnder(body, headings.learned),
    completed: listUnder(body, headings.completed),
    nextSteps: listUnder(body, headings.nextSteps),
  };
}

/** What stands behind the front matter of a file that could be read as a record. Cheap on purpose: no YAML code on the way of a hook. */
function readBody(memory: Memory, excerpt: Excerpt): string | undefined {
  try {
    const file = isAbsolute(excerpt.path) ? excerpt.path : join(memory.paths.root, excerpt.path);
    const text = readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
    const end = text.indexOf('\n---\n');
    return end === -1 ? undefined : text.slice(end + 5);
  } catch {
    return undefined;
  }
}

function listUnder(body: string, heading: string): string[] {
  const lines = body.split('\n');
  const start = lines.findIndex(
    (line) =>
      line
        .replace(/^#+\s*/, '')
        .trim()
        .toLowerCase() === heading.toLowerCase() && line.startsWith('#'),
  );
  if (start === -1) return [];
  const found: string[] = [];
  for (const line of lines.slice(start + 1)) {
    if (line.startsWith('#')) break;
    const text = line.replace(/^\s*[-*]\s+/, '').trim();
    if (text) found.push(text);
  }
  return found;
}

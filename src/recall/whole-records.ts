// A small memory is told whole: its records instead of an index that would cost more.
import { isAbsolute, join } from 'node:path';
import { renderWhole, type BlockContent } from '../context/render-block.ts';
import { newSentences } from '../context/repeats.ts';
import { tokensOf, type Excerpt } from '../domain/excerpt.ts';
import type { Memory } from '../memory/open.ts';
import { placeText } from '../memory/stale-lines.ts';
import { cleanLine, cleanText } from '../privacy/invisible.ts';
import { readPlainFile } from '../store/read-with.ts';

/** The records instead of their index, where they are all told and cost no more. */
export async function wholeRecords(
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
  const absolute = isAbsolute(path) ? path : join(memory.paths.root, path);
  const file = { path, absolute, tier };
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

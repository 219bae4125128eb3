// Checkpoints of the longest stage: cleaning a claim's texts. A compressor that is killed every few seconds continues where it stopped
// instead of starting again. Cleaning depends on its input alone, so a checkpoint of any process, old or stopped, is as good as another.
import { createHash } from 'node:crypto';
import { quickly, readStage, writeStage, type Claim } from './claim.ts';
import { makeCleaner } from './clean.ts';
import type { CleanLeaves, CompressTools } from './dependencies.ts';

/** Time between checkpoints: claims that take less write none. */
const checkpointMs = 400;
/** Shorter values, as JSON, are faster cleaned than stored. */
const storedMinChars = 256;

/** `sessionOf`: the claim's session, '' while it is not known. */
export function makeResumingCleaner(claim: Claim, tools: CompressTools, sessionOf: () => string): CleanLeaves {
  const { clean } = makeCleaner(tools);
  const now = (): number => tools.env.now().getTime();
  let cleaned: Map<string, unknown> | undefined;
  let parts = 0;
  const load = (): Map<string, unknown> => {
    const entries: [string, unknown][] = [];
    for (let part = readPart(claim, 0); part !== undefined; part = readPart(claim, ++parts)) entries.push(...part);
    return new Map(entries);
  };
  let fresh: [string, unknown][] = [];
  let savedMs = now();
  const save = (): void => {
    const session = sessionOf();
    if (session === '' || Math.abs(now() - savedMs) < checkpointMs) return;
    // Values found in the texts must survive too; another process may have added some.
    tools.secrets?.recall(session);
    tools.secrets?.keep(session);
    try {
      writeStage(claim, `cleaned-${parts}`, fresh, quickly(tools.write));
      parts++;
      fresh = [];
    } catch {
      // A full disk: the claim continues without checkpoints.
    }
    savedMs = now();
  };
  return (value) => {
    const text = jsonOf(value);
    if (text.length < storedMinChars) return clean(value);
    const key = createHash('sha256').update(text).digest('base64');
    cleaned ??= load();
    if (cleaned.has(key)) return cleaned.get(key);
    const result = clean(value);
    fresh.push([key, result]);
    save();
    return result;
  };
}

/** '' for a value that is nested too deeply to be written. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}

const readPart = (claim: Claim, part: number): [string, unknown][] | undefined =>
  readStage<[string, unknown][]>(claim, `cleaned-${part}`);

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

type Cleaned = [hash: string, value: unknown];

/** `sessionOf`: the claim's session, '' while it is not known. */
export function makeResumingCleaner(claim: Claim, tools: CompressTools, sessionOf: () => string): CleanLeaves {
  const clean = makeCleaner(tools);
  const now = (): number => tools.env.now().getTime();
  let known: Map<string, unknown> | undefined;
  let fresh: Cleaned[] = [];
  let parts = 0;
  let savedMs = now();
  const readPart = (): Cleaned[] | undefined => readStage(claim, `cleaned-${parts}`);
  const load = (): Map<string, unknown> => {
    const stored: Cleaned[] = [];
    for (let part = readPart(); part !== undefined; parts++, part = readPart()) stored.push(...part);
    return new Map(stored);
  };
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
    const hash = createHash('sha256').update(text).digest('base64');
    known ??= load();
    if (known.has(hash)) return known.get(hash);
    const result = clean(value);
    fresh.push([hash, result]);
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

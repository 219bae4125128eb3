// One cite as our own writer lays it out.
import type { Cite } from '../domain/cite.ts';

const usual =
  /\{ path: (\w[\w/.-]*), lines: ([1-9]\d{0,8})(?:-([1-9]\d{0,8}))?(?:, blob: ([0-9a-f]{7,64}))?(?:, text: ([0-9a-f]{8}))? \}(?=\n)/y;

/** The cite at this place of a text; undefined for what is written in any other way. */
export function readUsualCite(text: string, at: number): Cite | undefined {
  usual.lastIndex = at;
  const match = usual.exec(text);
  if (match === null) return undefined;
  const [path, first, last] = [match[1] ?? '', Number(match[2]), Number(match[3] ?? match[2])];
  if (last < first || path.includes('..')) return undefined;
  const cite: Cite = { path, lines: [first, last] };
  if (match[4] !== undefined) cite.blob = match[4];
  if (match[5] !== undefined) cite.text = match[5];
  return cite;
}

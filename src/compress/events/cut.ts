// Cuts texts to size: keeps both ends, and lines of a program's output that report errors.

const lineMaxChars = 500;
const headLines = 5;
const tailLines = 10;

/** Words and marks of failures and summaries in the output of test runners, compilers and shells. */
const telling =
  /\b(?:error|errors|fail(?:s|ed|ure|ures|ing)?|fatal|panic(?:ked)?|exception|traceback|assert(?:ion)?\w*|expected|received|actual|undefined|unresolved|cannot|can't|could not|unable|denied|refused|not found|no such|missing|invalid|unexpected|warning|deprecated|timed? ?out|killed|segfault|passed|passing|tests?:?\s+\d|\d+\s+(?:tests?|specs?|examples?|passed|failed|skipped))\b|^\s*(?:✗|✕|×|✖|FAIL|not ok|E\s{2,}|\^+\s*$|>\s*\d+ \|)/i;

/** At most `maxChars`: head (60 %) and tail, with a marker in between that states how much was cut. */
export function cutMiddle(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const room = maxChars - marker(text.length).length;
  if (room < 20) return text.slice(0, boundary(text, Math.max(maxChars, 0)));
  const head = boundary(text, Math.floor(room * 0.6));
  const tail = boundary(text, text.length - (room - head) + 1);
  return text.slice(0, head) + marker(tail - head) + text.slice(tail);
}

function marker(count: number): string {
  return `\n[… ${count} characters cut …]\n`;
}

/** The index, or the one before if it would split a surrogate pair. */
function boundary(text: string, index: number): number {
  const code = text.charCodeAt(index - 1);
  return code >= 0xd800 && code <= 0xdbff ? index - 1 : index;
}

/** Plain text of terminal output: without colours, with only the last state of a progress line, and repeated lines once. */
export function cleanOutput(text: string): string {
  const plain = text
    .replace(/\u001b\][^\u0007\u001b]{0,4096}(?:\u0007|\u001b\\)/g, '')
    .replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, '')
    .replace(/\u001b[ -/]*[0-~]/g, '')
    .replace(/\r+\n/g, '\n');
  const lines: string[] = [];
  let repeats = 0;
  const told = (): void => {
    if (repeats > 0) lines.push(`[… the same line ${repeats} more ${repeats === 1 ? 'time' : 'times'} …]`);
    repeats = 0;
  };
  for (const raw of plain.split('\n')) {
    const shown = raw.includes('\r') ? (raw.split('\r').findLast((part) => part.trim() !== '') ?? '') : raw;
    const line = shown.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '').trimEnd();
    if (line === lines.at(-1) && (line === '' || line.length > 3)) {
      if (line !== '') repeats++;
      continue;
    }
    told();
    lines.push(line);
  }
  told();
  return lines.join('\n').replace(/^\n+|\n+$/g, '');
}

/** At most `maxChars` of an output: start, end, and in between the lines that report failures and totals. */
export function cutOutput(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const lines = text.split('\n').map((line) => cutMiddle(line, lineMaxChars).replaceAll('\n', ' '));
  const chosen = new Set<number>();
  let room = Math.floor(maxChars * 0.85);
  const choose = (index: number): boolean => {
    const line = lines[index];
    if (line === undefined || chosen.has(index)) return true;
    if (line.length + 1 > room) return false;
    room -= line.length + 1;
    chosen.add(index);
    return true;
  };
  for (let index = lines.length - 1; index >= lines.length - tailLines; index--) choose(index);
  for (let index = 0; index < headLines; index++) choose(index);
  const marks = lines.flatMap((line, index) => (telling.test(line) ? [index] : []));
  for (const index of marks) if (!choose(index)) break;
  for (const index of marks) if (!choose(index + 1) || !choose(index - 1) || !choose(index + 2)) break;
  for (let index = lines.length - 1; index >= 0; index--) if (!choose(index)) break;
  return cutMiddle(withMarkers(lines, chosen), maxChars);
}

function withMarkers(lines: readonly string[], chosen: ReadonlySet<number>): string {
  const kept: string[] = [];
  let last = -1;
  for (const index of [...[...chosen].sort((a, b) => a - b), lines.length]) {
    const cut = index - last - 1;
    if (cut > 0) kept.push(`[… ${cut} lines cut …]`);
    kept.push(...lines.slice(index, index + 1));
    last = index;
  }
  return kept.join('\n');
}

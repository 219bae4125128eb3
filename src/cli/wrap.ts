// Lines for a terminal of a given width: broken at blanks, the rest under where the line's own text began.

const escape = /\u001b\[[0-9;]*m/g; // eslint-disable-line no-control-regex
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u;

export function wrapText(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, width))
    .join('\n');
}

function wrapLine(line: string, width: number): string {
  if (columnsOf(line) <= width) return line;
  const indent = ' '.repeat(hangOf(line.replace(escape, ''), width));
  const done: string[] = [];
  let current = '';
  let isEmpty = true;
  for (const part of line.split(/(?<=\S)(?=\s)/)) {
    if (!isEmpty && columnsOf(current + part) > width) {
      done.push(current);
      current = indent + part.trimStart();
    } else current += part;
    isEmpty = false;
  }
  return [...done, current].join('\n');
}

/** The column of the last text that two blanks set apart in the left half, else two more than the line's own indent. */
function hangOf(line: string, width: number): number {
  let hang = /^ */.exec(line)![0].length + 2;
  for (const { index, 0: gap } of line.matchAll(/(?<=\S) {2,}(?=\S)/g))
    if (index + gap.length <= width / 2) hang = index + gap.length;
  return hang <= width / 2 ? hang : 2;
}

function columnsOf(text: string): number {
  let columns = 0;
  for (const letter of text.replace(escape, '')) columns += wide.test(letter) ? 2 : 1;
  return columns;
}

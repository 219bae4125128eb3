// The CLI's printer: the only place below cli/ that writes to the terminal. Node's own streams are asked for terminals only: elsewhere it takes
// longer to load them than to search.
import { fstatSync } from 'node:fs';
import { attempt } from '../domain/errors.ts';
import { showControls } from '../privacy/invisible.ts';
import { writeAll } from '../store/atomic.ts';

export interface Printer {
  /** Lines; on a terminal broken to its width. */
  out(text: string): void;
  err(text: string): void;
  /** Byte for byte (but controls on a terminal), without a line end of our own. */
  write(text: string): void;
  json(value: unknown): void;
  /** One line that is rewritten in place on a terminal, written once elsewhere; only after a second has passed. */
  progress(text: string): void;
  bold(text: string): string;
  dim(text: string): string;
  warn(text: string): string;
}

export function createPrinter(vars: Readonly<Record<string, string | undefined>>): Printer {
  const isTerminal = isDevice(1) && process.stdout.isTTY === true;
  const isShown = (): boolean => isDevice(2) && process.stderr.isTTY === true;
  const fitted = (text: string): string => (isTerminal ? wrapText(text, process.stdout.columns || 80) : text);
  const write = (text: string): void =>
    void (isTerminal ? process.stdout.write(showControls(text)) : writeAll(1, text));
  const writeError = (text: string): void => {
    if (isShown()) return void process.stderr.write(showControls(wrapText(text, process.stderr.columns || 80)));
    // Where nobody listens it fails.
    attempt(() => writeAll(2, text));
  };
  const useColour = isTerminal && !vars['NO_COLOR'] && vars['TERM'] !== 'dumb';
  const paint = (code: number) => (text: string) => (useColour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const started = Date.now();
  let shown = '';
  const clear = (): void => {
    if (shown && isShown()) process.stderr.write('\r\u001b[2K');
    shown = '';
  };
  return {
    out: (text) => {
      clear();
      write(fitted(asLine(text)));
    },
    err: (text) => {
      clear();
      writeError(asLine(text));
    },
    write,
    json: (value) => write(`${JSON.stringify(value, null, 2)}\n`),
    progress: (text) => {
      // The viewer runs commands as its jobs, and shows how far they are.
      if (process.send) return void process.send(text);
      if (Date.now() - started < 1000 || text === shown) return;
      if (isShown()) process.stderr.write(`\r\u001b[2K${showControls(text)}`);
      else if (!shown) writeError(`${text}\n`);
      shown = text;
    },
    bold: paint(1),
    dim: paint(2),
    warn: paint(33),
  };
}

function asLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

function isDevice(file: number): boolean {
  return attempt(() => fstatSync(file).isCharacterDevice()) === true;
}

/** Lines are broken at blanks, the rest stands under where the line's own text began. */
const escape = /\u001b\[[0-9;]*m/g; // eslint-disable-line no-control-regex
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u;

function wrapText(text: string, width: number): string {
  return text.replace(/.+/g, (line) => wrapLine(line, width));
}

function wrapLine(line: string, width: number): string {
  if (columnsOf(line) <= width) return line;
  const indent = ' '.repeat(hangOf(line.replace(escape, ''), width));
  const [first = '', ...parts] = line.split(/(?<=\S)(?=\s)/);
  const lines = [first];
  for (const part of parts)
    if (columnsOf(lines.at(-1) + part) > width) lines.push(indent + part.trimStart());
    else lines[lines.length - 1] += part;
  return lines.join('\n');
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

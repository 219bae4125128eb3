// The CLI's printer: the only place below cli/ that writes to the terminal.
export interface Printer {
  out(text: string): void;
  err(text: string): void;
  /** Byte for byte, without a line end of our own. */
  write(text: string): void;
  json(value: unknown): void;
  /** One line that is rewritten in place on a terminal, written once elsewhere; only after a second has passed. */
  progress(text: string): void;
  bold(text: string): string;
  dim(text: string): string;
  warn(text: string): string;
  isTerminal: boolean;
}

export function createPrinter(vars: Readonly<Record<string, string | undefined>>): Printer {
  const isTerminal = process.stdout.isTTY === true;
  const useColour = isTerminal && !vars['NO_COLOR'] && vars['TERM'] !== 'dumb';
  const paint = (code: number) => (text: string) => (useColour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const started = performance.now();
  let shown = '';
  const clear = (): void => {
    if (shown && process.stderr.isTTY) process.stderr.write('\r\u001b[2K');
    shown = '';
  };
  return {
    out: (text) => {
      clear();
      process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    },
    err: (text) => {
      clear();
      process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
    },
    write: (text) => void process.stdout.write(text),
    json: (value) => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    progress: (text) => {
      if (performance.now() - started < 1000 || text === shown) return;
      if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`);
      else if (!shown) process.stderr.write(`${text}\n`);
      shown = text;
    },
    bold: paint(1),
    dim: paint(2),
    warn: paint(33),
    isTerminal,
  };
}

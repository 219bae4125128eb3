import { createInterface } from 'node:readline/promises';

/** One question on the terminal, yes by default; true at once where nobody can answer. */
export async function askYes(question: string, prompt: (text: string) => void): Promise<boolean> {
  if (!hasTerminal()) return true;
  prompt(`${question} [Y/n]`);
  const lines = createInterface({ input: process.stdin });
  try {
    for await (const line of lines) return /^(?:y(?:es)?)?$/i.test(line.trim());
    return false;
  } finally {
    lines.close();
  }
}

/** Whether a person can answer. */
export function hasTerminal(): boolean {
  return process.stdin.isTTY === true;
}

// The user's own client, as a program that answers from a file and notes what it was asked.
import { writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface ScriptedAnswer {
  /** As in a model's reply: what is absent counts as empty. */
  records: object[];
  /** Waits first. */
  delayMs?: number;
}

export interface ScriptedClient {
  /** Chooses the client as provider. */
  env: Record<string, string>;
  /** File with the answers; the last one answers all further questions. */
  script: string;
  /** One JSON line a question: the program's arguments and its standard input. */
  calls: string;
  answer(...answers: ScriptedAnswer[]): void;
}

const program = (script: string, calls: string): string => `#!/usr/bin/env node
const fs = require('node:fs');
const [script, calls] = ${JSON.stringify([script, calls])};
const answers = JSON.parse(fs.readFileSync(script, 'utf8'));
const count = fs.existsSync(calls) ? fs.readFileSync(calls, 'utf8').split('\\n').length - 1 : 0;
fs.appendFileSync(calls, JSON.stringify([process.argv.slice(2), fs.readFileSync(0, 'utf8')]) + '\\n');
const { records, delayMs = 0 } = answers[count] ?? answers.at(-1);
const summary = { title: 'Work on the check', request: 'Mend the check', completed: ['The check passes'] };
const result = JSON.stringify({ overturned: [], records, summary });
const usage = { input_tokens: 10, output_tokens: 10 };
setTimeout(() => process.stdout.write(JSON.stringify({ type: 'result', is_error: false, result, usage })), delayMs);
`;

/** Stands in `folder`, which comes first on the PATH. */
export function scriptedClient(folder: string): ScriptedClient {
  const script = join(folder, 'script.json');
  const calls = `${script}.calls.jsonl`;
  writeFileSync(join(folder, 'claude'), program(script, calls), { mode: 0o755 });
  return {
    env: { REPOMEM_PROVIDER: 'claude', PATH: [folder, process.env['PATH'] ?? ''].join(delimiter) },
    script,
    calls,
    answer: (...answers) => writeFileSync(script, JSON.stringify(answers)),
  };
}

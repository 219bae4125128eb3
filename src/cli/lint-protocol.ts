// `repomem lint --protocol FILE`: recorded hook events and answers against the protocol.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkAnswer, checkEvent } from '../lint/protocol-check.ts';
import { at } from '../agents/json-fields.ts';
import { RepomemError } from '../domain/errors.ts';
import { cleanLine } from '../privacy/invisible.ts';
import type { CliContext } from './command.ts';

interface ProtocolFinding {
  line: number;
  reason: string;
}

/** The exit code: 1 when something does not conform. */
export function lintProtocol({ env, print }: CliContext, names: readonly string[], isJson: boolean): number {
  const [name, ...rest] = names;
  if (name === undefined || rest.length > 0)
    throw new RepomemError('usage', `lint --protocol: expected one file; got ${names.length}`, {
      hint: 'a file of JSON lines: an event each, or {"answer": …}; repomem help protocol says what they hold',
    });
  const lines = readLines(resolve(env.cwd, name), name);
  const findings = lines.flatMap((line, index): ProtocolFinding[] =>
    line.trim() === '' ? [] : checkLine(line).map((reason) => ({ line: index + 1, reason })),
  );
  const checked = lines.filter((line) => line.trim() !== '').length;
  if (isJson) print.json({ ok: findings.length === 0, checked, findings });
  else {
    for (const { line, reason } of findings)
      print.out(`${print.warn('error  ')}  ${cleanLine(name)}:${line}: ${cleanLine(reason)}`);
    print.out(`${checked} ${checked === 1 ? 'line' : 'lines'} checked: ${findings.length} errors`);
  }
  return findings.length > 0 ? 1 : 0;
}

function checkLine(line: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return ['expected one JSON object on the line'];
  }
  const answer = at(value, 'answer');
  return answer === undefined ? checkEvent(value) : checkAnswer(answer);
}

function readLines(file: string, name: string): string[] {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/);
  } catch (error) {
    throw new RepomemError('usage', `${name}: cannot be read`, { hint: 'name a file of JSON lines', cause: error });
  }
}

// `repomem help protocol`: documents the format and the hooks for implementers.
import { answerTerms, eventMeanings, eventNames, eventTerms, type Term } from '../agents/protocol/terms.ts';

const protocolVersion = 1;

export function protocolPage(): string {
  return [
    `The hook protocol of repomem, version ${protocolVersion}`,
    '',
    'A memory is Markdown files below .claude-mem/ of a git repository (schema/observation.schema.json and',
    'schema/session.schema.json say what stands in them); any tool may read and write, review and carry them by git.',
    'An agent takes part by telling what happens in its sessions, and by giving its model what it is answered.',
    '',
    'Telling',
    '  repomem hook EVENT --agent protocol     in the folder of the session, one JSON object on standard input',
    '  It exits with 0 whatever happens, and prints an answer or nothing. Wait for it, at most 10 seconds.',
    '  An event of text, tool or report is only kept: it may be told without waiting, in the order of what happened.',
    '  Told twice, an event counts once. Keys that are not named here are not read.',
    '',
    'Events',
    ...eventNames.map((name) => `  ${name.padEnd(14)}${eventMeanings[name]}`),
    '',
    'Keys of an event (* in all; the events that need it in brackets)',
    ...rows(eventTerms, '  '),
    '',
    'The answer',
    ...rows(answerTerms, '  '),
    '  context comes to start, prompt and before-tool. It is quoted in <repomem-memory>: data, not instructions.',
    '',
    'A session',
    ...example.map((event) => `  ${event}`),
    '',
    'Where no process can be started, read and write the files: .claude-mem/README.md says how, repomem lint checks them.',
    'schema/event.schema.json and schema/answer.schema.json say the same for programs;',
    'repomem lint --protocol FILE checks recorded lines: an event each, or {"answer": …}.',
  ].join('\n');
}

/** The minimal example that leaves a record, a JSON object each; a test checks it against the schema. */
export const example = [
  '{"event":"start","session":"s1","agent":"my-agent"}',
  '{"event":"prompt","session":"s1","agent":"my-agent","prompt":"Make fib refuse negative numbers"}',
  String.raw`{"event":"tool","session":"s1","agent":"my-agent","tool":{"name":"edit","kind":"edit","id":"call-1","input":{"path":"fib.py","old_string":"def fib(n):","new_string":"def fib(n):\n    check(n)"},"ok":true}}`,
  '{"event":"tool","session":"s1","agent":"my-agent","tool":{"name":"sh","kind":"run","id":"call-2","input":{"command":"pytest"},"output":"1 failed","exitCode":1}}',
  '{"event":"turn-end","session":"s1","agent":"my-agent","text":"fib refuses negative numbers now, because range(-1) silently gave 0."}',
  '{"event":"end","session":"s1","agent":"my-agent"}',
];

function rows(terms: Readonly<Record<string, Term>>, indent: string): string[] {
  return Object.entries(terms).flatMap(([key, term]) => {
    const { describe, values, fields, neededBy } = term;
    const isInAll = neededBy?.length === eventNames.length;
    const needed = isInAll ? ' *' : neededBy && indent === '  ' ? ` [${neededBy.join(', ')}]` : '';
    const list = values && values !== eventNames ? ` One of ${values.join(', ')}.` : '';
    const line = `${indent}${key}${needed}`.padEnd(16);
    return [`${line} ${describe}${list}`, ...(fields ? rows(fields, `${indent}  `) : [])];
  });
}

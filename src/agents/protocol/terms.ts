// The terms of the hook protocol: the page, the JSON Schemas, the conformance check and the reader use these tables.

export const eventMeanings = {
  start: 'a session begins; the answer holds the memory that it starts with',
  prompt: 'the user asks; the answer holds records that speak of it, and the start block where start was missed',
  'before-tool': 'a tool is about to be used; the answer holds records that cite its file',
  tool: 'a tool was used, or failed',
  text: 'the agent said something before the end of its turn',
  report: 'a subagent handed in its report',
  'turn-end': 'the agent is done with the prompt; events become records from here on',
  compaction: 'the host is about to shorten the conversation',
  summary: 'what the host wrote of the conversation that it shortened',
  end: 'the session ends',
} as const;

export type ProtocolEvent = keyof typeof eventMeanings;
export const eventNames = Object.keys(eventMeanings) as readonly ProtocolEvent[];

export interface Term {
  type: 'string' | 'boolean' | 'integer' | 'object' | 'any';
  describe: string;
  /** Allowed values. */
  values?: readonly string[];
  pattern?: string;
  /** Events that require it. */
  neededBy?: readonly ProtocolEvent[];
  fields?: Readonly<Record<string, Term>>;
}

const toolTerms: Readonly<Record<string, Term>> = {
  name: {
    type: 'string',
    describe: 'The agent’s own name of the tool, as `exclude.tools` matches it.',
    neededBy: ['tool', 'before-tool'],
  },
  kind: {
    type: 'string',
    values: ['read', 'edit', 'write', 'run', 'patch', 'other'],
    describe: 'What it does; left out, the name is looked up in a table of known tools.',
  },
  id: { type: 'string', describe: 'Unique in the session, the same when the event is sent twice.' },
  input: {
    type: 'any',
    describe:
      'Its arguments. read, edit, write: `path`; edit: `old_string`, `new_string`; write: `content`; run: `command`; patch: `patch` in the form of apply_patch.',
  },
  output: { type: 'any', describe: 'What the model saw of it: text.' },
  ok: { type: 'boolean', describe: 'false when it failed.' },
  exitCode: { type: 'integer', describe: 'Of a command; other than 0 it failed.' },
  diff: { type: 'string', describe: 'A unified diff of the change: it tells which lines a record cites.' },
  created: { type: 'boolean', describe: 'A write made the file.' },
};

/** Keys of an event; unknown keys are allowed and ignored. */
export const eventTerms: Readonly<Record<string, Term>> = {
  event: { type: 'string', values: eventNames, describe: 'What happened.', neededBy: eventNames },
  session: {
    type: 'string',
    pattern: '.',
    describe: 'The session, by any id that no other has.',
    neededBy: eventNames,
  },
  agent: {
    type: 'string',
    pattern: '^[a-z0-9][a-z0-9._-]{0,39}$',
    describe: 'Who runs the session: stands in its records as `agent`.',
  },
  cwd: { type: 'string', describe: 'The folder that relative paths of tools begin at; absolute.' },
  turn: { type: 'string', describe: 'The prompt’s id; the same in all events until the turn ends.' },
  source: { type: 'string', values: ['startup', 'resume', 'clear', 'compact'], describe: 'Why a session started.' },
  prompt: { type: 'string', describe: 'What the user typed, and nothing that a program added.', neededBy: ['prompt'] },
  text: {
    type: 'string',
    describe: 'What the agent said: of turn-end its closing words, of summary and report the whole text.',
    neededBy: ['text', 'report', 'summary'],
  },
  tool: { type: 'object', fields: toolTerms, describe: 'The tool.', neededBy: ['tool', 'before-tool'] },
  subagent: { type: 'string', describe: 'The subagent that it happened in.' },
};

export const answerTerms: Readonly<Record<string, Term>> = {
  context: { type: 'string', describe: 'Text for the model, as data beside the prompt. Pass it on whole.' },
  message: { type: 'string', describe: 'A line for the user, never for the model.' },
};

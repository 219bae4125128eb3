// Protocol events → readings. The names come from terms.ts, from which the page and the schemas are generated.
import type { Host, HostName, Moment } from '../agent.ts';
import { makeHost, type Dialect, type Reading, type Step } from '../dialect.ts';
import { at, textAt } from '../json-fields.ts';
import { outputText } from '../tool-dialects.ts';
import { eventNames, type ProtocolEvent } from './terms.ts';

const moments: Readonly<Record<ProtocolEvent, Moment>> = {
  start: 'start',
  prompt: 'prompt',
  'before-tool': 'before-tool',
  tool: 'tool',
  text: 'text',
  report: 'subagent-end',
  'turn-end': 'turn-end',
  compaction: 'before-compaction',
  summary: 'compaction',
  end: 'end',
};

const takesContext: readonly string[] = ['start', 'prompt', 'before-tool'] satisfies ProtocolEvent[];

/** A host that uses the protocol; `readSteps` reads its transcript, if it has one. */
export function speakProtocol(name: HostName, readSteps?: (records: readonly unknown[]) => Step[]): Host {
  const dialect: Dialect = {
    name,
    read: readProtocol,
    ...(readSteps ? { readSteps } : {}),
    answer: (event, { context, message }) => ({
      ...(context && takesContext.includes(event) ? { context } : {}),
      ...(message ? { message } : {}),
    }),
  };
  return makeHost(dialect);
}

function readProtocol(payload: unknown): Reading {
  const event = textAt(payload, 'event');
  const isKnown = (eventNames as readonly string[]).includes(event);
  const tool = at(payload, 'tool');
  const agent = textAt(payload, 'agent');
  return {
    event,
    moment: isKnown ? moments[event as ProtocolEvent] : 'other',
    session: textAt(payload, 'session'),
    cwd: textAt(payload, 'cwd'),
    transcriptPath: textAt(payload, 'transcript'),
    source: textAt(payload, 'source') || (event === 'start' ? 'startup' : ''),
    prompt: textAt(payload, 'prompt'),
    promptId: textAt(payload, 'turn'),
    text: textAt(payload, 'text'),
    subagent: textAt(payload, 'subagent'),
    ...(/^[a-z0-9][a-z0-9._-]{0,39}$/.test(agent) ? { agent } : {}),
    ...(textAt(tool, 'name') === '' ? {} : { tool: readTool(tool) }),
  };
}

function readTool(tool: unknown): Reading['tool'] {
  const code = at(tool, 'exitCode');
  const diff = textAt(tool, 'diff');
  const isNew = at(tool, 'created');
  return {
    id: textAt(tool, 'id'),
    name: nameByKind(textAt(tool, 'kind')) ?? textAt(tool, 'name'),
    input: at(tool, 'input'),
    ok: at(tool, 'ok') !== false && (typeof code !== 'number' || code === 0),
    output: outputText(at(tool, 'output')),
    ...(diff === '' ? {} : { diff }),
    ...(typeof isNew === 'boolean' ? { isNew } : {}),
  };
}

/** Tool name for the kind given by an adapter; undefined: the tool's own name is looked up. */
function nameByKind(kind: string): string | undefined {
  switch (kind) {
    case 'read':
    case 'edit':
    case 'write':
      return kind;
    case 'run':
      return 'bash';
    case 'patch':
      return 'apply_patch';
    default:
      return undefined;
  }
}

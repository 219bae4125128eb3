// Protocol events → readings. The names come from terms.ts, from which the page and the schemas are generated.
import type { Host, Moment } from '../agent.ts';
import { makeHost, type Reading, type Step, type ToolReading } from '../dialect.ts';
import { at, textAt } from '../json-fields.ts';
import { outputText } from '../tool-dialects.ts';
import { eventNames, type ProtocolEvent } from './terms.ts';

/** The moments that the protocol names otherwise. */
const renamed = {
  report: 'subagent-end',
  compaction: 'before-compaction',
  summary: 'compaction',
} as const satisfies Partial<Record<ProtocolEvent, Moment>>;

function momentOf(event: string): Moment {
  if (Object.hasOwn(renamed, event)) return renamed[event as keyof typeof renamed];
  const known = eventNames.find((name): name is Exclude<ProtocolEvent, keyof typeof renamed> => name === event);
  return known ?? 'other';
}

/** A host that uses the protocol; `readSteps` reads its transcript, if it has one. */
export function speakProtocol(name: string, readSteps?: (records: readonly unknown[]) => Step[]): Host {
  return makeHost({
    name,
    read: readProtocol,
    ...(readSteps && { readSteps }),
    takesContext: ['start', 'prompt', 'before-tool'] satisfies ProtocolEvent[],
    answer: (_event, { context, message }) => ({ ...(context && { context }), ...(message && { message }) }),
  });
}

function readProtocol(payload: unknown): Reading {
  const event = textAt(payload, 'event');
  const agent = textAt(payload, 'agent');
  return {
    event,
    moment: momentOf(event),
    session: textAt(payload, 'session'),
    cwd: textAt(payload, 'cwd'),
    transcriptPath: textAt(payload, 'transcript'),
    source: textAt(payload, 'source') || (event === 'start' ? 'startup' : ''),
    prompt: textAt(payload, 'prompt'),
    promptId: textAt(payload, 'turn'),
    text: textAt(payload, 'text'),
    subagent: textAt(payload, 'subagent'),
    ...(/^[a-z0-9][a-z0-9._-]{0,39}$/.test(agent) && { agent }),
    tool: readTool(at(payload, 'tool')),
  };
}

function readTool(tool: unknown): ToolReading | undefined {
  const name = textAt(tool, 'name');
  if (name === '') return undefined;
  const code = at(tool, 'exitCode');
  const isNew = at(tool, 'created');
  return {
    id: textAt(tool, 'id'),
    name: nameOfKind.get(textAt(tool, 'kind')) ?? name,
    input: at(tool, 'input'),
    ok: at(tool, 'ok') !== false && (typeof code !== 'number' || code === 0),
    output: outputText(at(tool, 'output')),
    diff: textAt(tool, 'diff'),
    ...(typeof isNew === 'boolean' && { isNew }),
  };
}

/** Tool names for the kinds that an adapter may give; without one, the tool's own name is looked up. */
const nameOfKind = new Map([
  ['read', 'read'],
  ['edit', 'edit'],
  ['write', 'write'],
  ['run', 'bash'],
  ['patch', 'apply_patch'],
]);

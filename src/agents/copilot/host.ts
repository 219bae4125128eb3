// GitHub Copilot CLI: its own camelCase dialect, and Claude Code's names with Copilot's keys. Payloads have no tool ids.
import type { Answer, Moment } from '../agent.ts';
import { claudeAnswer, claudeMoments, makeHost, momentIn, type Dialect, type Reading, type Step } from '../dialect.ts';
import { at, firstText, isFields, listAt, textAt } from '../json-fields.ts';
import { outputText, type DialectTool } from '../tool-dialects.ts';

const takesContext = ['SessionStart', 'UserPromptSubmit', 'PreToolUse', 'PostToolUse', 'SubagentStart'];
const camelNames = ['sessionStart', 'userPromptSubmitted', 'preToolUse', 'postToolUse', 'subagentStart'];

const dialect: Dialect = { name: 'copilot', read, readSteps, hasFullerTranscript: true, answer };

export const host = makeHost(dialect);

/** Copilot reads text at the top level, in either dialect; before a tool, where Claude Code has it. */
function answer(event: string, { context, message }: Answer): object | undefined {
  if (!context || !(takesContext.includes(event) || camelNames.includes(event)))
    return message ? { systemMessage: message } : undefined;
  return { additionalContext: context, ...claudeAnswer(event, { context }, takesContext) };
}

function read(payload: unknown): Reading {
  const event = textAt(payload, 'hook_event_name') || eventByShape(payload);
  const source = firstText(payload, 'source', 'trigger', 'reason');
  const name = firstText(payload, 'tool_name', 'toolName');
  const failure = textAt(payload, 'error');
  const result = at(payload, 'tool_result') ?? at(payload, 'toolResult');
  const status = firstText(result, 'result_type', 'resultType');
  return {
    event,
    moment: momentOf(event),
    session: firstText(payload, 'session_id', 'sessionId'),
    cwd: textAt(payload, 'cwd'),
    transcriptPath: firstText(payload, 'transcript_path', 'transcriptPath'),
    source: source === 'new' ? 'startup' : source,
    prompt: textAt(payload, 'prompt'),
    ...(name === ''
      ? {}
      : {
          tool: {
            name,
            input: at(payload, 'tool_input') ?? at(payload, 'toolArgs'),
            ok: !/failure$/i.test(event) && (status === '' || status === 'success'),
            output: firstText(result, 'text_result_for_llm', 'textResultForLlm') || failure,
          },
        }),
  };
}

/** The camelCase payloads do not name their event: inferred from their keys. */
function eventByShape(payload: unknown): string {
  const has = (key: string): boolean => isFields(payload) && at(payload, key) !== undefined;
  if (has('hookName')) return 'other';
  if (has('toolResult')) return 'postToolUse';
  if (has('toolName')) return has('error') ? 'postToolUseFailure' : 'preToolUse';
  if (has('prompt')) return 'userPromptSubmitted';
  if (has('source')) return 'sessionStart';
  if (has('stopReason')) return has('agentName') ? 'subagentStop' : 'agentStop';
  return has('reason') ? 'sessionEnd' : 'other';
}

const camelMoments: Readonly<Record<string, Moment>> = {
  sessionStart: 'start',
  userPromptSubmitted: 'prompt',
  preToolUse: 'before-tool',
  postToolUse: 'tool',
  postToolUseFailure: 'tool',
  agentStop: 'turn-end',
  subagentStart: 'subagent-start',
  subagentStop: 'subagent-end',
  preCompact: 'before-compaction',
  sessionEnd: 'end',
};

function momentOf(event: string): Moment {
  return momentIn({ ...claudeMoments, ...camelMoments }, event);
}

function readSteps(records: readonly unknown[]): Step[] {
  const steps: Step[] = [];
  const tools = new Map<string, Step & { kind: 'tool' }>();
  for (const record of records) {
    const data = at(record, 'data');
    const time = textAt(record, 'timestamp');
    const id = textAt(data, 'toolCallId');
    switch (textAt(record, 'type')) {
      case 'user.message':
        steps.push({ kind: 'prompt', at: time, text: textAt(data, 'content'), id: textAt(data, 'messageId') });
        break;
      case 'assistant.message':
        steps.push({
          kind: 'text',
          at: time,
          text: textAt(data, 'content'),
          isFinal: listAt(data, 'toolRequests').length === 0,
        });
        break;
      case 'tool.execution_start': {
        const tool: DialectTool = {
          id: '',
          name: textAt(data, 'toolName'),
          input: at(data, 'arguments'),
          ok: true,
          output: '',
          cwd: '',
        };
        const step: Step & { kind: 'tool' } = { kind: 'tool', at: time, tool };
        steps.push(step);
        tools.set(id, step);
        break;
      }
      case 'tool.execution_complete': {
        const step = tools.get(id);
        if (step) step.tool = { ...step.tool, ...resultOf(data) };
      }
    }
  }
  return steps;
}

function resultOf(data: unknown): Partial<DialectTool> {
  const code = at(data, 'shellExecution', 'exitCode');
  const text = outputText(at(data, 'result')) || outputText(at(data, 'error'));
  const edits = at(data, 'fileEdits');
  const isNew = Array.isArray(edits) && edits.some((edit) => textAt(edit, 'kind') === 'create');
  return {
    ok: at(data, 'success') !== false && (typeof code !== 'number' || code === 0),
    // Removes text that hooks appended.
    output: text.replace(/\n\nTool "[^"\n]*" (?:succeeded|failed)\. Additional guidance from [\s\S]*$/, ''),
    ...(Array.isArray(edits) ? { diff: textAt(data, 'result', 'detailedContent'), isNew } : {}),
  };
}

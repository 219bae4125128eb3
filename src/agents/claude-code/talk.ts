// Claude Code's tools that communicate with the user, subagents or the web; and its task lists.
import type { Event, EventOf } from '../../domain/event.ts';
import { at, isFields, listAt, textAt, textOfBlocks } from '../json-fields.ts';
import type { EventHead } from '../agent.ts';
import { hashText } from '../event-keys.ts';
import { outputText, type DialectTool } from '../tool-dialects.ts';

function readAgent(use: DialectTool, head: EventHead): Event[] {
  if (at(use.response, 'isAsync') === true || textAt(use.response, 'status') === 'async_launched') return [];
  const text = outputText(use.response);
  if (text === '') return [];
  return [{ ...head, kind: 'report', description: textAt(use.input, 'description'), text: stripErrorTag(text) }];
}

function readQuestion(use: DialectTool, head: EventHead): Event[] {
  const answers = at(use.response, 'answers') ?? at(use.input, 'answers');
  const questions = [...listAt(use.response, 'questions'), ...listAt(use.input, 'questions')];
  if (!isFields(answers)) return [];
  return Object.entries(answers).flatMap(([question, answer]): Event[] => {
    const text = [answer]
      .flat()
      .filter((one) => typeof one === 'string')
      .join(', ');
    if (text === '') return [];
    const asked = questions.find((each) => [textAt(each, 'question'), textAt(each, 'header')].includes(question));
    const options = listAt(asked, 'options').map((option) => ({
      label: textAt(option, 'label'),
      why: textAt(option, 'description'),
    }));
    const taken = new Set(['', text, ...text.split(/,\s*/)]);
    const others = options.map(({ label }) => label).filter((label) => !taken.has(label));
    return [
      {
        ...head,
        kind: 'answer',
        question: textAt(asked, 'question') || question,
        answer: text,
        subject: textAt(asked, 'header') || undefined,
        why: options.find(({ label }) => label === text)?.why || undefined,
        others: others.length > 0 ? others : undefined,
      },
    ];
  });
}

function readPlan(use: DialectTool, head: EventHead): Event[] {
  const plan = textAt(use.input, 'plan') || textAt(use.response, 'plan');
  if (!use.ok) return [];
  const approved: Event = { ...head, kind: 'verdict', on: 'plan', verdict: 'approved', what: '', reason: '' };
  return plan === '' ? [approved] : [{ ...head, kind: 'text', text: plan }, approved];
}

function readTaskCreate(use: DialectTool, head: EventHead): Event[] {
  const subject = textAt(use.response, 'task', 'subject') || textAt(use.input, 'subject');
  const id = textAt(use.response, 'task', 'id');
  if (subject === '' || !use.ok) return [];
  return [{ ...head, kind: 'task', id: id || undefined, subject, status: 'pending' }];
}

function readTaskUpdate(use: DialectTool, head: EventHead): Event[] {
  const status = taskStatus(textAt(use.input, 'status') || textAt(use.response, 'statusChange', 'to'));
  const id = textAt(use.input, 'taskId');
  if (!status || id === '' || !use.ok) return [];
  return [{ ...head, kind: 'task', id, subject: textAt(use.input, 'subject'), status }];
}

/** The tool sends the whole list each time: an item missing from the last list is no longer open. */
function readTodos(use: DialectTool, head: EventHead): Event[] {
  if (!use.ok) return [];
  return listAt(use.input, 'todos').flatMap((todo): Event[] => {
    const subject = textAt(todo, 'content');
    const status = taskStatus(textAt(todo, 'status'));
    if (subject === '' || !status) return [];
    return [{ ...head, kind: 'task', id: hashText(subject).slice(0, 8), list: head.key, subject, status }];
  });
}

function readTaskOutput(use: DialectTool, head: EventHead): Event[] {
  const task = at(use.response, 'task');
  const code = at(task, 'exitCode') ?? at(use.response, 'exitCode');
  const output = textAt(task, 'output') || outputOf(use.response);
  const description = textAt(task, 'description');
  if (typeof code !== 'number' || output === '') return [];
  return [
    { ...head, kind: 'command', command: textAt(task, 'command') || description, description, ok: code === 0, output },
  ];
}

export function outputOf(response: unknown): string {
  if (at(response, 'isImage') === true) return '[image]';
  const stdout = textAt(response, 'stdout');
  const stderr = textAt(response, 'stderr');
  const output = [stdout, stderr.startsWith('Shell cwd was reset') ? '' : stderr]
    .filter((text) => text !== '')
    .join('\n');
  return output || outputText(response);
}

/** Tools of a meaning of their own; the others are read as any host's. */
export const talkReaders: Readonly<Record<string, (use: DialectTool, head: EventHead) => Event[]>> = {
  Agent: readAgent,
  Task: readAgent,
  AskUserQuestion: readQuestion,
  ExitPlanMode: readPlan,
  TaskCreate: readTaskCreate,
  TaskUpdate: readTaskUpdate,
  TodoWrite: readTodos,
  TaskOutput: readTaskOutput,
  BashOutput: readTaskOutput,
};

const taskStatuses = ['pending', 'in_progress', 'completed', 'deleted'] as const;

function taskStatus(told: string): (typeof taskStatuses)[number] | undefined {
  return taskStatuses.find((status) => status === told);
}

/** What a tool of another party answered. */
export function externalText(response: unknown): string {
  return outputText(response) || listAt(response, 'results').map(searchResult).join('\n');
}

function searchResult(result: unknown): string {
  if (typeof result === 'string') return result;
  const links = listAt(result, 'content').map((link) => `${textAt(link, 'title')} ${textAt(link, 'url')}`.trim());
  return links.join('\n');
}

export function stripErrorTag(text: string): string {
  return text.replace(/^(?:Error: )?<tool_use_error>/, '').replace(/<\/tool_use_error>\s*$/, '');
}

const refused =
  /^(?:The user doesn't want to (?:proceed with this tool use|take this action)|User (?:rejected|chose to stay in plan mode|declined)|The agent proposed a plan that was rejected|The user (?:rejected|refused|denied))/;
const reasonBegins =
  /(?:the user said|the user provided the following reason(?: for the rejection)?|the user's feedback|user feedback)\s*:\s*/i;
/** Text that clients add for the model after the user's words. */
const advice =
  /\n+Note: The user's next message may contain[\s\S]*$|^The user wants to clarify these questions\.[\s\S]*$/;

/** The verdict if the user refused the call (`aborted`: without a reason); undefined otherwise. */
export function readRefusal(use: DialectTool, head: EventHead, subject: string): EventOf<'verdict'> | undefined {
  if (use.ok) return undefined;
  const shown = stripErrorTag(textOfBlocks(use.response)).replace(/^Error:\s*/, '');
  if (!refused.test(shown)) return undefined;
  const begins = reasonBegins.exec(shown);
  const reason = begins
    ? shown
        .slice(begins.index + begins[0].length)
        .replace(advice, '')
        .trim()
    : '';
  const isPlan = use.name === 'ExitPlanMode';
  return {
    ...head,
    kind: 'verdict',
    on: isPlan ? 'plan' : 'tool',
    verdict: reason === '' && !isPlan ? 'aborted' : 'refused',
    what: isPlan ? '' : `${use.name} ${subject}`.trim(),
    reason,
  };
}

// Claude Code's tools that communicate with the user, subagents or the web; and its task lists.
import type { Event } from '../../domain/event.ts';
import { at, firstText, isFields, listAt, textAt, textOfBlocks } from '../json-fields.ts';
import { hashText } from '../event-keys.ts';
import { stripErrorTag } from '../tool-use.ts';
import type { EventHead, ToolUse } from '../tool-use.ts';

export function readAgent(use: ToolUse, head: EventHead): Event[] {
  if (at(use.response, 'isAsync') === true || textAt(use.response, 'status') === 'async_launched') return [];
  const text = textOfBlocks(at(use.response, 'content')) || textOfBlocks(use.response);
  if (text === '') return [];
  return [{ ...head, kind: 'report', description: textAt(use.input, 'description'), text: stripErrorTag(text) }];
}

export function readQuestion(use: ToolUse, head: EventHead): Event[] {
  const answers = at(use.response, 'answers') ?? at(use.input, 'answers');
  const questions = [...listAt(use.response, 'questions'), ...listAt(use.input, 'questions')];
  if (!isFields(answers)) return [];
  return Object.entries(answers).flatMap(([question, answer]): Event[] => {
    const text = typeof answer === 'string' ? answer : Array.isArray(answer) ? answer.filter(isText).join(', ') : '';
    if (text === '') return [];
    const asked = questions.find(
      (each) => textAt(each, 'question') === question || textAt(each, 'header') === question,
    );
    const labels = listAt(asked, 'options').map((option) => textAt(option, 'label'));
    const chosen = listAt(asked, 'options').find((option) => textAt(option, 'label') === text);
    const why = textAt(chosen, 'description');
    const subject = textAt(asked, 'header');
    const taken = new Set([text, ...text.split(/,\s*/)]);
    const others = labels.filter((label) => label !== '' && !taken.has(label));
    return [
      {
        ...head,
        kind: 'answer',
        question: textAt(asked, 'question') || question,
        answer: text,
        ...(subject === '' ? {} : { subject }),
        ...(why === '' ? {} : { why }),
        ...(others.length === 0 ? {} : { others }),
      },
    ];
  });
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function readPlan(use: ToolUse, head: EventHead): Event[] {
  const plan = textAt(use.input, 'plan') || textAt(use.response, 'plan');
  if (!use.ok) return [];
  const approved: Event = { ...head, kind: 'verdict', on: 'plan', verdict: 'approved', what: '', reason: '' };
  return plan === '' ? [approved] : [{ ...head, kind: 'text', text: plan }, approved];
}

export function readTaskCreate(use: ToolUse, head: EventHead): Event[] {
  const subject = textAt(use.response, 'task', 'subject') || textAt(use.input, 'subject');
  const id = textAt(use.response, 'task', 'id');
  if (subject === '' || !use.ok) return [];
  return [{ ...head, kind: 'task', ...(id === '' ? {} : { id }), subject, status: 'pending' }];
}

export function readTaskUpdate(use: ToolUse, head: EventHead): Event[] {
  const status = taskStatus(textAt(use.input, 'status') || textAt(use.response, 'statusChange', 'to'));
  const id = textAt(use.input, 'taskId');
  if (!status || id === '' || !use.ok) return [];
  return [{ ...head, kind: 'task', id, subject: textAt(use.input, 'subject'), status }];
}

/** The tool sends the whole list each time: an item missing from the last list is no longer open. */
export function readTodos(use: ToolUse, head: EventHead): Event[] {
  if (!use.ok) return [];
  return listAt(use.input, 'todos').flatMap((todo): Event[] => {
    const subject = textAt(todo, 'content');
    const status = taskStatus(textAt(todo, 'status'));
    if (subject === '' || !status) return [];
    return [{ ...head, kind: 'task', id: hashText(subject).slice(0, 8), list: head.key, subject, status }];
  });
}

function taskStatus(status: string): 'pending' | 'in_progress' | 'completed' | 'deleted' | undefined {
  switch (status) {
    case 'pending':
    case 'in_progress':
    case 'completed':
    case 'deleted':
      return status;
    default:
      return undefined;
  }
}

/** What a tool of another party answered. */
export function externalText(response: unknown): string {
  const results = at(response, 'results');
  return (
    firstText(response, 'result', 'text', 'output') ||
    textOfBlocks(response) ||
    textOfBlocks(at(response, 'content')) ||
    (Array.isArray(results) ? results.map(searchResult).join('\n') : '')
  );
}

function searchResult(result: unknown): string {
  if (typeof result === 'string') return result;
  const links = listAt(result, 'content').map((link) => `${textAt(link, 'title')} ${textAt(link, 'url')}`.trim());
  return links.join('\n');
}

// One tool use of Claude Code → events. Hook payloads and transcript records both come through here.
import type { Event } from '../domain/event.ts';
import { findCommit } from './commits.ts';
import { at, countAt, firstText, isFields, listAt, textAt, textOfBlocks } from './fields.ts';
import { hunkOfFile, hunksOfEdit, hunksOfPatch } from './hunks.ts';
import { hashText } from './keys.ts';
import { relativePath } from './paths.ts';
import type { PathRoots } from './paths.ts';

export interface ToolUse {
  name: string;
  input: unknown;
  /** The tool's structured answer; for a failure the error's text. */
  response: unknown;
  ok: boolean;
  cwd: string;
}

export interface EventHead {
  key: string;
  session: string;
  at: string;
  subagent?: string;
}

type Reader = (use: ToolUse, head: EventHead, roots: PathRoots) => Event[];

/** Events of one tool use; the first has the head's key, others the key and a number. None for tools that say nothing lasting. */
export function readToolUse(use: ToolUse, head: EventHead, roots: PathRoots): Event[] {
  const reader = Object.hasOwn(readers, use.name) ? readers[use.name] : undefined;
  const events = (reader ?? readOther)(use, head, roots);
  return events.map((event, index) => (index === 0 ? event : { ...event, key: `${event.key}#${index}` }));
}

/** The path of the file that a tool is about, as the host gave it; '' for other tools. */
export function toolPath(input: unknown): string {
  return firstText(input, 'file_path', 'notebook_path');
}

const readers: Readonly<Record<string, Reader>> = {
  Bash: readCommand,
  PowerShell: readCommand,
  Edit: readEdit,
  MultiEdit: readEdit,
  Write: readWrite,
  NotebookEdit: readNotebook,
  Read: readRead,
  Agent: readAgent,
  Task: readAgent,
  AskUserQuestion: readQuestion,
  ExitPlanMode: readPlan,
  TaskCreate: readTaskCreate,
  TaskUpdate: readTaskUpdate,
  TodoWrite: readTodos,
  WebFetch: readExternal,
  WebSearch: readExternal,
  TaskOutput: readTaskOutput,
  BashOutput: readTaskOutput,
  Grep: readNothing,
  Glob: readNothing,
  LS: readNothing,
  Skill: readNothing,
  ToolSearch: readNothing,
  EnterPlanMode: readNothing,
  TaskGet: readNothing,
  TaskList: readNothing,
  TaskStop: readNothing,
  KillShell: readNothing,
};

function readNothing(): Event[] {
  return [];
}

function readCommand(use: ToolUse, head: EventHead): Event[] {
  const command = textAt(use.input, 'command');
  if (command === '') return [];
  const description = textAt(use.input, 'description');
  const interrupted = at(use.response, 'interrupted') === true;
  const ok = use.ok && !interrupted;
  const output = outputOf(use.response);
  const commit = commitOf(use, command, output);
  return [
    {
      ...head,
      kind: 'command',
      command,
      ...(description === '' ? {} : { description }),
      ok,
      output: interrupted ? `${output}\n[interrupted]`.trim() : output,
      ...(commit ? { commit } : {}),
    },
  ];
}

function outputOf(response: unknown): string {
  if (typeof response === 'string') return response;
  if (at(response, 'isImage') === true) return '[image]';
  const stdout = textAt(response, 'stdout');
  const stderr = textAt(response, 'stderr');
  const output = [stdout, stderr.startsWith('Shell cwd was reset') ? '' : stderr]
    .filter((text) => text !== '')
    .join('\n');
  if (output !== '') return output;
  return Array.isArray(response) ? textOfBlocks(response) : firstText(response, 'output', 'content');
}

function commitOf(use: ToolUse, command: string, output: string): ReturnType<typeof findCommit> {
  const found = findCommit(command, output, use.ok);
  const told = at(use.response, 'gitOperation', 'commit');
  const id = typeof told === 'string' ? told : firstText(told, 'sha', 'hash', 'id');
  if (id === '') return found;
  return { ...found, message: found?.message || textAt(told, 'message'), id: found?.id ?? id };
}

function readEdit(use: ToolUse, head: EventHead, roots: PathRoots): Event[] {
  const path = toolPath(use.input) || textAt(use.response, 'filePath');
  if (path === '') return [];
  const hunks = use.ok ? hunksOfEdit(use.input, use.response) : [];
  return [edit(use, head, relativePath(path, roots, use.cwd), false, hunks)];
}

function readWrite(use: ToolUse, head: EventHead, roots: PathRoots): Event[] {
  const path = toolPath(use.input) || textAt(use.response, 'filePath');
  if (path === '') return [];
  const patch = hunksOfPatch(listAt(use.response, 'structuredPatch'));
  const type = textAt(use.response, 'type');
  const wasThere = type === 'update' || patch.length > 0 || textAt(use.response, 'originalFile') !== '';
  const hunks = !use.ok ? [] : patch.length > 0 ? patch : wasThere ? [] : hunkOfFile(textAt(use.input, 'content'));
  return [edit(use, head, relativePath(path, roots, use.cwd), use.ok && !wasThere, hunks)];
}

function readNotebook(use: ToolUse, head: EventHead, roots: PathRoots): Event[] {
  const path = toolPath(use.input);
  if (path === '') return [];
  const removed = textAt(use.response, 'old_source');
  const added = textAt(use.input, 'edit_mode') === 'delete' ? '' : textAt(use.input, 'new_source');
  const hunks = hunkOfFile(added).map((hunk) => ({ ...hunk, removed: removed === '' ? [] : removed.split('\n') }));
  return [edit(use, head, relativePath(path, roots, use.cwd), false, use.ok ? hunks : [])];
}

function edit(
  use: ToolUse,
  head: EventHead,
  path: string,
  created: boolean,
  hunks: ReturnType<typeof hunksOfPatch>,
): Event {
  const error = use.ok ? '' : stripErrorTag(textOfBlocks(use.response));
  return { ...head, kind: 'edit', path, ok: use.ok, created, hunks, ...(error === '' ? {} : { error }) };
}

function readRead(use: ToolUse, head: EventHead, roots: PathRoots): Event[] {
  const path = toolPath(use.input);
  if (path === '' || !use.ok) return [];
  const start = countAt(use.response, 'file', 'startLine');
  const count = countAt(use.response, 'file', 'numLines');
  const total = countAt(use.response, 'file', 'totalLines');
  const isPart = start !== undefined && count !== undefined && start > 0 && count > 0 && (start > 1 || count !== total);
  return [
    {
      ...head,
      kind: 'read',
      path: relativePath(path, roots, use.cwd),
      ...(isPart ? { lines: [start, start + count - 1] satisfies [number, number] } : {}),
    },
  ];
}

function readAgent(use: ToolUse, head: EventHead): Event[] {
  if (at(use.response, 'isAsync') === true || textAt(use.response, 'status') === 'async_launched') return [];
  const text = textOfBlocks(at(use.response, 'content')) || textOfBlocks(use.response);
  if (text === '') return [];
  return [{ ...head, kind: 'report', description: textAt(use.input, 'description'), text: stripErrorTag(text) }];
}

function readQuestion(use: ToolUse, head: EventHead): Event[] {
  const answers = at(use.response, 'answers') ?? at(use.input, 'answers');
  const questions = [...listAt(use.response, 'questions'), ...listAt(use.input, 'questions')];
  if (!isFields(answers)) return [];
  return Object.entries(answers).flatMap(([question, answer]): Event[] => {
    const text = typeof answer === 'string' ? answer : Array.isArray(answer) ? answer.filter(isText).join(', ') : '';
    if (text === '') return [];
    const asked = questions.find(
      (each) => textAt(each, 'question') === question || textAt(each, 'header') === question,
    );
    const chosen = listAt(asked, 'options').find((option) => textAt(option, 'label') === text);
    const why = textAt(chosen, 'description');
    return [
      {
        ...head,
        kind: 'answer',
        question: textAt(asked, 'question') || question,
        answer: why === '' ? text : `${text}: ${why}`,
      },
    ];
  });
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function readPlan(use: ToolUse, head: EventHead): Event[] {
  const plan = textAt(use.input, 'plan') || textAt(use.response, 'plan');
  return plan === '' || !use.ok ? [] : [{ ...head, kind: 'text', text: plan }];
}

function readTaskCreate(use: ToolUse, head: EventHead): Event[] {
  const subject = textAt(use.response, 'task', 'subject') || textAt(use.input, 'subject');
  const id = textAt(use.response, 'task', 'id');
  if (subject === '' || !use.ok) return [];
  return [{ ...head, kind: 'task', ...(id === '' ? {} : { id }), subject, status: 'pending' }];
}

function readTaskUpdate(use: ToolUse, head: EventHead): Event[] {
  const status = taskStatus(textAt(use.input, 'status') || textAt(use.response, 'statusChange', 'to'));
  const id = textAt(use.input, 'taskId');
  if (!status || id === '' || !use.ok) return [];
  return [{ ...head, kind: 'task', id, subject: textAt(use.input, 'subject'), status }];
}

function readTodos(use: ToolUse, head: EventHead): Event[] {
  const before = new Map(
    listAt(use.response, 'oldTodos').map((todo) => [textAt(todo, 'content'), textAt(todo, 'status')]),
  );
  return listAt(use.input, 'todos').flatMap((todo): Event[] => {
    const subject = textAt(todo, 'content');
    const status = taskStatus(textAt(todo, 'status'));
    if (subject === '' || !status || before.get(subject) === status) return [];
    return [{ ...head, kind: 'task', id: hashText(subject).slice(0, 8), subject, status }];
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

function readTaskOutput(use: ToolUse, head: EventHead): Event[] {
  const task = at(use.response, 'task');
  const code = at(task, 'exitCode') ?? at(use.response, 'exitCode');
  const output = textAt(task, 'output') || outputOf(use.response);
  const description = textAt(task, 'description');
  if (typeof code !== 'number' || output === '') return [];
  return [
    { ...head, kind: 'command', command: textAt(task, 'command') || description, description, ok: code === 0, output },
  ];
}

function readExternal(use: ToolUse, head: EventHead): Event[] {
  const response = use.response;
  const results = at(response, 'results');
  const text =
    firstText(response, 'result', 'text', 'output') ||
    textOfBlocks(response) ||
    textOfBlocks(at(response, 'content')) ||
    (Array.isArray(results) ? results.map(searchResult).join('\n') : '');
  return [
    {
      ...head,
      kind: 'external',
      tool: use.name,
      input: firstText(use.input, 'url', 'query') || brief(use.input),
      ok: use.ok,
      text: use.ok ? text : stripErrorTag(text),
    },
  ];
}

function searchResult(result: unknown): string {
  if (typeof result === 'string') return result;
  const links = listAt(result, 'content').map((link) => `${textAt(link, 'title')} ${textAt(link, 'url')}`.trim());
  return links.join('\n');
}

/** MCP tools and tools that we do not know: text of others, as far as we can tell. */
function readOther(use: ToolUse, head: EventHead): Event[] {
  return use.name === '' ? [] : readExternal(use, head);
}

function brief(input: unknown): string {
  const text = JSON.stringify(input) ?? '';
  return text === '{}' ? '' : text;
}

function stripErrorTag(text: string): string {
  return text.replace(/^(?:Error: )?<tool_use_error>/, '').replace(/<\/tool_use_error>\s*$/, '');
}

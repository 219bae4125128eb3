// One tool use of Claude Code → events, for hook payloads and transcript records.
import type { Event } from '../../domain/event.ts';
import { findCommit } from '../commit-commands.ts';
import { readAgent, readExternal, readPlan, readQuestion, readTaskCreate, readTaskUpdate, readTodos } from './talk.ts';
import { readRefusal } from './refusals.ts';
import { stripErrorTag } from '../tool-use.ts';
import type { EventHead, ToolReader, ToolUse } from '../tool-use.ts';
import { at, countAt, firstText, listAt, textAt, textOfBlocks } from '../json-fields.ts';
import { hunkOfFile, hunksOfEdit, hunksOfPatch } from '../hunks.ts';
import { relativePath } from '../event-paths.ts';
import type { PathRoots } from '../event-paths.ts';

/** Events of one tool use; the first has the head's key, others the key and a number. Empty for tools without lasting information. */
export function readToolUse(use: ToolUse, head: EventHead, roots: PathRoots): Event[] {
  const reader = Object.hasOwn(readers, use.name) ? readers[use.name] : undefined;
  const verdict = readRefusal(use, head, toolPath(use.input) || textAt(use.input, 'command'));
  const events = verdict ? [verdict] : (reader ?? readOther)(use, head, roots);
  return events.map((event, index) => (index === 0 ? event : { ...event, key: `${event.key}#${index}` }));
}

/** The path of the file that a tool uses, as the host gave it; '' for other tools. */
export function toolPath(input: unknown): string {
  return firstText(input, 'file_path', 'notebook_path');
}

const readers: Readonly<Record<string, ToolReader>> = {
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
  const interrupted = use.isInterrupted === true || at(use.response, 'interrupted') === true;
  const ok = use.ok && !interrupted;
  const output = outputOf(use.response);
  const unproven = interrupted ? 'interrupted' : unprovenOf(use, output);
  const commit = commitOf(use, command, output);
  return [
    {
      ...head,
      kind: 'command',
      command,
      ...(description === '' ? {} : { description }),
      ok,
      ...(unproven === undefined ? {} : { unproven }),
      output: interrupted ? `${output}\n[interrupted]`.trim() : output,
      ...(commit ? { commit } : {}),
    },
  ];
}

/** A background call has no result yet; a call that failed without an exit code never ran. */
function unprovenOf(use: ToolUse, output: string): 'background' | 'blocked' | undefined {
  if (textAt(use.response, 'backgroundTaskId') !== '' || at(use.input, 'run_in_background') === true)
    return 'background';
  return use.ok || /^(?:Error: )?(?:Exit code \d|Command timed out)/.test(output) ? undefined : 'blocked';
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

/** MCP tools and unknown tools: treated as third-party text. */
function readOther(use: ToolUse, head: EventHead): Event[] {
  return use.name === '' ? [] : readExternal(use, head);
}

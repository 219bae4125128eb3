// Classifies tools of coding agents: a table of names, and a table of input keys for path, command and texts.
import type { CommandEvent, Event, Hunk } from '../domain/event.ts';
import { findCommit } from './commit-commands.ts';
import { at, firstText, isFields, listAt, textAt } from './json-fields.ts';
import { hunkOfFile, hunkOfStrings, hunksOfDiff, patchedFiles } from './hunks.ts';
import { relativePath, type PathRoots } from './event-paths.ts';
import type { EventHead } from './agent.ts';

export type ToolKind = 'read' | 'edit' | 'write' | 'run' | 'patch' | 'quiet' | 'other';

/** Names mean the same in every host. `quiet`: only looks around; nothing to remember. */
const names: Readonly<Record<Exclude<ToolKind, 'other'>, string>> = {
  read: 'Read read view read_file read_files read_many_files NotebookRead',
  edit: 'Edit MultiEdit edit edit_file replace editor str_replace replace_in_file StrReplace multiedit NotebookEdit',
  write: 'Write write create create_file write_file write_to_file new_file',
  run:
    'Bash bash Shell shell exec exec_command run_shell_command run_commands execute_command local_shell powershell ' +
    'PowerShell run_terminal_cmd',
  patch: 'apply_patch patch',
  // tool_call is OpenClaw's, which also reports the tool that was called.
  quiet:
    'Grep grep Glob glob LS ls list list_directory list_files search_files search_file_content grep_search ' +
    'codebase_search tool_search tool_describe tool_call ToolSearch Skill skill skills todo_write todowrite todoread ' +
    'TodoWrite update_plan report_intent save_memory write_stdin read_bash stop_bash write_bash process EnterPlanMode ' +
    'TaskGet TaskList TaskStop KillShell',
};

/** Keys of a value in a tool's input, across hosts. */
const keys = {
  path: ['file_path', 'path', 'filePath', 'notebook_path', 'absolute_path', 'target_file', 'filename'],
  command: ['command', 'cmd', 'script'],
  patch: ['patch', 'patchText', 'command', 'input', 'diff'],
  before: ['old_string', 'old_str', 'old_text', 'oldString', 'oldText', 'search'],
  after: ['new_string', 'new_str', 'new_text', 'newString', 'newText', 'replace'],
  content: ['content', 'file_text', 'contents', 'text', 'new_text'],
} as const;

const kindOf = new Map(
  Object.entries(names).flatMap(([kind, list]) => list.split(' ').map((name) => [name, kind as ToolKind])),
);

export interface DialectTool {
  name: string;
  /** The host's own id; '' when it gives none. */
  id: string;
  input: unknown;
  ok: boolean;
  /** The output that the model saw, without the host's frame. */
  output: string;
  /** The host's structured answer, or the error's text, where the host's dialect reads it itself. */
  response?: unknown;
  /** A unified diff of the change, if the host gives one; it has line numbers. */
  diff?: string;
  /** The change, if the host gives it otherwise. */
  hunks?: Hunk[];
  /** The file did not exist before. */
  isNew?: boolean;
  /** First and last line that were read; absent for a whole file. */
  lines?: [number, number];
  /** See CommandEvent. */
  unproven?: CommandEvent['unproven'];
  commit?: CommandEvent['commit'];
  cwd: string;
}

/** A shell command that applies a patch counts as an edit. */
export function toolKind({ name, input }: Pick<DialectTool, 'name' | 'input'>): ToolKind {
  const kind = kindOf.get(name) ?? 'other';
  return kind === 'run' && /^\s*apply_patch\b[\s\S]*\*\*\* Begin Patch/.test(toolCommand(input)) ? 'patch' : kind;
}

/** The first file that a tool names, as the host gave it. */
export function toolPath(input: unknown): string {
  return pathsOf(input)[0] ?? '';
}

function pathsOf(input: unknown): string[] {
  const lists = ['files', 'paths', 'file_paths'].flatMap((key) => listAt(input, key));
  const found = [
    firstText(input, ...keys.path),
    ...lists.map((one) => (typeof one === 'string' ? one : firstText(one, ...keys.path))),
  ];
  return found.filter((path) => path !== '');
}

/** A list is a program with arguments, or several commands in sequence. */
export function toolCommand(input: unknown): string {
  const text = firstText(input, ...keys.command);
  if (text !== '') return text;
  const parts = [...listAt(input, 'command'), ...listAt(input, 'commands')];
  const commands = parts
    .map((part) => (typeof part === 'string' ? part : firstText(part, ...keys.command)))
    .filter(Boolean);
  if (/(?:^|\/)(?:ba|z)?sh$/.test(commands[0] ?? '') && /^-\w*c$/.test(commands[1] ?? '')) return commands[2] ?? '';
  return commands.join(listAt(input, 'commands').length > 0 ? '\n' : ' ');
}

/** The tool's input as text: together with the kind it distinguishes tool uses of hosts without ids. */
export function toolSubject(tool: Pick<DialectTool, 'name' | 'input'>): string {
  return toolCommand(tool.input) || JSON.stringify(tool.input) || tool.name;
}

/** Events of one tool use; the first has the head's key, others the key and a number. */
export function readDialectTool(tool: DialectTool, head: EventHead, roots: PathRoots): Event[] {
  return keyEach(eventsOf(tool, head, roots));
}

/** Of events of one tool use with the same key: the first keeps it, the others get a number. */
export function keyEach(events: readonly Event[]): Event[] {
  return events.map((event, index) => (index === 0 ? event : { ...event, key: `${event.key}#${index}` }));
}

function eventsOf(tool: DialectTool, head: EventHead, roots: PathRoots): Event[] {
  const place = (path: string): string => relativePath(path, roots, tool.cwd);
  const editOf = (path: string, isNew: boolean, hunks: Hunk[]): Event => {
    const edit = { ...head, kind: 'edit', path: place(path), ok: tool.ok } as const;
    if (tool.ok) return { ...edit, created: isNew, hunks };
    return { ...edit, created: false, hunks: [], ...(tool.output !== '' && { error: tool.output }) };
  };
  switch (toolKind(tool)) {
    case 'quiet':
      return [];
    case 'read': {
      const lines = tool.lines ? { lines: tool.lines } : {};
      return tool.ok ? pathsOf(tool.input).map((path) => ({ ...head, kind: 'read', path: place(path), ...lines })) : [];
    }
    case 'run': {
      const command = toolCommand(tool.input);
      if (command === '') return [];
      const { ok, output, unproven } = tool;
      const description = textAt(tool.input, 'description') || undefined;
      const commit = tool.commit ?? findCommit(command, output, ok);
      return [{ ...head, kind: 'command', command, description, ok, unproven, output, commit }];
    }
    case 'patch':
      return patchedFiles(firstText(tool.input, ...keys.patch) || textOf(tool.input)).map(({ path, isNew, hunks }) =>
        editOf(path, isNew, hunks),
      );
    case 'edit':
    case 'write': {
      const path = toolPath(tool.input);
      return path === '' ? [] : [editOf(path, tool.isNew ?? false, tool.hunks ?? hunksOf(tool))];
    }
    case 'other': {
      if (tool.name === '') return [];
      const input = firstText(tool.input, 'url', 'query', 'prompt') || textOf(tool.input);
      return [{ ...head, kind: 'external', tool: tool.name, input, ok: tool.ok, text: tool.output }];
    }
  }
}

function hunksOf(tool: DialectTool): Hunk[] {
  const { input, isNew } = tool;
  const known = hunksOfDiff(tool.diff ?? '');
  if (known.length > 0) return known;
  // An existing file was overwritten: the change is unknown.
  if (toolKind(tool) === 'write') return isNew === false ? [] : hunkOfFile(firstText(input, ...keys.content));
  const edits = listAt(input, 'edits');
  return (edits.length > 0 ? edits : [input]).flatMap((edit) =>
    isFields(edit) ? hunkOfStrings(firstText(edit, ...keys.before), firstText(edit, ...keys.after)) : [],
  );
}

function textOf(input: unknown): string {
  if (typeof input === 'string') return input;
  const text = JSON.stringify(input) ?? '';
  return text === '{}' ? '' : text;
}

const exitLine =
  /<shellId: \S+ completed with exit code (-?\d+)>|^(?:Process exited with code|\[Command exited with code|Exit Code:) (-?\d+)|Command exited with code (-?\d+)\)?\s*$(?![^])/im;

/** The exit code in a command's output; undefined when the host does not write one. */
export function exitCodeIn(output: string): number | undefined {
  const code = exitLine.exec(output)?.slice(1).find(Boolean);
  return code === undefined ? undefined : Number(code);
}

/** A command's output without the lines that the host adds. */
export function bareOutput(output: string): string {
  const framed = /^Command: [\s\S]*?^Output: ([\s\S]*?)^(?:Error: |Exit Code: )/m.exec(output)?.[1];
  return (framed ?? output)
    .replace(/^<untrusted_context>\n|\n?<\/untrusted_context>\s*$/g, '')
    .replace(/^Output: /, '')
    .replace(/\n?^(?:Exit Code: -?\d+|Signal: .*|Process Group PGID: .*|Error: \(none\))$/gm, '')
    .replace(/\n?<shellId: \S+ completed with exit code -?\d+>/, '')
    .replace(/\n*\(?Command exited with code -?\d+\)?\s*$/, '')
    .replace(/^\[Command exited with code -?\d+\]\s*(?:\[stderr\]\n)?/, '')
    .trimEnd();
}

/** Derives a command's output and outcome from the text; other tools are returned unchanged. */
export function settleRun(tool: DialectTool): DialectTool {
  if (toolKind(tool) !== 'run') return tool;
  const code = exitCodeIn(tool.output);
  return { ...tool, ok: tool.ok && (code ?? 0) === 0, output: bareOutput(tool.output) };
}

/** Text of a tool's answer: a string, a list of blocks, or a text field known from hosts. */
export function outputText(response: unknown): string {
  if (typeof response === 'string') return response;
  if (Array.isArray(response))
    return response
      .map((part) => outputText(part))
      .filter(Boolean)
      .join('\n');
  const text = firstText(response, 'text', 'output', 'llmContent', 'result', 'content', 'stdout', 'error');
  if (text !== '') return text;
  return Array.isArray(at(response, 'content')) ? outputText(at(response, 'content')) : '';
}

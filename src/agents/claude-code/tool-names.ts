// One tool use of Claude Code → events, for hook payloads and transcript records.
import type { Event } from '../../domain/event.ts';
import { findCommit } from '../commit-commands.ts';
import type { PathRoots } from '../event-paths.ts';
import { hunkOfStrings, hunksOfPatch } from '../hunks.ts';
import { at, countAt, firstText, isFields, listAt, textAt, textOfBlocks } from '../json-fields.ts';
import { type DialectTool, keyEach, readDialectTool, toolKind, toolPath } from '../tool-dialects.ts';
import type { EventHead } from '../agent.ts';
import { externalText, outputOf, readRefusal, stripErrorTag, talkReaders } from './talk.ts';

/** Events of one tool use. Empty for tools without lasting information. */
export function readToolUse(use: DialectTool, head: EventHead, roots: PathRoots): Event[] {
  const verdict = readRefusal(use, head, toolPath(use.input) || textAt(use.input, 'command'));
  if (verdict) return [verdict];
  const reader = Object.hasOwn(talkReaders, use.name) ? talkReaders[use.name] : undefined;
  return reader ? keyEach(reader(use, head)) : readDialectTool(wholeTool(use), head, roots);
}

function wholeTool(use: DialectTool): DialectTool {
  const { input, response } = use;
  switch (toolKind(use)) {
    case 'run':
    case 'patch':
      return { ...use, ...commandOf(use) };
    case 'read':
      return { ...use, output: '', ...partOf(response) };
    case 'edit':
    case 'write': {
      const path = toolPath(input) || textAt(response, 'filePath');
      const named = isFields(input) ? { ...input, file_path: path } : input;
      return { ...use, input: named, output: stripErrorTag(textOfBlocks(response)), ...changeOf(use) };
    }
    default:
      // MCP tools and unknown tools: treated as third-party text.
      return { ...use, output: stripErrorTag(externalText(response)) };
  }
}

function commandOf(use: DialectTool): Pick<DialectTool, 'ok' | 'output' | 'unproven' | 'commit'> {
  const isInterrupted = use.unproven === 'interrupted' || at(use.response, 'interrupted') === true;
  const output = outputOf(use.response);
  return {
    ok: use.ok && !isInterrupted,
    output: isInterrupted ? `${output}\n[interrupted]`.trim() : output,
    unproven: isInterrupted ? 'interrupted' : unprovenOf(use, output),
    commit: commitOf(use, textAt(use.input, 'command'), output),
  };
}

/** A background call has no result yet; a call that failed without an exit code never ran. */
function unprovenOf(use: DialectTool, output: string): 'background' | 'blocked' | undefined {
  if (textAt(use.response, 'backgroundTaskId') !== '' || at(use.input, 'run_in_background') === true)
    return 'background';
  return use.ok || /^(?:Error: )?(?:Exit code \d|Command timed out)/.test(output) ? undefined : 'blocked';
}

function commitOf(use: DialectTool, command: string, output: string): ReturnType<typeof findCommit> {
  const found = findCommit(command, output, use.ok);
  const told = at(use.response, 'gitOperation', 'commit');
  const id = typeof told === 'string' ? told : firstText(told, 'sha', 'hash', 'id');
  if (id === '') return found;
  return { ...found, message: found?.message || textAt(told, 'message'), id: found?.id ?? id };
}

function changeOf({ name, input, response }: DialectTool): Pick<DialectTool, 'hunks' | 'isNew'> {
  if (name === 'NotebookEdit') {
    const added = textAt(input, 'edit_mode') === 'delete' ? '' : textAt(input, 'new_source');
    return { hunks: hunkOfStrings(textAt(response, 'old_source'), added) };
  }
  const patch = hunksOfPatch(listAt(response, 'structuredPatch'));
  const hunks = patch.length > 0 ? patch : undefined;
  if (name !== 'Write') return { hunks };
  const wasThere =
    textAt(response, 'type') === 'update' || hunks !== undefined || textAt(response, 'originalFile') !== '';
  return { isNew: !wasThere, hunks };
}

/** The lines that were read, of a file that was not read whole. */
function partOf(response: unknown): Pick<DialectTool, 'lines'> {
  const start = countAt(response, 'file', 'startLine');
  const count = countAt(response, 'file', 'numLines');
  const total = countAt(response, 'file', 'totalLines');
  const isPart = start !== undefined && count !== undefined && start > 0 && count > 0 && (start > 1 || count !== total);
  return isPart ? { lines: [start, start + count - 1] } : {};
}

// Filters parsed events before they are stored. Secrets inside texts are handled by privacy.
import { escapePattern } from '../../agents/event-paths.ts';
import type { CommandEvent, Event } from '../../domain/event.ts';
import { mapTexts } from '../../domain/event-texts.ts';
import { fenceOpen } from '../../context/render-block.ts';
import { isSecretPath } from '../../privacy/private-paths.ts';
import { hostTags, stripHostTags } from '../../privacy/private-tags.ts';
import { isSecretCommand } from './secret-commands.ts';

export interface KeepRules {
  /** Paths that the user excluded; nothing about them is kept. */
  isExcludedPath: (path: string) => boolean;
  /** Paths ignored by git: the path is kept, the content is not. */
  ignored: ReadonlySet<string>;
}

const memoryPath = /(?:^|\/)\.claude-mem(?:\/|$)/;
const hostPath = /^~\/\.claude(?:\/|$)/;
/** Our MCP tools as hosts name them: `mcp__repomem__search`, `mcp_repomem_search`, `repomem-search`, `repomem_search`, `repomem__search`. */
const ownTool = /^(?:mcp__?)?(?:plugin_repomem_)?repomem(?:__?|-)/;
const ownCommand =
  /^(?:\w+=\S*\s+)*(?:npx\s+(?:-\S+\s+)*|(?:node|sh|exec)\s+)?(?:"(?:[^"]*\/)?repomem(?:\.js)?"|'(?:[^']*\/)?repomem(?:\.js)?'|(?:[^\s"']*\/)?repomem(?:\.js)?(?:@\S+)?)(?=\s|$)/;

/** The event without excluded content; undefined when nothing of it may be kept. */
export function filterEvent(event: Event, rules: KeepRules): Event | undefined {
  if (event.kind === 'edit' || event.kind === 'read') {
    const { path } = event;
    if (memoryPath.test(path) || hostPath.test(path) || rules.isExcludedPath(path)) return undefined;
    const isHidden = event.kind === 'edit' && (rules.ignored.has(path) || isSecretPath(path));
    return isHidden ? { ...event, hunks: [], error: undefined } : event;
  }
  if (event.kind === 'command') return filterCommand(event, rules);
  if (event.kind === 'external') return ownTool.test(event.tool) ? undefined : dropInserts(event);
  if (!('text' in event)) return event;
  const kept = dropInserts(event);
  return kept.text.trim() === '' ? undefined : kept;
}

function filterCommand(event: CommandEvent, rules: KeepRules): Event | undefined {
  const { command } = event;
  const parts = command.split(/&&|\|\||[;|\n]/).map((part) => part.trim());
  const own = parts.findIndex((part) => ownCommand.test(part));
  // What follows is a filter of its output.
  if (own >= 0 && parts.slice(0, own).every((part) => /^cd\s/.test(part))) return undefined;
  if (isSecretCommand(command)) {
    const program = parts[0]?.split(/\s/, 1)[0] ?? '';
    return { ...event, command: `${program} …`, output: '', description: undefined, commit: undefined };
  }
  if (own >= 0 || namesHidden(command, rules)) return { ...event, output: '' };
  return { ...dropInserts({ ...event, command: '' }), command };
}

/** Whether the command names a file whose content must not be kept. */
function namesHidden(command: string, rules: KeepRules): boolean {
  return wordsOf(command).some((path) => {
    if (!/[./]/.test(path)) return rules.ignored.has(path);
    return memoryPath.test(path) || rules.ignored.has(path) || rules.isExcludedPath(path);
  });
}

/** Words that may be paths below the working tree, without a leading `./`. */
function wordsOf(command: string): string[] {
  return command
    .split(/[\s"'`;|&<>()=]+/)
    .map((word) => word.replace(/^(?:\.\/)+/, ''))
    .filter((path) => path !== '' && !/^[-/~$@]/.test(path));
}

const askedMax = 1000;

/** All paths in events, including those in commands, for checking which of them git ignores. */
export function pathsNamed(events: readonly Event[]): string[] {
  const paths = new Set(events.flatMap((event) => ('path' in event ? [event.path] : [])));
  const words = new Set(events.flatMap((event) => (event.kind === 'command' ? wordsOf(event.command) : [])));
  const plain = [...words].filter((word) => word.length <= 512 && !/(?:^|\/)\.\.(?:\/|$)|[*?:$\\]/.test(word));
  return [...paths, ...plain.filter((word) => !paths.has(word)).slice(0, askedMax)];
}

function dropInserts<T extends Event>(event: T): T {
  return mapTexts(event, (text) => {
    // A tag without a closing tag is only a mention; of our own block, without its end, the rest goes.
    const closed = hostTags.filter(
      (tag) => text.includes(`</${tag}`) || (`<${tag}>` === fenceOpen && text.includes(fenceOpen)),
    );
    return closed.length > 0 ? stripHostTags(text, closed) : text;
  });
}

/** A matcher for paths below the worktree's top from gitignore patterns. Loads the library only if there are patterns. */
export async function loadPathRule(patterns: readonly string[]): Promise<(path: string) => boolean> {
  if (!patterns.some((pattern) => pattern.trim() !== '' && !pattern.startsWith('#'))) return () => false;
  const { default: ignore } = await import('ignore');
  const rule = ignore({ ignorecase: false, allowRelativePaths: true }).add([...patterns]);
  return (path) => path !== '' && path !== '.' && rule.ignores(path);
}

/** A matcher for tool names: exact, or with `*` for any rest, such as `mcp__*`. */
export function toolRule(patterns: readonly string[]): (name: string) => boolean {
  const rules = patterns.map((pattern) => new RegExp(`^${pattern.split(/\*+/).map(escapePattern).join('.*')}$`));
  return (name) => rules.some((rule) => rule.test(name));
}

// Filters parsed events before they are stored. Secrets inside texts are handled by privacy.
import { escapePattern } from '../../agents/event-paths.ts';
import type { Event } from '../../domain/event.ts';
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
  switch (event.kind) {
    case 'edit':
    case 'read': {
      const { path } = event;
      if (memoryPath.test(path) || hostPath.test(path) || rules.isExcludedPath(path)) return undefined;
      if (event.kind === 'read' || !(rules.ignored.has(path) || isSecretPath(path))) return event;
      const { error: _error, ...bare } = event;
      return { ...bare, hunks: [] };
    }
    case 'command':
      return filterCommand(event, rules);
    case 'external':
      return ownTool.test(event.tool) ? undefined : dropInserts(event);
    case 'prompt':
    case 'text':
    case 'report':
    case 'summary': {
      const kept = dropInserts(event);
      return 'text' in kept && kept.text.trim() === '' ? undefined : kept;
    }
    case 'answer':
    case 'verdict':
    case 'task':
    case 'boundary':
      return event;
  }
}

function filterCommand(event: Event & { kind: 'command' }, rules: KeepRules): Event | undefined {
  const parts = event.command.split(/&&|\|\||[;|\n]/).map((part) => part.trim());
  const own = parts.map((part) => ownCommand.test(part));
  if (
    own.includes(true) &&
    parts.every((part, index) => own[index] || index > own.indexOf(true) || /^cd\s/.test(part))
  ) {
    return undefined;
  }
  if (isSecretCommand(event.command)) {
    const { description: _description, commit: _commit, ...bare } = event;
    return { ...bare, command: `${parts[0]?.split(/\s/, 1)[0] ?? ''} …`, output: '' };
  }
  if (own.includes(true) || namesHidden(event.command, rules)) return { ...event, output: '' };
  const kept = dropInserts({ ...event, command: '' });
  return { ...kept, command: event.command } as Event;
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

function dropInserts(event: Event): Event {
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
  const exact = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const wild = patterns
    .filter((pattern) => pattern.includes('*'))
    .map((pattern) => new RegExp(`^${pattern.split(/\*+/).map(escapePattern).join('.*')}$`));
  return (name) => exact.has(name) || wild.some((each) => each.test(name));
}

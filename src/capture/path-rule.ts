import { escapePattern } from '../agents/event-paths.ts';

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

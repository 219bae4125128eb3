// Hooks and the MCP server in a repository's own `.claude/settings.json` and `.mcp.json`, for those who want no plugin.
// Texts in, texts out. Guarded: who has no repomem on the machine notices nothing.
import { RepomemError } from '../../domain/errors.ts';
import { insertJson, removeJson } from '../json-text.ts';

export interface HookGroup {
  matcher?: string;
  hooks: { type: string; command: string; timeout?: number }[];
}

/** As in plugin.json: event → groups. */
export type HookTable = Readonly<Record<string, readonly HookGroup[]>>;

/** Below the user's data folder; whoever installs puts the package there. */
const copyPath = 'repomem/marketplace/repomem';
const copyFolder = `\${XDG_DATA_HOME:-$HOME/.local/share}/${copyPath}`;
const serverName = 'repomem';

function guardCommand(command: string): string {
  return `repomem="${copyFolder}"; ${command.replaceAll('${CLAUDE_PLUGIN_ROOT}', '$repomem')}`;
}

/** The hooks of a plugin, pointed at the copy in the user's data folder instead of the plugin's own one. */
export function guardHooks(table: HookTable): HookTable {
  return Object.fromEntries(
    Object.entries(table).map(([event, groups]) => [
      event,
      groups.map((group) => ({
        ...group,
        hooks: group.hooks.map((hook) => ({ ...hook, command: guardCommand(hook.command) })),
      })),
    ]),
  );
}

/** The settings with our hooks in place of older ones of ours. Throws RepomemError `bad-settings` on a text that is no JSON object. */
export function addHooks(text: string | undefined, table: HookTable, where: string): string {
  let next = removeHooks(text ?? '{}\n', where);
  for (const [event, groups] of Object.entries(table))
    for (const group of groups) {
      const hooks = objectAt(parseObject(next, where), 'hooks', where);
      if (!hooks) next = insertJson(next, [], 'hooks', {});
      const list = hooks?.[event];
      if (list === undefined) next = insertJson(next, ['hooks'], event, []);
      else if (!Array.isArray(list)) throw wrongShape(where, `hooks.${event}`, 'a list');
      next = insertJson(next, ['hooks', event], undefined, group);
    }
  return next;
}

/** The settings without our hooks; what is empty then goes too. The text itself when there are none. */
export function removeHooks(text: string, where: string): string {
  let next = text;
  for (const event of Object.keys(objectAt(parseObject(text, where), 'hooks', where) ?? {})) {
    const groups = (): unknown[] => listOf(objectAt(parseObject(next, where), 'hooks', where)?.[event]);
    const before = next;
    for (let index = groups().length - 1; index >= 0; index--)
      next = removeFromGroup(next, event, index, groups()[index]);
    if (next !== before && groups().length === 0) next = removeJson(next, ['hooks', event]);
  }
  const left = objectAt(parseObject(next, where), 'hooks', where);
  return next !== text && left && Object.keys(left).length === 0 ? removeJson(next, ['hooks']) : next;
}

/** `.mcp.json` with our server; an entry of ours is replaced, another's of that name refused. */
export function addServer(text: string | undefined, where: string): string {
  let next = removeServer(text ?? '{}\n', where);
  const servers = objectAt(parseObject(next, where), 'mcpServers', where);
  if (servers && Object.hasOwn(servers, serverName))
    throw new RepomemError(
      'bad-settings',
      `${where}: mcpServers.${serverName}: a server of that name stands there already`,
      {
        hint: 'take it out and try again',
      },
    );
  if (!servers) next = insertJson(next, [], 'mcpServers', {});
  const program = `${copyFolder}/bin/repomem.js`;
  return insertJson(next, ['mcpServers'], serverName, {
    command: 'sh',
    args: ['-c', `repomem="${program}"; [ ! -f "$repomem" ] || exec node "$repomem" mcp`],
  });
}

export function removeServer(text: string, where: string): string {
  const servers = objectAt(parseObject(text, where), 'mcpServers', where);
  const own = servers?.[serverName];
  if (!servers || !JSON.stringify(own ?? '').includes(copyPath)) return text;
  const next = removeJson(text, ['mcpServers', serverName]);
  return Object.keys(servers).length === 1 ? removeJson(next, ['mcpServers']) : next;
}

/** True when nothing is left that anybody needs: the file may go. */
export function isEmptyObject(text: string): boolean {
  return /^\s*\{\s*\}\s*$/.test(text);
}

function removeFromGroup(text: string, event: string, index: number, group: unknown): string {
  const handlers = typeof group === 'object' && group !== null && 'hooks' in group ? listOf(group.hooks) : [];
  const own = handlers.flatMap((handler, at) => (isOwnHandler(handler) ? [at] : []));
  if (own.length === 0) return text;
  if (own.length === handlers.length) return removeJson(text, ['hooks', event, index]);
  return own.reverse().reduce((next, at) => removeJson(next, ['hooks', event, index, 'hooks', at]), text);
}

function isOwnHandler(handler: unknown): boolean {
  return (
    typeof handler === 'object' &&
    handler !== null &&
    'command' in handler &&
    typeof handler.command === 'string' &&
    handler.command.includes(copyPath)
  );
}

function parseObject(text: string, where: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RepomemError('bad-settings', `${where}: not changed; expected JSON; ${reason}`, {
      hint: 'mend the file and try again',
    });
  }
  if (!isObject(value)) throw wrongShape(where, 'the whole file', 'an object');
  return value;
}

function objectAt(parent: Record<string, unknown>, key: string, where: string): Record<string, unknown> | undefined {
  const value = parent[key];
  if (value === undefined) return undefined;
  if (!isObject(value)) throw wrongShape(where, key, 'an object');
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function wrongShape(where: string, what: string, expected: string): RepomemError {
  return new RepomemError('bad-settings', `${where}: not changed; ${what}: expected ${expected}`);
}

// Files that a host reads from the repository, with functions to add and remove our part. Pure functions of texts; other content is kept.
import { RepomemError } from '../domain/errors.ts';
import { type Fields, isFields, listAt } from './json-fields.ts';
import { insertJson, type JsonPath, parseJson, pruneJson } from './json-text.ts';

/** Below the user's data folder; installers put the package there. */
export const copyPath = 'repomem/marketplace/repomem';
export const copyFolder = `\${XDG_DATA_HOME:-$HOME/.local/share}/${copyPath}`;
export const serverName = 'repomem';

export interface HostFile {
  /** Relative to the repository's top; the first existing one is used, else the first. */
  paths: readonly string[];
  /** The text with our part, replacing an older version. Throws RepomemError `bad-settings` when it cannot be parsed. */
  add(text: string | undefined, where: string): string;
  /** The text without our part; '' when nothing else is left: the file is deleted. */
  remove(text: string, where: string): string;
}

/** Host data for init and doctor: its files, how to detect it, steps for the user. */
export interface HostSetup {
  /** `readPackage` reads a file of the package. */
  files(readPackage: (path: string) => string): readonly HostFile[];
  /** Programs on the PATH (absent: its name) and folders below the home (absent: `.` and its name); any of them shows that the host is installed. */
  programs?: readonly string[];
  homes?: readonly string[];
  /** A file below the home that records whether the host trusts the repository's hooks; absent when the host does not ask. */
  trust?: { path: string; isTrusted(text: string, root: string): boolean; cure: string };
  /** Notes that init prints at the end. */
  next: readonly string[];
  /** Limits of testing, if it was not tested with the client itself. */
  caveat?: string;
}

/** Event → its list of entries: groups with handlers, or handlers. */
export type HookTable = Readonly<Record<string, readonly object[]>>;

/** Hooks in a JSON file, under `hooks`; `base` is the initial content of a new file. */
export function hooksFile(path: string, table: HookTable, base: object = {}): HostFile {
  const add = (text: string, where: string): string => addHooks(text, table, where);
  return jsonPart([path], base, add, removeHooks);
}

/** A server in a JSON file, under `key`; `base` is the initial content of a new file. */
export function serverFile(paths: readonly string[], key: string, entry: object, base: object = {}): HostFile {
  const add = (text: string, where: string): string => addServer(text, key, entry, where);
  return jsonPart(paths, base, add, (text, where) => removeServer(text, key, where));
}

type Change = (text: string, where: string) => string;

/** Our part of a JSON file, which `add` adds to a text without it. */
function jsonPart(paths: readonly string[], base: object, add: Change, remove: Change): HostFile {
  return {
    paths,
    add: (text = `${JSON.stringify(base, null, 2)}\n`, where) => add(remove(text, where), where),
    remove(text, where) {
      const left = remove(text, where);
      // Only the initial content of a new file is left.
      return JSON.stringify(parseJson(left, where)) === JSON.stringify(base) ? '' : left;
    },
  };
}

/** A file that is wholly ours; a foreign file of that name is not touched. */
export function ownFile(path: string, content: string): HostFile {
  return {
    paths: [path],
    add(text, where) {
      if (text !== undefined && !text.includes('repomem'))
        throw new RepomemError('bad-settings', `${where}: not changed; another file of that name stands there`);
      return content;
    },
    remove: (text) => (text.includes('repomem') ? '' : text),
  };
}

/**
 * A small loader in a repository, for hosts with code hooks: loads the adapter where repomem is installed. `rest` may use `found`, a function that
 * loads the adapter; undefined when it is not installed.
 */
export function stubOf(adapter: string, rest: readonly string[]): string {
  return [
    '// repomem, the memory of this repository. It does nothing where repomem is not installed.',
    "import { existsSync } from 'node:fs';",
    "import { env } from 'node:process';",
    "import { pathToFileURL } from 'node:url';",
    '',
    "const data = env.XDG_DATA_HOME || (env.HOME ?? '') + '/.local/share';",
    `const adapter = data + '/${copyPath}/src/agents/${adapter}';`,
    'const found = existsSync(adapter) ? () => import(pathToFileURL(adapter).href) : undefined;',
    ...rest,
    '',
  ].join('\n');
}

/** A block of lines between two marks, appended to a text file. */
export function blockFile(path: string, lines: string, marks: { open: string; close: string }): HostFile {
  /** Where the block begins and ends; undefined without one. */
  const find = (text: string): [number, number] | undefined => {
    const start = text.indexOf(marks.open);
    const end = text.indexOf(marks.close, start);
    return start < 0 || end < 0 ? undefined : [start, end + marks.close.length];
  };
  return {
    paths: [path],
    add(text = '') {
      const own = `${marks.open}\n${lines}\n${marks.close}`;
      const [start, end] = find(text) ?? [];
      // Replace the existing block in place.
      if (start !== undefined) return text.slice(0, start) + own + text.slice(end);
      return text === '' ? `${own}\n` : `${text}${text.endsWith('\n') ? '' : '\n'}\n${own}\n`;
    },
    remove(text) {
      const [start, end = 0] = find(text) ?? [];
      if (start === undefined) return text.trim() === '' ? '' : text;
      const rest = text.slice(end).replace(/^\r?\n/, '');
      const left = text.slice(0, start).replace(/(\r?\n)\r?\n$/, '$1') + rest;
      return left.trim() === '' ? '' : left;
    },
  };
}

/** A hook for each event. `events`: the host's names, with ours behind a colon where they differ. `entryOf`: a hook's entry for a command. */
export function hookTable(
  agent: string,
  events: string,
  entryOf: (command: string, event: string) => object,
): HookTable {
  const names = events.split(' ').map((word) => word.split(':'));
  return Object.fromEntries(
    names.map(([event = '', ours = event]) => [event, [entryOf(hookCommand(agent, ours), event)]]),
  );
}

/** Shell command for one of our hooks: does nothing, with exit code 0, when repomem is not installed. */
function hookCommand(agent: string, event: string): string {
  const script = /^(?:PostToolUse|PostToolUseFailure|SubagentStop)$/.test(event)
    ? 'repomem-capture.sh'
    : 'repomem-hook.sh';
  return `repomem="${copyFolder}/bin/${script}"; [ ! -f "$repomem" ] || REPOMEM_AGENT=${agent} sh "$repomem" ${event}; exit 0`;
}

/** `idAt`: number of the group that matched the request's id. */
const rpcAnswer = (idAt: number, answer: string): string => `{"jsonrpc":"2.0","id":\\${idAt},${answer}}`;

/**
 * Answers a host's MCP requests when repomem is not installed: hosts report a server that fails, does not answer or offers nothing. It offers one
 * prompt, of which no model is told.
 */
const answerWithout = (() => {
  const info = '"capabilities":{"prompts":{}},"serverInfo":{"name":"repomem","version":"0"}';
  const prompt = '{"name":"about","description":"repomem, which reads .claude-mem/, is not installed here"}';
  const id = '"id":\\([0-9]*\\)';
  const version = '"protocolVersion":"\\([^"]*\\)"';
  const answers = [
    `s|.*${id}.*${version}.*|${rpcAnswer(1, `"result":{"protocolVersion":"\\2",${info}}`)}|p;t`,
    `s|.*${version}.*${id}.*|${rpcAnswer(2, `"result":{"protocolVersion":"\\1",${info}}`)}|p;t`,
    `/"prompts.list"/s|.*${id}.*|${rpcAnswer(1, `"result":{"prompts":[${prompt}]}`)}|p;t`,
    `s|.*${id}.*|${rpcAnswer(1, '"error":{"code":-32601,"message":"not found"}')}|p`,
  ];
  return `sed -un ${answers.map((answer) => `-e '${answer}'`).join(' ')}`;
})();

export const serverCommand = {
  command: 'sh',
  args: [
    '-c',
    `repomem="${copyFolder}/bin/repomem.js"; [ ! -f "$repomem" ] || exec node "$repomem" mcp; exec ${answerWithout} 2>/dev/null`,
  ],
};

function addHooks(text: string, table: HookTable, where: string): string {
  const hooks = objectAt(parseJson(text, where), 'hooks', where);
  return Object.entries(table).reduce((next, [event, entries]) => {
    const known = hooks?.[event];
    if (known !== undefined && !Array.isArray(known)) throw wrongShape(where, `hooks.${event}`, 'a list');
    return entries.reduce<string>((list, entry) => insertJson(list, ['hooks', event], undefined, entry), next);
  }, text);
}

/** Removes our hooks. Returns the same text when there are none. */
function removeHooks(text: string, where: string): string {
  const hooks = objectAt(parseJson(text, where), 'hooks', where) ?? {};
  const own = Object.keys(hooks).flatMap((event) =>
    listAt(hooks, event).flatMap((entry, index) => ownIn(entry, ['hooks', event, index])),
  );
  // The last first: those before it keep their place.
  return own.reduceRight((next, path) => pruneJson(next, path), text);
}

/** Where our handlers stand: the entry, or of a group that also holds others' handlers ours alone. */
function ownIn(entry: unknown, path: JsonPath): JsonPath[] {
  const handlers = isFields(entry) && 'hooks' in entry ? listAt(entry, 'hooks') : [entry];
  const own = handlers.flatMap((handler, at) =>
    JSON.stringify(handler)?.includes(copyPath) ? [[...path, 'hooks', at]] : [],
  );
  return own.length > 0 && own.length === handlers.length ? [path] : own;
}

function addServer(text: string, key: string, entry: object, where: string): string {
  const servers = objectAt(parseJson(text, where), key, where);
  if (servers && Object.hasOwn(servers, serverName))
    throw new RepomemError(
      'bad-settings',
      `${where}: ${key}.${serverName}: a server of that name stands there already`,
      { hint: 'take it out and try again' },
    );
  return insertJson(text, [key], serverName, entry);
}

function removeServer(text: string, key: string, where: string): string {
  const servers = objectAt(parseJson(text, where), key, where);
  if (!servers || !JSON.stringify(servers[serverName] ?? '').includes(copyPath)) return text;
  return pruneJson(text, [key, serverName]);
}

function objectAt(parent: Fields, key: string, where: string): Fields | undefined {
  const value = parent[key];
  if (value !== undefined && !isFields(value)) throw wrongShape(where, key, 'an object');
  return value;
}

function wrongShape(where: string, what: string, expected: string): RepomemError {
  return new RepomemError('bad-settings', `${where}: not changed; ${what}: expected ${expected}`);
}

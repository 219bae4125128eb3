// Loads the compression mode: built into the package, or the repository's own under .claude-mem/modes, if trusted.
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModeFile } from '../compress/mode.ts';
import type { Mode } from '../compress/providers/provider.ts';
import { codeOf } from '../domain/errors.ts';
import type { Problem } from '../domain/record.ts';
import { observationTypes } from '../domain/types.ts';
import { isFileTrusted, type Memory } from '../memory/open.ts';
import { memoryDirName } from '../store/locate.ts';

/** `.claude-mem/modes/<name>.yaml` */
export const modesFolder = 'modes';
const fileMaxBytes = 64 * 1024;
const builtInDir = 'src/compress/modes';
const depthMax = 5;

/** The mode named in the settings; `code` if there is none of that name. `problems` are never fatal: invalid parts are left out. */
export async function loadMode(memory: Memory): Promise<{ mode: Mode; problems: Problem[] }> {
  const name = memory.settings.mode;
  const { blankMode, extendMode, parseMode, restrictMode } = await import('../compress/mode.ts');
  const problems: Problem[] = [];
  const note = (path: string, code: string, reason: string): void => void problems.push({ path, code, reason });
  const parse = (bytes: Buffer, path: string, wanted: string): ModeFile => {
    const parsed = parseMode(bytes.toString('utf8'), path, wanted);
    problems.push(...parsed.problems);
    return parsed.file;
  };
  const readBuiltIn = (wanted: string): Mode | undefined => {
    const path = join(memory.env.packageDir, builtInDir, `${wanted}.yaml`);
    const bytes = readBytes(path);
    return bytes instanceof Buffer ? extendMode({ ...blankMode, name: wanted }, parse(bytes, path, wanted)) : undefined;
  };
  const resolve = (wanted: string, above: readonly string[]): Mode | undefined => {
    const builtIn = readBuiltIn(wanted);
    const path = pathOf(wanted);
    const bytes = above.includes(wanted)
      ? undefined
      : readBytes(join(memory.paths.memoryDir, modesFolder, `${wanted}.yaml`));
    if (bytes === undefined || 'code' in bytes) {
      if (bytes !== undefined) note(path, bytes.code, bytes.reason);
      return builtIn;
    }
    const file = parse(bytes, path, wanted);
    const isTrusted = isFileTrusted(memory, path, bytes);
    if (!isTrusted)
      note(path, 'unreviewed', 'heard only where it narrows until it is reviewed on the default branch or trusted');
    const baseName = file.extends ?? (builtIn === undefined ? 'code' : wanted);
    const base = baseName === wanted || above.length >= depthMax ? builtIn : resolve(baseName, [...above, wanted]);
    if (base === undefined)
      note(path, 'no-mode', `extends: expected code, chill or another file beside it; got '${baseName}'`);
    return (isTrusted ? extendMode : restrictMode)({ ...(base ?? blankMode), name: wanted }, file);
  };
  const mode = resolve(name, []);
  if (mode !== undefined) return { mode, problems };
  note(
    pathOf(name),
    'no-mode',
    `mode: expected code, chill or a file of this name; '${name}' is neither, so code is used`,
  );
  return { mode: resolve('code', []) ?? { ...blankMode, types: Object.keys(observationTypes) }, problems };
}

function pathOf(name: string): string {
  return `${memoryDirName}/${modesFolder}/${name}.yaml`;
}

/** Undefined when there is no such file; else its bytes, or why it is not read. */
function readBytes(file: string): Buffer | { code: string; reason: string } | undefined {
  try {
    const stat = lstatSync(file);
    if (stat.isFile() && stat.size <= fileMaxBytes) return readFileSync(file);
    return { code: 'not-read', reason: `expected a regular file of at most ${fileMaxBytes} bytes` };
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' ? undefined : { code: 'unreadable', reason: `cannot be read (${code ?? 'error'})` };
  }
}

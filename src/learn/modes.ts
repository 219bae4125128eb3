// Loads the compression mode: built into the package, or the repository's own under .claude-mem/modes, if trusted.
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mode } from '../compress/providers/provider.ts';
import { codeOf } from '../domain/errors.ts';
import type { Problem } from '../domain/record.ts';
import { isFileTrusted, type Memory } from '../memory/open.ts';
import { memoryDirName } from '../store/locate.ts';

const fileMaxBytes = 64 * 1024;
const builtIn = ['code', 'chill'];

/** The mode named in the settings; `code` if there is none of that name. `problems` are never fatal: invalid parts are left out. */
export async function loadMode(memory: Memory): Promise<{ mode: Mode; problems: Problem[] }> {
  const { mode: name } = memory.settings;
  const { blankMode, extendMode, parseMode, restrictMode } = await import('../compress/mode.ts');
  const problems: Problem[] = [];
  const note = (path: string, code: string, reason: string): void => void problems.push({ path, code, reason });
  const readBuiltIn = (wanted: string): Mode | undefined => {
    if (!builtIn.includes(wanted)) return undefined;
    const text = readFileSync(join(memory.env.packageDir, 'src/compress/modes', `${wanted}.yaml`), 'utf8');
    return extendMode(blankMode, parseMode(text, '', wanted).file);
  };
  /** The repository's own file; undefined when there is none, or when it is not read. */
  const readOwn = (path: string): Buffer | undefined => {
    const file = join(memory.paths.memoryDir, '..', path);
    try {
      const stat = lstatSync(file);
      if (stat.isFile() && stat.size <= fileMaxBytes) return readFileSync(file);
      note(path, 'not-read', `expected a regular file of at most ${fileMaxBytes} bytes`);
    } catch (error) {
      const code = codeOf(error);
      if (code !== 'ENOENT') note(path, 'unreadable', `cannot be read (${code ?? 'error'})`);
    }
    return undefined;
  };
  /** `above`: the modes that extend it. */
  const resolve = (wanted: string, above: readonly string[]): Mode | undefined => {
    const path = pathOf(wanted);
    const bytes = above.includes(wanted) ? undefined : readOwn(path);
    if (bytes === undefined) return readBuiltIn(wanted);
    const { file, problems: found } = parseMode(bytes.toString('utf8'), path, wanted);
    problems.push(...found);
    const isTrusted = isFileTrusted(memory, path, bytes);
    if (!isTrusted)
      note(path, 'unreviewed', 'heard only where it narrows until it is reviewed on the default branch or trusted');
    const baseName = file.extends ?? (builtIn.includes(wanted) ? wanted : 'code');
    const base = resolve(baseName, [...above, wanted]);
    if (base === undefined)
      note(path, 'no-mode', `extends: expected code, chill or another file beside it; got '${baseName}'`);
    return (isTrusted ? extendMode : restrictMode)({ ...(base ?? blankMode), name: wanted }, file);
  };
  const mode = resolve(name, []);
  if (mode !== undefined) return { mode, problems };
  const reason = `mode: expected code, chill or a file of this name; '${name}' is neither, so code is used`;
  note(pathOf(name), 'no-mode', reason);
  return { mode: resolve('code', []) ?? blankMode, problems };
}

function pathOf(name: string): string {
  return `${memoryDirName}/modes/${name}.yaml`;
}

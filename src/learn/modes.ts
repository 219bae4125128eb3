// Loads the compression mode: built into the package, or the repository's own under .claude-mem/modes, if trusted.
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModeFile } from '../compress/mode.ts';
import type { Mode } from '../compress/providers/provider.ts';
import { codeOf } from '../domain/errors.ts';
import type { Problem } from '../domain/record.ts';
import { observationTypes } from '../domain/types.ts';
import { isFileReviewed, judgeFile } from '../git/state/judge-trust.ts';
import { blobId } from '../store/blob.ts';
import { memoryDirName } from '../store/locate.ts';
import type { Memory } from '../memory/open.ts';

export interface LoadedMode {
  mode: Mode;
  /** Never fatal: invalid parts are left out. */
  problems: Problem[];
}

/** `.claude-mem/modes/<name>.yaml` */
export const modesFolder = 'modes';
const fileMaxBytes = 64 * 1024;
const builtInDir = 'src/compress/modes';
const depthMax = 5;

/** The mode named in the settings; `code` if there is none of that name. */
export async function loadMode(memory: Memory, name = memory.settings.mode): Promise<LoadedMode> {
  const problems: Problem[] = [];
  const reader = await import('../compress/mode.ts');
  const readBuiltIn = (wanted: string): Mode | undefined => {
    const path = join(memory.env.packageDir, builtInDir, `${wanted}.yaml`);
    const text = readText(path);
    if (text === undefined) return undefined;
    const { file, problems: found } = reader.parseMode(text, path, wanted);
    problems.push(...found);
    return reader.extendMode({ ...reader.blankMode, name: wanted }, file);
  };
  const resolve = (wanted: string, above: readonly string[]): Mode | undefined => {
    const builtIn = readBuiltIn(wanted);
    const own = above.includes(wanted) ? undefined : readOwn(memory, wanted, reader.parseMode, problems);
    if (own === undefined) return builtIn;
    const baseName = own.file.extends ?? (builtIn === undefined ? 'code' : wanted);
    const isBase = baseName === wanted;
    const base = isBase || above.length >= depthMax ? builtIn : resolve(baseName, [...above, wanted]);
    if (base === undefined)
      problems.push({
        path: own.path,
        code: 'no-mode',
        reason: `extends: expected code, chill or another file beside it; got '${baseName}'`,
      });
    const from = { ...(base ?? reader.blankMode), name: wanted };
    return own.isTrusted ? reader.extendMode(from, own.file) : reader.restrictMode(from, own.file);
  };
  const mode = resolve(name, []);
  if (mode !== undefined) return { mode, problems };
  problems.push({
    path: `${memoryDirName}/${modesFolder}/${name}.yaml`,
    code: 'no-mode',
    reason: `mode: expected code, chill or a file of this name; '${name}' is neither, so code is used`,
  });
  return { mode: resolve('code', []) ?? { ...reader.blankMode, types: Object.keys(observationTypes) }, problems };
}

interface OwnFile {
  file: ModeFile;
  path: string;
  isTrusted: boolean;
}

function readOwn(
  memory: Memory,
  name: string,
  parse: (text: string, path: string, name: string) => { file: ModeFile; problems: Problem[] },
  problems: Problem[],
): OwnFile | undefined {
  const { paths, snapshot, ledger } = memory;
  const path = `${memoryDirName}/${modesFolder}/${name}.yaml`;
  const absolute = join(paths.memoryDir, modesFolder, `${name}.yaml`);
  let bytes: Buffer;
  try {
    const stat = lstatSync(absolute);
    if (!stat.isFile() || stat.size > fileMaxBytes) {
      problems.push({ path, code: 'not-read', reason: `expected a regular file of at most ${fileMaxBytes} bytes` });
      return undefined;
    }
    bytes = readFileSync(absolute);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT')
      problems.push({ path, code: 'unreadable', reason: `cannot be read (${codeOf(error) ?? 'error'})` });
    return undefined;
  }
  const parsed = parse(bytes.toString('utf8'), path, name);
  problems.push(...parsed.problems);
  const blob = blobId(bytes, snapshot.objectFormat);
  const isTrusted = isFileReviewed(snapshot, path, blob) || judgeFile(path, blob, snapshot, ledger) !== 'foreign';
  if (!isTrusted)
    problems.push({
      path,
      code: 'unreviewed',
      reason: 'heard only where it narrows until it is reviewed on the default branch or trusted',
    });
  return { file: parsed.file, path, isTrusted };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

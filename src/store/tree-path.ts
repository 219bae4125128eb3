import { existsSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

/**
 * The path from `top`, with `/`, of a file that a person names from the working directory or from `top`: of the two the one that is there,
 * the working directory's first. Begins with `../` where both lie outside.
 */
export function treePath(top: string, cwd: string, name: string): string {
  const from = (base: string): string => relative(top, resolve(base, name)).split(sep).join('/');
  const inside = [from(cwd || top), from(top)].filter((path) => !path.startsWith('../'));
  return inside.find((path) => existsSync(join(top, path))) ?? inside[0] ?? from(top);
}

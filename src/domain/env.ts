/** The process environment as a value, made once in main.ts: nothing else reads process.env, the clock or randomness. */
export interface Env {
  cwd: string;
  /** Absolute; '' when unknown. */
  home: string;
  vars: Readonly<Record<string, string | undefined>>;
  now(): Date;
  randomBytes(count: number): Uint8Array;
  /** The package's own folder: holds bin/, dist/, schema/. */
  packageDir: string;
  version: string;
}

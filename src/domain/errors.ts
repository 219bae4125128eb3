/** All failures that users can meet. `usage` and known failures exit with 2. */
export type ErrorCode =
  | 'usage'
  | 'no-memory'
  | 'no-repository'
  | 'not-found'
  | 'ambiguous'
  | 'bad-settings'
  | 'bad-record'
  | 'private'
  | 'read-only'
  | 'busy'
  | 'git'
  | 'provider'
  | 'install'
  | 'untrusted';

/** Message format: where: what; expected; got. `hint` says what to do next. Recognised by `code`, never by class. */
export class RepomemError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'RepomemError';
    this.code = code;
    this.hint = options.hint;
  }
}

/** The code of a RepomemError or of a Node system error (`ENOENT`), else undefined. */
export function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The result of the work; undefined where it throws. */
export function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

// How one kind of setting is parsed, checked and described; table.ts holds the settings.

/**
 * Which files may set it. `any`: also a reviewed project file. `restrict`: a project file only to narrow it. `user`: never a project
 * file.
 */
type SettingReach = 'any' | 'restrict' | 'user';

export interface Setting<T> {
  default: T;
  describe: string;
  /** Expected form, for error messages. */
  expected: string;
  reach: SettingReach;
  /** Parses a YAML value, or a text from the environment or the command line. Undefined when it is not of this kind. */
  read(value: unknown): T | undefined;
  /**
   * Returns the narrower of the current and the requested value. Used for an unreviewed project file and where the user has set a
   * value; without it, such a file is ignored for this setting.
   */
  restrict?(current: T, asked: T): T;
  /** May still change, or go: off unless somebody asks for it. */
  isExperimental?: true;
  /** Each layer adds to the list instead of replacing it. */
  adds?: boolean;
  /** Environment variables of other programs that are used as a fallback. */
  variables?: readonly string[];
  /** JSON Schema of the value. */
  schema: Record<string, unknown>;
}

interface Common<T> {
  isExperimental?: true;
  reach?: SettingReach;
  variables?: readonly string[];
  restrict?: (current: T, asked: T) => T;
}

export function flag(
  value: boolean,
  describe: string,
  options: Common<boolean> & { narrower?: boolean } = {},
): Setting<boolean> {
  const { narrower, ...common } = options;
  return {
    reach: 'any',
    expected: 'true or false',
    read: (given) =>
      given === true || given === 'true' || given === '1'
        ? true
        : given === false || given === 'false' || given === '0'
          ? false
          : undefined,
    schema: { type: 'boolean' },
    ...(narrower === undefined ? {} : { restrict: (current, asked) => (asked === narrower ? asked : current) }),
    ...common,
    default: value,
    describe,
  };
}

/** A whole number that a project may lower. `zeroIsNone`: 0 means no limit. */
export function cap(
  value: number,
  max: number,
  describe: string,
  options: Common<number> & { zeroIsNone?: boolean; min?: number } = {},
): Setting<number> {
  const { zeroIsNone = false, min = 0, ...common } = options;
  const size = (limit: number): number => (zeroIsNone && limit === 0 ? Infinity : limit);
  return {
    reach: 'any',
    expected: `a whole number from ${min} to ${max}`,
    read: (given) => {
      const number = typeof given === 'string' && /^\d{1,15}$/.test(given) ? Number(given) : given;
      return typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max
        ? number
        : undefined;
    },
    restrict: (current, asked) => (size(asked) < size(current) ? asked : current),
    schema: { type: 'integer', minimum: min, maximum: max },
    ...common,
    default: value,
    describe,
  };
}

export function choice<const T extends string>(
  options: readonly T[],
  value: T,
  describe: string,
  common: Common<T> = {},
): Setting<T> {
  return {
    reach: 'any',
    expected: `one of ${options.join(', ')}`,
    read: (given) => options.find((option) => option === given),
    schema: { enum: options },
    ...common,
    default: value,
    describe,
  };
}

/** One line; '' when not set. */
export function line(
  value: string,
  describe: string,
  options: Common<string> & { pattern?: RegExp; expected?: string } = {},
): Setting<string> {
  const { pattern = /^[^\p{Cc}]{0,300}$/u, expected = 'one line of text', ...common } = options;
  return {
    reach: 'any',
    expected,
    // The command line and the environment pass strings: a model named 4 is a text.
    read: (given) => {
      const text = typeof given === 'number' ? String(given) : given;
      return typeof text === 'string' && pattern.test(text) ? text : undefined;
    },
    schema: { type: 'string' },
    ...common,
    default: value,
    describe,
  };
}

export function list(
  value: readonly string[],
  describe: string,
  options: Common<readonly string[]> & { adds?: boolean; of?: readonly string[] } = {},
): Setting<readonly string[]> {
  const { adds, of, ...common } = options;
  const isItem = (item: unknown): boolean =>
    typeof item === 'string' && item !== '' && item.length <= 300 && (of === undefined || of.includes(item));
  return {
    reach: 'any',
    expected: of === undefined ? 'a list of texts' : `a list of ${of.join(', ')}`,
    read: (given) => {
      const items: unknown =
        typeof given === 'string'
          ? given
              .split(',')
              .map((item) => item.trim())
              .filter((item) => item !== '')
          : given;
      return Array.isArray(items) && items.every(isItem) ? items.map(String) : undefined;
    },
    schema: { type: 'array', items: of === undefined ? { type: 'string' } : { enum: of } },
    ...(adds === true ? { adds, restrict: (current, asked) => [...new Set([...current, ...asked])] } : {}),
    ...common,
    default: value,
    describe,
  };
}

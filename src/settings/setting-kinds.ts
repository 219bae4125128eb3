// How one kind of setting is parsed, checked and described; table.ts holds the settings.

export interface Setting<T> {
  default: T;
  describe: string;
  /** Expected form, for error messages. */
  expected: string;
  /** Which files may set it. `any`: also a reviewed project file. `restrict`: such a file only to narrow it. `user`: never such a file. */
  reach: 'any' | 'restrict' | 'user';
  /** Parses a YAML value, or a text from the environment or the command line. Undefined when it is not of this kind. */
  read(value: unknown): T | undefined;
  /**
   * Returns the narrower of the current and the requested value. Used for an unreviewed project file and where the user has set a
   * value; without it, such a file is ignored for this setting.
   */
  restrict?(current: T, asked: T): T;
  /** May still change, or go: off unless somebody asks for it. */
  isExperimental?: true;
  /** Each layer adds to the current value instead of replacing it. */
  add?(current: T, asked: T): T;
  /** Environment variables of other programs that are used as a fallback. */
  variables?: readonly string[];
  /** JSON Schema of the value. */
  schema: Record<string, unknown>;
}

type Options<T> = Partial<Pick<Setting<T>, 'isExperimental' | 'reach' | 'variables'>>;

function setting<T>(
  value: T,
  describe: string,
  options: Options<T>,
  kind: Omit<Setting<T>, 'default' | 'describe' | 'reach'>,
): Setting<T> {
  return { reach: 'any', ...kind, ...options, default: value, describe };
}

/** A project may switch it off. */
export function flag(value: boolean, describe: string, options: Options<boolean> = {}): Setting<boolean> {
  return setting(value, describe, options, {
    expected: 'true or false',
    read: (given) => {
      if (typeof given !== 'string') return typeof given === 'boolean' ? given : undefined;
      return /^(?:true|yes|on|1)$/i.test(given) || (/^(?:false|no|off|0)$/i.test(given) ? false : undefined);
    },
    restrict: (current, asked) => current && asked,
    schema: { type: 'boolean' },
  });
}

/** A whole number that a project may lower. `zeroIsNone`: 0 means no limit. */
export function cap(
  value: number,
  max: number,
  describe: string,
  { zeroIsNone = false, min = 0, ...options }: Options<number> & { zeroIsNone?: boolean; min?: number } = {},
): Setting<number> {
  const size = (limit: number): number => (zeroIsNone && limit === 0 ? Infinity : limit);
  return setting(value, describe, options, {
    expected: `a whole number from ${min} to ${max}`,
    read: (given) => {
      const number = typeof given === 'string' ? numberOf(given) : given;
      const isFit = typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max;
      return isFit ? number : undefined;
    },
    restrict: (current, asked) => (size(asked) < size(current) ? asked : current),
    schema: { type: 'integer', minimum: min, maximum: max },
  });
}

/** Digits may be grouped (`200_000`, `200,000`) or end in k. */
function numberOf(text: string): number | undefined {
  const digits = text.replace(/(?<=^\d[\d_,]*)[_,](?=\d{3}(?!\d))/g, '').replace(/^(\d+)k$/i, '$1000');
  return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}

/** A project may set it back to the default where it may not set others. */
export function choice<const T extends string>(
  values: readonly T[],
  value: T,
  describe: string,
  options: Options<T> = {},
): Setting<T> {
  return setting(value, describe, options, {
    expected: `one of ${values.join(', ')}`,
    read: (given) => values.find((one) => one === given),
    restrict: (current, asked) => (asked === value ? asked : current),
    schema: { enum: values },
  });
}

interface LineOptions extends Options<string> {
  pattern?: RegExp;
  expected?: string;
}

/** One line; '' when not set. */
export function line(value: string, describe: string, options: LineOptions = {}): Setting<string> {
  const { pattern = /^[^\p{Cc}]{0,300}$/u, expected = 'one line of text', ...others } = options;
  return setting(value, describe, others, {
    expected,
    // The command line and the environment pass strings: a model named 4 is a text.
    read: (given) => {
      const text = typeof given === 'number' ? String(given) : given;
      return typeof text === 'string' && pattern.test(text) ? text : undefined;
    },
    schema: { type: 'string' },
  });
}

/** `of`: what it may hold. `adds`: each layer adds to it, a project that nobody reviewed too. */
export function list(
  value: readonly string[],
  describe: string,
  { adds = false, of, ...options }: Options<readonly string[]> & { adds?: boolean; of?: readonly string[] } = {},
): Setting<readonly string[]> {
  const isItem = (item: unknown): boolean =>
    typeof item === 'string' && item !== '' && item.length <= 300 && (of === undefined || of.includes(item));
  return setting(value, describe, options, {
    expected: of === undefined ? 'a list of texts' : `a list of ${of.join(', ')}`,
    read: (given) => {
      const items = typeof given === 'string' ? given.split(',').flatMap((item) => item.trim() || []) : given;
      return Array.isArray(items) && items.every(isItem) ? items.map(String) : undefined;
    },
    schema: { type: 'array', items: of === undefined ? { type: 'string' } : { enum: of } },
    ...(adds && { add: union, restrict: union }),
  });
}

const union = (current: readonly string[], asked: readonly string[]): string[] => [...new Set([...current, ...asked])];

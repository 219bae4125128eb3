// All settings with meaning, allowed values and reach. Loading, `repomem settings`, the documentation and the JSON Schema use this
// table. Dots nest in YAML: `share.maxRecords` is `maxRecords` under `share`.
import { observationTypes } from '../domain/types.ts';
import { presetNames, presets, type PresetName } from '../compress/providers/presets.ts';
import { cap, choice, flag, line, list, type Setting } from './setting-kinds.ts';

const types = Object.keys(observationTypes);

/** An accepted finding of the secret detector; the fingerprint is exact, so no other finding is excused. */
export interface Allowance {
  fingerprint: string;
  reason: string;
}

const webAddress = {
  pattern: /^(?:https?:\/\/[^\s\p{Cc}]{1,300})?$/u,
  expected: 'a URL that begins with http:// or https://',
};

type PresetSettings = { [N in PresetName as `key.${N}` | `model.${N}` | `endpoint.${N}`]: Setting<string> };

/** A key, a model and an endpoint for each preset. */
const presetSettings = Object.fromEntries(
  presetNames.flatMap((name): [string, Setting<string>][] => {
    const { endpoint, keyVariable, model } = presets[name];
    const variables = keyVariable === '' ? [] : [keyVariable];
    return [
      [`key.${name}`, line('', `Key for ${name}.`, { reach: 'user', variables })],
      [`model.${name}`, line(model, `Model id for ${name}.`, { reach: 'user' })],
      [`endpoint.${name}`, line(endpoint, `Base URL of ${name}.`, { ...webAddress, reach: 'user' })],
    ];
  }),
) as PresetSettings;

export const settingsTable = {
  provider: choice(
    ['extractive', 'claude', 'anthropic', 'openai-compatible', ...presetNames, 'auto'],
    'extractive',
    'Who writes the records: extractive (rules on this machine), claude (your own client), or an endpoint. auto takes the first whose key stands in your own settings.',
    { reach: 'restrict' },
  ),
  'model.anthropic': line('claude-haiku-4-5', 'Model id for the Anthropic API.', { reach: 'user' }),
  'model.claude': line('haiku', "Model for the user's own claude client.", { reach: 'user' }),
  'model.openai': line('', 'Model id for the OpenAI-compatible endpoint.', { reach: 'user' }),
  'model.timeoutSeconds': cap(60, 900, 'Seconds that a model may take for one answer.', { min: 1, reach: 'user' }),
  'endpoint.anthropic': line('', 'Base URL of the Anthropic API; empty: the public one.', {
    ...webAddress,
    reach: 'user',
    variables: ['ANTHROPIC_BASE_URL'],
  }),
  'endpoint.openai': line('', 'Base URL of the OpenAI-compatible endpoint.', {
    ...webAddress,
    reach: 'user',
    variables: ['OPENAI_BASE_URL'],
  }),
  'key.anthropic': line('', 'Key for the Anthropic API.', { reach: 'user', variables: ['ANTHROPIC_API_KEY'] }),
  'key.openai': line('', 'Key for the OpenAI-compatible endpoint.', { reach: 'user', variables: ['OPENAI_API_KEY'] }),
  'learn.when': choice(
    ['session', 'commit', 'manual'],
    'session',
    'When a model is asked: when the session ended; commit: also when the agent commits; manual: hooks only capture, and repomem compress asks.',
    { reach: 'user' },
  ),
  ...presetSettings,
  'tokens.maxPerDay': cap(200_000, 1e12, 'Model tokens a day, in and out; 0 is no cap. When reached: the rules.', {
    zeroIsNone: true,
  }),
  'tokens.maxPerRequest': cap(
    16_000,
    1e6,
    'Tokens of one request to a model; what does not fit is left out by choice.',
    { min: 500 },
  ),
  mode: line('code', 'What to look for: code, chill, or a file of .claude-mem/modes.', {
    pattern: /^[A-Za-z0-9][\w-]{0,40}$/,
    expected: 'a name of letters, digits, - and _',
  }),
  language: line('auto', "Language of the records, such as en; auto keeps the session's. Models only.", {
    pattern: /^[\p{L}][\p{L} -]{0,30}$/u,
    expected: 'auto or the name of a language',
  }),
  'share.maxRecords': cap(5, 100, 'Shared observations a session.'),
  'share.maxBytes': cap(10_240, 1e6, 'Bytes of shared observations a session.'),
  'share.maxLocalBytes': cap(20_480, 1e7, 'Bytes of local records a session.'),
  'share.sessions': flag(false, 'Share session summaries too.'),
  'share.types': list(['auto'], 'Types that are shared; auto: those that last.', { of: ['auto', ...types] }),
  'context.enabled': flag(true, 'Give each new session the index of what matters now.'),
  'context.subagents': flag(true, 'Give it to subagents too.'),
  'context.budgetTokens': cap(1300, 8000, 'Tokens that the index may cost.', { min: 100 }),
  'context.maxRecords': cap(50, 500, 'Records that the index may list.'),
  'context.types': list([], 'Types that the index lists; none named: all.', { of: types }),
  'context.concepts': list([], 'Concepts that the index lists; none named: all.'),
  'recall.prompt': flag(true, 'Bring records that answer the prompt.'),
  'recall.file': flag(true, 'Bring records that cite the file which is opened.'),
  'search.meaning': choice(
    ['off', 'endpoint', 'local'],
    'off',
    'Search by meaning too: endpoint asks for embeddings there, local a package that you installed beside your settings.',
    { isExperimental: true, reach: 'restrict' },
  ),
  'search.endpoint': line('ollama', 'Base URL for embeddings, or ollama, lmstudio, openrouter, gemini.', {
    pattern: /^(?:ollama|lmstudio|openrouter|gemini|https?:\/\/[^\s\p{Cc}]{1,300})$/u,
    expected: 'ollama, lmstudio, openrouter, gemini or a URL that begins with http:// or https://',
    isExperimental: true,
    reach: 'user',
  }),
  'search.model': line('', 'Embedding model at the endpoint; empty: the usual one there. local: PACKAGE [MODEL].', {
    isExperimental: true,
    reach: 'user',
  }),
  'key.embeddings': line('', 'Key for the embeddings endpoint; else the variable that its documentation names.', {
    isExperimental: true,
    reach: 'user',
  }),
  'exclude.tools': list([], 'Tools whose use is never captured; * stands for any letters.', { adds: true }),
  'exclude.paths': list([], 'Paths that are never captured, as in .gitignore.', { adds: true }),
  'redact.allow': allowances(),
  'trust.defaultBranch': line('', 'The branch whose records count as reviewed; empty: found out from git.', {
    reach: 'user',
    pattern: /^(?:[^\s~^:?*[\\\p{Cc}-][^\s~^:?*[\\\p{Cc}]{0,200})?$/u,
    expected: 'the name of a branch',
  }),
  'notify.sessions': flag(true, 'Tell you in a line what a session was given, and what it left to be shared.'),
  'trust.remotes': list(
    [],
    'More remotes whose default branch counts as reviewed, as that of origin and upstream does.',
    { reach: 'user' },
  ),
  autoInit: flag(false, 'Make a memory in every repository that is opened.', { reach: 'user' }),
};

function allowances(): Setting<readonly Allowance[]> {
  return {
    default: [],
    reach: 'any',
    add: (current, asked) => [...current, ...asked],
    describe: 'Findings of `repomem lint` that are no secrets: their fingerprints, each with the reason.',
    expected: 'a list of { fingerprint, reason }',
    read: (given) => {
      if (!Array.isArray(given)) return undefined;
      const items = (given as unknown[]).map((item) => (item ?? {}) as Partial<Allowance>);
      const isWhole = items.every(
        ({ fingerprint, reason }) =>
          typeof fingerprint === 'string' && typeof reason === 'string' && reason.trim() !== '',
      );
      return isWhole ? items.map(({ fingerprint = '', reason = '' }) => ({ fingerprint, reason })) : undefined;
    },
    schema: {
      type: 'array',
      items: {
        type: 'object',
        required: ['fingerprint', 'reason'],
        properties: { fingerprint: { type: 'string' }, reason: { type: 'string', minLength: 1 } },
      },
    },
  };
}

type Table = typeof settingsTable;
export type SettingKey = keyof Table;
type Values = { [K in SettingKey]: Table[K]['default'] };
type Head<K extends string> = K extends `${infer H}.${string}` ? H : K;
type Below<K extends string, H extends string> = K extends `${H}.${infer T}` ? T : never;
type Nest<K extends string, P extends string = ''> = {
  readonly [H in Head<K>]: `${P}${H}` extends SettingKey ? Values[`${P}${H}`] : Nest<Below<K, H>, `${P}${H}.`>;
};

/** All settings with their values, nested as in the file: `settings.share.maxRecords`. */
export type Settings = Nest<SettingKey>;

/** `variable`: of the environment, overrides it. */
export type SettingRow = Setting<unknown> & { key: SettingKey; variable: string };

/** The table as a list; each setting's own `read` checks its values. */
export const settingList = Object.entries(settingsTable).map(([key, setting]) => ({
  ...setting,
  key,
  variable: variableOf(key),
})) as unknown as readonly SettingRow[];

/** Undefined when there is no such setting. */
export function settingOf(key: string): SettingRow | undefined {
  return settingList.find((row) => row.key === key);
}

/** `share.maxRecords` → `REPOMEM_SHARE_MAX_RECORDS`. */
export function variableOf(key: string): string {
  return `REPOMEM_${key
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('.', '_')
    .toUpperCase()}`;
}

import { useState } from 'preact/hooks';
import { Answer } from '../parts/states.tsx';
import { useAsk } from '../store/ask.ts';
import { change, isWritable } from '../store/memory.ts';

export interface SettingRow {
  key: string;
  default: unknown;
  describe: string;
  expected: string;
  reach: 'any' | 'restrict' | 'user';
  variable: string;
  value: unknown;
  source: string;
}

export interface SettingsAnswer {
  settings: SettingRow[];
  problems: { path: string; line?: number; reason: string }[];
}

const reaches = {
  any: 'yours or the project’s',
  restrict: 'a project may only restrict it',
  user: 'your own settings only',
} as const;

export function View() {
  const asked = useAsk<SettingsAnswer>('/api/settings');
  return (
    <div class="page">
      <h1>Settings</h1>
      <p class="muted">Defaults ‹ yours ‹ the project’s ‹ variables. Each says where its value comes from.</p>
      <Answer asked={asked} what="Reading the settings">
        {({ settings, problems }) => (
          <>
            {problems.map(({ path, line, reason }) => (
              <div class="callout bad" key={`${path}${reason}`}>
                <code>
                  {path}
                  {line === undefined ? '' : `:${line}`}
                </code>{' '}
                {reason}
              </div>
            ))}
            {groupsOf(settings).map(([name, rows]) => (
              <section key={name}>
                <h2>{name}</h2>
                {rows.map((row) => (
                  <Row key={row.key} row={row} onSaved={asked.reload} />
                ))}
              </section>
            ))}
          </>
        )}
      </Answer>
    </div>
  );
}

function groupsOf(settings: readonly SettingRow[]): [string, SettingRow[]][] {
  const groups = new Map<string, SettingRow[]>();
  for (const row of settings) {
    const name = row.key.includes('.') ? row.key.slice(0, row.key.indexOf('.')) : 'general';
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups];
}

function textOf(value: unknown): string {
  if (Array.isArray(value))
    return value.every((one) => typeof one === 'string') ? value.join(', ') : JSON.stringify(value);
  return String(value ?? '');
}

function Row({ row, onSaved }: { row: SettingRow; onSaved(): void }) {
  const { key, value, describe, expected, reach, variable, source } = row;
  const [draft, setDraft] = useState<string>();
  const isSecret = key.startsWith('key.');
  const isFixed = isSecret || source === 'environment' || key === 'redact.allow';
  const save = async (next: unknown, layer: 'user' | 'project'): Promise<void> => {
    if (
      !(await change(
        '/api/settings',
        { key, value: next, layer },
        `${key} is saved in ${layer === 'user' ? 'your' : 'the project’s'} settings.`,
      ))
    )
      return;
    setDraft(undefined);
    onSaved();
  };
  return (
    <div class={isFixed ? 'setting fixed' : 'setting'}>
      <div>
        <code>{key}</code> <span class={source === 'default' ? 'tag' : 'tag good'}>{source}</span>
        <p class="muted small">
          {describe} Expected: {expected}. <code>{variable}</code>; {reaches[reach]}.
        </p>
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (draft !== undefined) void save(draft, 'user');
        }}
      >
        {typeof value === 'boolean' ? (
          <label class="check">
            <input
              type="checkbox"
              aria-label={key}
              disabled={isFixed || !isWritable()}
              checked={value}
              onChange={(event) => void save(event.currentTarget.checked, 'user')}
            />
            {value ? 'on' : 'off'}
          </label>
        ) : (
          <input
            type="text"
            aria-label={key}
            disabled={isFixed || !isWritable()}
            value={draft ?? textOf(value)}
            onInput={(event) => setDraft(event.currentTarget.value)}
          />
        )}
        {draft !== undefined && (
          <div class="dialog-foot">
            <button type="button" class="quiet" onClick={() => setDraft(undefined)}>
              Back
            </button>
            {reach !== 'user' && (
              <button type="button" onClick={() => void save(draft, 'project')}>
                For the project
              </button>
            )}
            <button type="submit" class="primary">
              Save
            </button>
          </div>
        )}
        {draft === undefined && source === 'user' && !isFixed && (
          <button type="button" class="quiet" disabled={!isWritable()} onClick={() => void save(null, 'user')}>
            Back to the default
          </button>
        )}
        {isFixed && (
          <p class="muted small">
            {isSecret
              ? 'Keys are set on the command line.'
              : source === 'environment'
                ? 'Set by a variable.'
                : 'Set in the file.'}
          </p>
        )}
      </form>
    </div>
  );
}

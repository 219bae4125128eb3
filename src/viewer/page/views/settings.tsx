import { useState } from 'preact/hooks';
import { settingGroups } from '../../../settings/groups.ts';
import type { describeSettings } from '../../../settings/settings.ts';
import { Answer } from '../parts/states.tsx';
import { useAsk } from '../store/use-answer.ts';
import { change, isWritable } from '../store/memory-state.ts';

type SettingRow = ReturnType<typeof describeSettings>[number];

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
            {settingGroups(settings.filter(({ isExperimental }) => !isExperimental)).map(
              ({ title, settings: rows }) => (
                <section key={title}>
                  <h2>{title}</h2>
                  {rows.map((row) => (
                    <Row key={row.key} row={row} onSaved={asked.reload} />
                  ))}
                </section>
              ),
            )}
            <Channel settings={settings} onSaved={asked.reload} />
          </>
        )}
      </Answer>
    </div>
  );
}

/** Beta shows what may still change; stable takes it out of the user's settings again. */
function Channel({ settings, onSaved }: { settings: readonly SettingRow[]; onSaved(): void }) {
  const rows = settings.filter(({ isExperimental }) => isExperimental);
  const isUsed = rows.some(({ source }) => source !== 'default');
  const [isAsked, setAsked] = useState(false);
  const isBeta = isUsed || isAsked;
  const leave = async (): Promise<void> => {
    setAsked(false);
    for (const { key, source } of rows)
      if (source === 'user' && !(await change('/api/settings', { key, value: null, layer: 'user' }, 'Back on stable.')))
        return;
    onSaved();
  };
  const isFixed = isUsed && !rows.some(({ source }) => source === 'user');
  return (
    <section>
      <h2>Channel</h2>
      <div class="toggles" role="group" aria-label="Channel">
        <button
          type="button"
          class="chip"
          aria-pressed={!isBeta}
          disabled={isFixed || (isUsed && !isWritable())}
          onClick={() => void leave()}
        >
          stable
        </button>
        <button type="button" class="chip" aria-pressed={isBeta} onClick={() => setAsked(true)}>
          beta
        </button>
      </div>
      <p class="muted small">
        {isBeta
          ? 'What is below may still change. Stable takes it out of your settings again.'
          : `${rows.length} settings may still change: beta shows them.`}
      </p>
      {isBeta && rows.map((row) => <Row key={row.key} row={row} onSaved={onSaved} />)}
    </section>
  );
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

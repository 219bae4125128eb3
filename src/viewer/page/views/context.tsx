// What the next session is told, byte for byte, while the form is still unsaved; why each record stands where it stands.
import { useState } from 'preact/hooks';
import type { ContextAnswer, PromptAnswer } from '../../wire.ts';
import { Marks, Named } from '../parts/record-row.tsx';
import { Failure, Waiting } from '../parts/states.tsx';
import { number } from '../store/format.ts';
import { change, isWritable } from '../store/memory-state.ts';
import { href } from '../store/address.ts';
import { useAsk } from '../store/use-answer.ts';
import type { SettingsAnswer } from './settings.tsx';

const keys = [
  'context.enabled',
  'context.budgetTokens',
  'context.maxRecords',
  'context.types',
  'context.concepts',
  'recall.prompt',
] as const;

export function View() {
  const settings = useAsk<SettingsAnswer>('/api/settings');
  const [draft, setDraft] = useState<Record<string, string>>({});
  const asked = useAsk<ContextAnswer>('/api/context', {}, { body: { settings: draft }, delayMs: delayOf(draft) });
  const { value: answer, error } = asked;
  return (
    <div class="context">
      <section class="context-main">
        <h1>Next session</h1>
        <Waiting asked={asked} what="Ranking the records" />
        {answer && (
          <p class="muted">
            Exactly what a session that starts now is given: <strong>{number(answer.tokens)} tokens</strong> of{' '}
            {number(answer.budget.tokens)}, {number(answer.shown)} of {number(answer.total)} records.
          </p>
        )}
        {error && (
          <div class="callout bad" role="alert">
            {error.message}
          </div>
        )}
        {answer && answer.text === '' && (
          <div class="callout">The context is switched off: a session is told nothing.</div>
        )}
        {answer && answer.text !== '' && (
          <pre class="block" tabIndex={0} aria-label="The text that the session gets">
            {answer.text}
          </pre>
        )}
        {answer && <Why answer={answer} />}
      </section>
      <aside class="context-side" aria-label="Settings of the context">
        {settings.error && <Failure error={settings.error} />}
        {settings.value && <Form answer={settings.value} draft={draft} setDraft={setDraft} onSaved={settings.reload} />}
        <Prompt draft={draft} />
      </aside>
    </div>
  );
}

/** What is typed is asked when the typing rests. */
function delayOf(draft: object): number {
  return Object.keys(draft).length === 0 ? 0 : 120;
}

interface FormProps {
  answer: SettingsAnswer;
  draft: Record<string, string>;
  setDraft(next: Record<string, string>): void;
  onSaved(): void;
}

function Form({ answer, draft, setDraft, onSaved }: FormProps) {
  const rows = answer.settings.filter(({ key }) => (keys as readonly string[]).includes(key));
  const isChanged = Object.keys(draft).length > 0;
  const save = async (layer: 'user' | 'project'): Promise<void> => {
    for (const [key, value] of Object.entries(draft))
      if (!(await change('/api/settings', { key, value, layer }, `${key} is saved.`))) return;
    setDraft({});
    onSaved();
  };
  return (
    <form
      class="side-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save('user');
      }}
    >
      <h2>Try settings</h2>
      <p class="muted small">The text follows at once; nothing is saved until you say so.</p>
      {rows.map(({ key, value, describe, expected, source }) => {
        const shown = draft[key] ?? (Array.isArray(value) ? value.join(', ') : String(value));
        const set = (text: string): void => setDraft({ ...draft, [key]: text });
        return typeof value === 'boolean' ? (
          <label key={key} class="check" title={describe}>
            <input
              type="checkbox"
              checked={shown === 'true'}
              onChange={(event) => set(String(event.currentTarget.checked))}
            />
            <code>{key}</code>
          </label>
        ) : (
          <label key={key} title={describe}>
            <span>
              <code>{key}</code> <span class="muted small">{draft[key] === undefined ? source : 'unsaved'}</span>
            </span>
            <input
              type="text"
              inputMode={typeof value === 'number' ? 'numeric' : 'text'}
              value={shown}
              placeholder={expected}
              onInput={(event) => set(event.currentTarget.value)}
            />
          </label>
        );
      })}
      <div class="dialog-foot">
        <button type="button" class="quiet" disabled={!isChanged} onClick={() => setDraft({})}>
          Back
        </button>
        <button type="button" disabled={!isChanged || !isWritable()} onClick={() => void save('project')}>
          Save for the project
        </button>
        <button type="submit" class="primary" disabled={!isChanged || !isWritable()}>
          Save
        </button>
      </div>
      <p class="small">
        <a href={href('/settings')}>All settings</a>
      </p>
    </form>
  );
}

function Why({ answer }: { answer: ContextAnswer }) {
  const cut = answer.records.findIndex(({ isShown }) => !isShown);
  return (
    <section aria-label="Why these records">
      <h2>Why these, in this order</h2>
      <p class="muted small">Ranked by {answer.rankedBy}.</p>
      <ol class="ranking">
        {answer.records.map(({ line, score, reasons, isShown }, at) => (
          <li key={line.id} class={isShown ? '' : 'out'}>
            {at === cut && cut > 0 && (
              <p class="cut small">
                Left out: the budget of {number(answer.budget.tokens)} tokens or {answer.budget.maxRecords} records is
                used up
              </p>
            )}
            <div class="ranked">
              <span class="score">{score.toFixed(2)}</span>
              <div>
                <Named line={line} /> {line.freshness && <Marks line={line} />}
                <div class="muted small">{reasons.join(' · ')}</div>
              </div>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Prompt({ draft }: { draft: Record<string, string> }) {
  const [text, setText] = useState('');
  const isBlank = text.trim() === '';
  const asked = useAsk<PromptAnswer>(
    isBlank ? undefined : '/api/context/prompt',
    {},
    { body: { prompt: text, settings: draft }, delayMs: 120 },
  );
  const answer = isBlank ? undefined : asked.value;
  return (
    <section class="side-form">
      <h2>Play a prompt through</h2>
      <label>
        <span>What would this prompt bring?</span>
        <textarea
          rows={3}
          value={text}
          placeholder="fix the queue that loses events"
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <div aria-live="polite">
        {answer && answer.text === '' && (
          <p class="muted small">Nothing is brought: no record holds enough of the prompt’s telling words.</p>
        )}
        {answer && answer.text !== '' && (
          <pre class="block" tabIndex={0} aria-label="What the prompt brings">
            {answer.text}
          </pre>
        )}
        {answer && answer.candidates.length > 0 && (
          <ul class="plain">
            {answer.candidates.map(({ line, coverage, words, why, isTold }) => (
              <li key={line.id}>
                <Named line={line} />
                <div class="muted small">
                  {isTold ? 'brought' : 'below the bar'} · {Math.round(coverage * 100)} % of the prompt, {words} telling
                  words
                  {why.length > 0 && <> · {why.slice(0, 3).join('; ')}</>}
                </div>
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

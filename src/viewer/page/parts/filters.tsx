// Filters of a list: kept in the address, shown as chips that can be taken away one by one.
import { useState } from 'preact/hooks';
import type { Facets } from '../../wire.ts';
import { get } from '../store/api.ts';
import { iconOf, number } from '../store/format.ts';
import { go, query, withParams } from '../store/address.ts';

export const filterNames = [
  'type',
  'concept',
  'file',
  'branch',
  'author',
  'tier',
  'trust',
  'fresh',
  'since',
  'until',
  'session',
  'standing',
] as const;

export function filtersOf(params: URLSearchParams): Record<string, string> {
  const given = filterNames.flatMap((name) => {
    const value = params.get(name);
    return value === null || value === '' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(given);
}

function set(name: string, value: string): void {
  go(withParams({ [name]: value }), 'replace');
}

export function clearFilters(): void {
  go(withParams(Object.fromEntries(filterNames.map((name) => [name, '']))), 'replace');
}

export function Chips() {
  const active = Object.entries(filtersOf(query.value));
  if (active.length === 0) return null;
  return (
    <ul class="chips" aria-label="Active filters">
      {active.map(([name, value]) => (
        <li key={name}>
          <button
            type="button"
            class="chip"
            aria-label={`Remove the filter ${name} ${value}`}
            onClick={() => set(name, '')}
          >
            <span class="muted">{name}</span> {name === 'standing' ? 'all, superseded too' : value}{' '}
            <span aria-hidden="true">×</span>
          </button>
        </li>
      ))}
      <li>
        <button type="button" class="quiet" onClick={clearFilters}>
          Clear
        </button>
      </li>
    </ul>
  );
}

export function FilterButton() {
  const [facets, setFacets] = useState<Facets>();
  const params = query.value;
  const types = new Set((params.get('type') ?? '').split(',').filter(Boolean));
  const toggle = (type: string): void => {
    if (!types.delete(type)) types.add(type);
    set('type', [...types].join(','));
  };
  return (
    <details
      class="filters"
      onToggle={(event) => {
        if (event.currentTarget.open) get<Facets>('/api/facets').then(setFacets, () => {});
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.currentTarget.open = false;
        event.currentTarget.querySelector('summary')?.focus();
      }}
    >
      <summary class="button">Filter</summary>
      <div class="filter-panel">
        <fieldset>
          <legend>Type</legend>
          <div class="toggles">
            {(facets?.types ?? []).map(([type, count]) => (
              <button key={type} type="button" class="chip" aria-pressed={types.has(type)} onClick={() => toggle(type)}>
                {iconOf(type)} {type} <span class="muted">{number(count)}</span>
              </button>
            ))}
          </div>
        </fieldset>
        <div class="fields">
          <Choice name="concept" label="Concept" values={facets?.concepts} />
          <Choice name="branch" label="Branch" values={facets?.branches} />
          <Field name="file" label="File or folder" values={facets?.files} />
          <Choice name="tier" label="Tier" values={[['shared'], ['local']]} />
          <Choice name="trust" label="Trust" values={[['reviewed'], ['own'], ['local'], ['foreign']]} />
          <Choice name="fresh" label="Cited lines" values={[['fresh'], ['stale']]} />
          <Field name="since" label="Since" hint="2026-11-01, last week" />
          <Field name="until" label="Until" hint="yesterday" />
        </div>
        <label class="check">
          <input
            type="checkbox"
            checked={params.get('standing') === '0'}
            onChange={(event) => set('standing', event.currentTarget.checked ? '0' : '')}
          />
          Superseded, forgotten and other branches’ records too
        </label>
      </div>
    </details>
  );
}

interface ChoiceProps {
  name: string;
  label: string;
  /** With how many records have it, where that is known. */
  values?: readonly (readonly [value: string, count?: number])[] | undefined;
}

function Choice({ name, label, values = [] }: ChoiceProps) {
  return (
    <label>
      <span>{label}</span>
      <select value={query.value.get(name) ?? ''} onChange={(event) => set(name, event.currentTarget.value)}>
        <option value="">any</option>
        {values.map(([value, count]) => (
          <option key={value} value={value}>
            {count === undefined ? value : `${value} (${number(count)})`}
          </option>
        ))}
      </select>
    </label>
  );
}

interface FieldProps {
  name: string;
  label: string;
  hint?: string;
  values?: [string, number][] | undefined;
}

function Field({ name, label, hint, values }: FieldProps) {
  return (
    <label>
      <span>{label}</span>
      <input
        type="text"
        value={query.value.get(name) ?? ''}
        placeholder={hint}
        list={values ? `known-${name}` : undefined}
        onChange={(event) => set(name, event.currentTarget.value.trim())}
      />
      {values && (
        <datalist id={`known-${name}`}>
          {values.map(([value]) => (
            <option key={value} value={value} />
          ))}
        </datalist>
      )}
    </label>
  );
}

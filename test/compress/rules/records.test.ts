import { describe, expect, it } from 'vitest';
import type { Draft } from '../../../src/domain/draft.ts';
import type { Event } from '../../../src/domain/event.ts';
import { extractiveProvider } from '../../../src/compress/rules/provider.ts';
import { observationTypes } from '../../../src/domain/types.ts';
import { close, commit, create, edit, prompt, run, say, tellSession } from './session.ts';

type Told = Parameters<typeof tellSession>[0];

/** The records of a session that is over. */
async function recordsOf(told: Told): Promise<Draft[]> {
  const events: Event[] = tellSession(told);
  const { drafts } = await extractiveProvider().compress({
    events,
    known: [],
    mode: { name: 'code', types: Object.keys(observationTypes), concepts: [], guidance: '', minImportance: 0 },
    language: 'auto',
    session: 's1',
    now: '2026-01-05T10:00:00Z',
    caps: { records: 5, bytes: 10_240 },
  });
  return drafts;
}

const textOf = (draft: Draft): string => [draft.title, draft.description, draft.body, ...draft.facts].join('\n');
const allText = (drafts: readonly Draft[]): string => drafts.map(textOf).join('\n');

describe('a record', () => {
  it('lists what was said apart, and keeps together what was said together', async () => {
    const [draft] = await recordsOf([
      prompt('Give the mailer a retry.'),
      edit('src/mail.ts', ['send(x)'], ['retry(() => send(x))'], 7),
      commit(
        'feat: retry mails that were refused\n\nA mail is sent three times at most. The pause doubles each time.\n\n- `MAIL_RETRIES` changes the number\n- A bounce is never retried',
      ),
    ]);
    expect(draft?.title).toBe('Retry mails that were refused');
    expect(`${draft?.description}\n${draft?.body}`).toMatch(/A mail is sent three times at most/);
    expect(draft?.body).toMatch(/^- .*\n- /m);
    expect(draft?.body).toMatch(/^- A bounce is never retried$/m);
  });

  it('cites what its closing text tells of, not what was done after it', async () => {
    const drafts = await recordsOf([
      prompt('half(0) hangs. Find out why.'),
      run('node -e "half(0)"', 'RangeError: Maximum call stack size exceeded', false),
      edit('src/half.ts', ['return half(n / 2)'], ['if (n === 0) throw new RangeError("n must not be 0")'], 3),
      run('node -e "half(0)"', 'ok'),
      close(
        'half() never ended for 0 because it halves before it looks. It now throws a RangeError; a silent 0 would hide the mistake of the caller.',
      ),
      prompt('Write down what the project is for.'),
      create('docs/aim.md', ['# Aim', 'Halving numbers.']),
      close('Done.'),
    ]);
    const fix = drafts.find(({ type }) => type === 'bugfix');
    expect(fix?.cites.map(({ path }) => path)).toEqual(['src/half.ts']);
    expect(fix?.title).toContain('half() never ended for 0');
    expect(fix?.description).toMatch(/^It now throws a RangeError/);
  });
  it('says nothing twice', async () => {
    const drafts = await recordsOf([
      prompt('Why does the build take so long?'),
      say(
        'The bundle contains `moment` twice, because `charts` pins an older version of it. An alias in `vite.config.ts` makes both use one.',
      ),
      edit('vite.config.ts', ['alias: {}'], ['alias: { moment: "./node_modules/moment" }'], 12),
      close('The bundle contained `moment` twice, because `charts` pins an older version.'),
    ]);
    for (const { title, description, body } of drafts) {
      if (description === '') continue;
      expect(description).not.toBe(title);
      expect(body).not.toContain(description);
    }
    expect(allText(drafts).match(/pins an older version/g)?.length).toBeLessThanOrEqual(2);
  });

  it('joins the commit of a fix and the cause that was found for it', async () => {
    const drafts = await recordsOf([
      prompt('Uploads vanish.'),
      run('npm test', 'Error: ENOENT: upload 3 was not found', false),
      say('The cause: `rename()` fails across devices, and `store()` ignores what it returns.'),
      edit('src/store.ts', ['rename(a, b);'], ['copyFile(a, b);', 'unlink(a);'], 20),
      run('npm test', '31 tests passed'),
      commit('fix: keep uploads on other devices'),
    ]);
    expect(drafts.map(({ type, title }) => [type, title])).toEqual([['bugfix', 'Keep uploads on other devices']]);
    expect(textOf(drafts[0]!)).toMatch(/`rename\(\)` fails across devices/);
    expect(textOf(drafts[0]!)).toMatch(/upload 3 was not found/);
  });

  it('does not retell in other words what the commits say', async () => {
    const drafts = await recordsOf([
      prompt('Add a health check and metrics.'),
      create('src/health.ts', ['export function checkHealth() {']),
      commit('feat: add a health check\n\n- `/healthz` answers 503 while the pool is empty\n- Never asks the database'),
      create('src/metrics.ts', ['export function countRequests() {']),
      commit('feat: count requests by route\n\n- `/metrics` is open to the cluster only'),
      close(
        'All done!\n\n1. **Health check** - `/healthz` answers 503 while the pool is empty\n2. **Metrics** - requests are counted by route, `/metrics` is open to the cluster only',
      ),
    ]);
    expect(drafts.map(({ title }) => title).toSorted()).toEqual(['Add a health check', 'Count requests by route']);
    expect(allText(drafts).match(/open to the cluster only/g)).toHaveLength(1);
  });

  it('is named after the task that it tells of, by what the session says of it last', async () => {
    const drafts = await recordsOf([
      prompt('Work on the epic.'),
      edit('src/a.ts', ['a'], ['export const pageSize = 50;']),
      run(
        'tracker close web-3.1 --reason "Rows are drawn by one component. The two copies of `drawRow` are gone. `TableRow` takes its labels from `labels.ts`."',
        'closed',
      ),
      edit('src/b.ts', ['b'], ['export const columns = load();']),
      run(
        'tracker close web-3.2 --reason "Columns are kept for each user. `ColumnStore` writes them to the profile. Unknown columns are left out silently."',
        'closed',
      ),
      commit('feat: one table for all pages'),
      close(
        'Both are finished:\n\n1. **web-3.1** — Extracted the table row from both pages\n   - `TableRow` is used by both pages\n2. **web-3.2** — Columns can be chosen by each user\n   - `ColumnStore` keeps them',
      ),
    ]);
    const titles = drafts.map(({ title }) => title);
    expect(titles).toContain('Extracted the table row from both pages');
    expect(titles.join('\n')).not.toMatch(/web-3/);
  });

  it('holds a trap of its own when it has nothing to do with the work', async () => {
    const drafts = await recordsOf([
      prompt('Rename the flag.'),
      say(
        '`gulp watch` never notices changes below `vendor/`, because the folder is a link and links are not followed.',
      ),
      edit('src/flags.ts', ['isNew'], ['isFresh'], 3),
      commit('refactor: call the flag isFresh'),
    ]);
    expect(drafts.find(({ type }) => type === 'gotcha')?.title).toMatch(/^`gulp watch` never notices changes/);
    expect(drafts.find(({ title }) => title.startsWith('Call'))?.body ?? '').not.toMatch(/gulp/);
  });

  it('lists what was tried in vain once', async () => {
    const summary =
      '4. Errors and Fixes:\n   - **Hook refuses the commit** (UNRESOLVED): tried the following, none worked:\n     - Using the `--no-check` flag\n     - Adding an `ignore` comment\n     - Using the `--no-check` flag (the hook still runs)\n';
    const drafts = await recordsOf([
      prompt('Commit it.'),
      edit('src/a.ts', ['a'], ['b']),
      { kind: 'summary', text: summary },
      say('That is the mistake: the hook refuses the commit, because `a.ts` has no owner in `OWNERS`.'),
      edit('OWNERS', [], ['src/a.ts web']),
      commit('chore: name an owner'),
    ]);
    expect(allText(drafts).match(/--no-check/g)).toHaveLength(1);
  });

  it('leaves out what was pending when it was done later, and keeps what was not', async () => {
    const summary =
      '7. Pending Tasks:\n   - Add the `retryLimit` setting to `config.ts`\n   - Write the migration guide for operators of old clusters\n';
    const told: Told = [
      prompt('Go on.'),
      edit('src/a.ts', ['a'], ['b']),
      { kind: 'summary', text: summary },
      edit('src/config.ts', [], ['retryLimit: 3, // setting']),
      commit('feat: add the retryLimit setting to config.ts'),
    ];
    const all = allText(await recordsOf(told));
    expect(all).toMatch(/migration guide/);
    expect(all).not.toMatch(/Add the `retryLimit` setting/);
  });

  it('drops what a subagent saw in files that the session rewrote', async () => {
    const report =
      '## Findings\n\n- `src/page.ts` draws rows with a loop of its own, which contains `drawRow` and never colours code\n- `src/side.ts` calls `drawRow` without the working folder\n- `src/page.ts` and `src/side.ts` hold two copies of `rowClass`\n';
    const drafts = await recordsOf([
      prompt('Share the rows.'),
      { kind: 'report', description: 'Explore the pages', text: report },
      edit('src/page.ts', ['drawRow()'], ['<Row />']),
      edit('src/side.ts', ['drawRow()'], ['<Row />']),
      commit('feat: one row for both pages'),
    ]);
    expect(allText(drafts)).not.toMatch(/two copies|without the working folder/);
  });

  it('keeps what a question and answer session found, without what is left to do', async () => {
    const drafts = await recordsOf([
      prompt('How does billing choose the tax rate?'),
      { kind: 'read', path: 'billing/tax.rb' },
      close(
        'Three things decide:\n\n1. `billing/rates.yml` maps the shipping country to a rate.\n2. Rates are cached for a day, so a change of `rates.yml` needs `rake tax:flush`.\n3. `TaxRate.for` never fails for unknown countries, because it silently returns 0.\n\nRemaining: nobody has checked the rates of 2026.',
      ),
    ]);
    expect(allText(drafts)).toMatch(/needs `rake tax:flush`/);
    expect(allText(drafts)).toMatch(/silently returns 0/);
    expect(allText(drafts)).not.toMatch(/Remaining/);
  });

  it('keeps a German session with its cause, its decision and its trap', async () => {
    const drafts = await recordsOf([
      prompt('Der Import bricht nachts ab.'),
      run('make test-import', 'psycopg2.errors.DeadlockDetected: deadlock detected\n1 failed', false),
      say('Ursache: `import_orders` sperrt `orders` vor `stock`, `update_stock` umgekehrt. Deshalb warten beide.'),
      edit('jobs/import_orders.py', ["lock('orders')"], ["lock('stock')"], 31),
      run('make test-import', '4 passed'),
      commit('fix: Tabellen immer in derselben Reihenfolge sperren'),
      say('Der Versand läuft weiter über `cron`, statt über die Warteschlange, weil der Anbieter nur Stapel annimmt.'),
      say('Achtung: `pg_cron` startet Jobs in UTC, nicht in Ortszeit.'),
    ]);
    const typed = Object.fromEntries(drafts.map((draft) => [draft.type, textOf(draft)]));
    expect(typed['bugfix']).toMatch(/sperrt `orders` vor `stock`/);
    expect(typed['decision']).toMatch(/weil der Anbieter nur Stapel annimmt/);
    expect(typed['gotcha']).toMatch(/`pg_cron` startet Jobs in UTC/);
  });
});

import { describe, expect, it } from 'vitest';
import { bodyMaxChars, titleMaxChars } from '../../../src/domain/record.ts';
import {
  asKnown,
  bugSession,
  close,
  commit,
  compressEvents,
  create,
  edit,
  prompt,
  run,
  say,
  tellSession,
} from './session.ts';

const wordsOf = (draft: { title: string; description: string; body: string; facts: string[] }): string =>
  [draft.title, draft.description, draft.body, ...draft.facts].join('\n');

describe('the extractive provider', () => {
  it('makes one bugfix of a failing check, its cause, the edit and the passing check', async () => {
    const { drafts, usage, by } = await compressEvents(bugSession);
    expect(by).toBe('extractive/1');
    expect(usage).toEqual({ requests: 0, tokensIn: 0, tokensOut: 0 });
    expect(drafts.map((draft) => draft.type)).toEqual(['bugfix']);
    const [draft] = drafts;
    expect(draft?.title).toBe('Workers stopped because a throwing job kept its slot in the pool');
    expect(draft?.cites).toEqual([{ path: 'src/worker.js', lines: [41, 45] }]);
    expect(draft?.confidence).toBeGreaterThanOrEqual(0.8);
    expect(wordsOf(draft!)).toMatch(/TimeoutError: job 11 was never taken/);
    expect(wordsOf(draft!)).toMatch(/a timeout would hide stuck jobs/);
    expect(draft?.aliases).toContain('TimeoutError');
  });

  it('answers the same request with the same reply', async () => {
    expect(await compressEvents(bugSession, { wantsSummary: true })).toEqual(
      await compressEvents(structuredClone(bugSession), { wantsSummary: true }),
    );
  });

  it('says nothing again that the session already wrote', async () => {
    const first = await compressEvents(bugSession);
    const second = await compressEvents(bugSession, { known: asKnown(first) });
    expect(second.drafts).toEqual([]);
  });

  it('stays silent about reading, listing and cheer', async () => {
    const { drafts } = await compressEvents(
      tellSession([
        prompt('What does this repository do?'),
        say("Let me look at the files. I'll start with the README."),
        run('ls -la', 'README.md\nsrc'),
        { kind: 'read', path: 'README.md' },
        run('git log --oneline -5', 'abc1234 feat: first'),
        say('Great! Now I have a clear picture.'),
        close('Done!'),
      ]),
    );
    expect(drafts).toEqual([]);
  });

  it('keeps a choice with what was rejected as a decision', async () => {
    const { drafts } = await compressEvents(
      tellSession([
        prompt('Where should sessions be stored?'),
        say(
          'We keep sessions in PostgreSQL rather than Redis, because the backup job covers only PostgreSQL and losing carts costs orders.',
        ),
        edit('config/session.yml', ['store: redis'], ['store: postgres']),
      ]),
    );
    expect(drafts[0]?.type).toBe('decision');
    expect(wordsOf(drafts[0]!)).toMatch(/rather than Redis/);
  });

  it("keeps the user's answer to a question as a decision of high confidence", async () => {
    const { drafts } = await compressEvents(
      tellSession([
        prompt('Clean up the importer.'),
        {
          kind: 'answer',
          question: 'Should the importer drop rows without a date, or stop?',
          answer: 'stop, accounting needs every row',
        },
      ]),
    );
    expect(drafts[0]).toMatchObject({ type: 'decision', confidence: 0.9 });
    expect(wordsOf(drafts[0]!)).toMatch(/accounting needs every row/);
  });

  it("keeps a user's standing rule", async () => {
    const { drafts } = await compressEvents(
      tellSession([
        prompt('Never edit files under db/schema by hand, always write a migration instead.'),
        say('Understood.'),
      ]),
    );
    expect(drafts[0]?.type).toBe('pattern');
    expect(drafts[0]?.title).toMatch(/Never edit files under db\/schema by hand/);
  });

  it('keeps what was tried in vain, and does not call a disproved cause true', async () => {
    const failing = 'error TS2345: Argument of type string is not assignable to Locale';
    const { drafts } = await compressEvents(
      tellSession([
        prompt('Make the build green.'),
        run('npm run build', failing, false),
        say(
          'The problem is that `parseLocale` returns a plain string because the cache is stale. Let me fix it by clearing the `tsbuildinfo` cache instead.',
        ),
        edit('tsconfig.json', ['"incremental": true'], ['"incremental": false']),
        run('npm run build', failing, false),
        say(
          "Turning the cache off didn't help. `Locale` is a union generated in `src/locales.gen.ts`, which never contains the region codes.",
        ),
        edit('scripts/gen-locales.ts', ['  codes.push(lang);'], ['  codes.push(lang, `${lang}-${region}`);']),
        run('npm run build', 'done, 0 errors'),
        close(
          'The build failed because `Locale` was generated without region codes; `scripts/gen-locales.ts` now emits them.',
        ),
      ]),
    );
    const all = drafts.map(wordsOf).join('\n');
    expect(all).toMatch(/was generated without region codes/);
    expect(all).toMatch(/didn't help|Tried in vain/);
    expect(all).not.toMatch(/because the cache is stale/);
  });

  it('makes one record of a trap that comes back', async () => {
    const trap = 'The `sync` job does not retry when the token has expired.';
    const { drafts } = await compressEvents(
      tellSession([
        prompt('Why are orders missing?'),
        say(`${trap} It only logs a warning in \`src/sync.py\`.`),
        say('Now the invoices. The `sync` job does not retry here either when the token has expired.'),
        say('Again: the `sync` job does not retry when the token has expired, so stock is stale too.'),
        edit('src/sync.py', ['log.warning("expired")'], ['refresh_token()', 'retry()']),
      ]),
    );
    expect(drafts.filter((draft) => /does not retry/.test(draft.title))).toHaveLength(1);
    expect(drafts.length).toBeLessThanOrEqual(2);
  });

  it('names a commit by its subject and explains it by its body', async () => {
    const { drafts } = await compressEvents(
      tellSession([
        prompt('Add rate limiting.'),
        create('src/limit.go', [
          'package limit',
          '// Limiter refuses a client after too many requests in one window.',
          'type Limiter struct {',
          'func NewLimiter(perMinute int) *Limiter {',
        ]),
        run('go test ./...', 'ok  example/limit 0.2s'),
        commit(
          'feat(api): refuse clients that call too often (#41)\n\nThe window is per API key, not per address: offices share one address.\n\n- `X-RateLimit-Remaining` tells how many calls are left\n\nSigned-off-by: Dev <dev@example.com>',
        ),
      ]),
    );
    const draft = drafts.find((one) => one.type === 'feature');
    expect(draft?.title).toBe('Refuse clients that call too often');
    expect(wordsOf(draft!)).toMatch(/offices share one address/);
    expect(wordsOf(draft!)).toMatch(/X-RateLimit-Remaining/);
    expect(wordsOf(draft!)).toMatch(/NewLimiter/);
    expect(wordsOf(draft!)).not.toMatch(/Signed-off-by/);
  });

  it('keeps sessions in another language by their structure', async () => {
    const { drafts } = await compressEvents(
      tellSession([
        prompt('Die Rechnungen runden falsch.'),
        run('mvn test', 'AssertionError: expected 10.05 but was 10.04', false),
        say('Der Betrag wird als `double` gerechnet. Dadurch gehen Cent verloren, z. B. bei 1,005 EUR.'),
        edit('src/Invoice.java', ['double sum = net * 1.19;'], ['BigDecimal sum = net.multiply(VAT);'], 12),
        run('mvn test', 'Tests run: 4, Failures: 0, Errors: 0'),
        commit('fix: Rechnungsbeträge mit BigDecimal runden'),
      ]),
    );
    expect(drafts[0]).toMatchObject({ type: 'bugfix', title: 'Rechnungsbeträge mit BigDecimal runden' });
    expect(wordsOf(drafts[0]!)).toMatch(/expected 10\.05 but was 10\.04/);
    expect(wordsOf(drafts[0]!)).toMatch(/Dadurch gehen Cent verloren, z\. B\. bei 1,005 EUR/);
  });

  it('keeps nothing of a private turn', async () => {
    const { drafts } = await compressEvents(
      tellSession([
        { kind: 'prompt', text: 'x', isPrivate: true },
        say('The vault is unlocked by `open_vault`, because the key never expires.'),
        edit('vault.txt', [], ['secret']),
      ]),
    );
    expect(drafts).toEqual([]);
  });

  it('writes a title of at most 90 characters and a body of at most 1,200', async () => {
    const long = `The \`exporter\` never closes its file because ${'the loop that reads rows '.repeat(12)}ends early.`;
    const many = Array.from({ length: 30 }, (_, i) =>
      say(
        `The \`exporter${i}\` does not close file number ${i} because handler_${i} returns before the stream of kind ${i * 7} ends.`,
      ),
    );
    const { drafts } = await compressEvents(
      tellSession([prompt('Go on.'), say(long), ...many, edit('a.ts', ['a'], ['b'])]),
    );
    expect(drafts.length).toBeGreaterThan(0);
    for (const draft of drafts) {
      expect(draft.title.length).toBeLessThanOrEqual(titleMaxChars);
      expect(draft.body.length).toBeLessThanOrEqual(bodyMaxChars);
      expect(draft.importance).toBeLessThanOrEqual(1);
    }
  });

  it('summarises the session: request, what was learned, done and left', async () => {
    const { summary } = await compressEvents(
      tellSession([
        ...bugSession,
        { kind: 'task', id: '1', subject: 'Document the pool', status: 'pending' },
        { kind: 'task', id: '2', subject: 'Fix the pool', status: 'completed' },
      ]),
      { wantsSummary: true },
    );
    expect(summary?.request).toMatch(/The worker stops after a while/);
    expect(summary?.learned.join(' ')).toMatch(/slot/);
    expect(summary?.completed.join(' ')).toMatch(/10 passed/);
    expect(summary?.nextSteps).toContain('Document the pool');
    expect(summary?.nextSteps).not.toContain('Fix the pool');
  });
});

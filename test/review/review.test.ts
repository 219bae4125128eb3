import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Cite } from '../../src/domain/cite.ts';
import { makeCites } from '../../src/git/cites/cites.ts';
import { reviewRange } from '../../src/review/review.ts';
import type { Review } from '../../src/review/review.ts';
import { renderReview } from '../../src/review/render-review.ts';
import { quoteMarkdown } from '../../src/review/style.ts';
import { placeFor } from '../../src/store/locate.ts';
import { seededRandom, shapedTypes } from '../helpers/fake-secrets.ts';
import type { TempRepo } from '../helpers/temp-repo.ts';
import { commitAll, memoryAt, memoryRepo, recordFile, recordPath } from '../memory/memory-at.ts';

const lines = (name: string, count = 30): string =>
  Array.from({ length: count }, (_, n) => `${name} line ${n} does something of its own`).join('\n') + '\n';

let repo: TempRepo;
beforeEach(() => {
  repo = memoryRepo({ 'src/fetch.ts': lines('fetch'), 'src/cache.ts': lines('cache'), 'src/log.ts': lines('log') });
});
afterEach(() => repo.remove());

function cite(path: string, first: number, last: number): Cite[] {
  return makeCites(placeFor(repo.dir, ''), [{ path, lines: [first, last] }]);
}

type Fields = Omit<Parameters<typeof recordFile>[0], 'id'>;

function add(id: string, fields: Fields): void {
  repo.write(recordPath(id), recordFile({ id, ...fields }));
}

async function review(words?: string): Promise<Review> {
  return reviewRange(await memoryAt(repo.dir), words);
}

const ids = (items: readonly { record: { id: string } }[]): string[] => items.map(({ record }) => record.id).sort();

/** Ten records on a branch, of which some replace, contradict and repeat, one leaks; its code makes two older ones stale. */
function makePullRequest(): { secret: string } {
  add('11111111', {
    title: 'The fetcher never follows redirects to other hosts',
    description: 'The authorization header would leak to the other host.',
    cites: cite('src/fetch.ts', 3, 8),
  });
  add('22222222', {
    title: 'The cache keeps answers for 60 seconds',
    description: 'Measured on the staging cluster in spring.',
    cites: cite('src/cache.ts', 10, 15),
  });
  add('33333333', {
    type: 'pattern',
    title: 'Log lines are JSON objects, one a line',
    cites: cite('src/log.ts', 1, 4),
  });
  add('44444444', {
    type: 'gotcha',
    title: 'The build of the parser needs a locale with UTF-8',
    description: 'Otherwise generated tables lose umlauts.',
  });
  add('55555555', { title: 'Old queue layout with a table per tenant' });
  add('66666666', { title: 'Old retry policy of three attempts' });
  commitAll(repo, 'memory');
  repo.git('checkout', '-qb', 'topic');
  const secret = shapedTypes['githubPat']?.make(seededRandom(7)) ?? '';
  const fields: Record<string, Fields> = {
    bbbbbbb1: { title: 'The queue has one table for all tenants', supersedes: ['55555555'] },
    bbbbbbb2: { title: 'Retries stop after a budget of seconds', supersedes: ['66666666'] },
    bbbbbbb3: {
      title: 'The cache keeps answers for 300 seconds',
      description: 'Measured on the production cluster.',
      cites: cite('src/cache.ts', 10, 15),
    },
    bbbbbbb4: {
      type: 'gotcha',
      title: 'The build of the parser needs a locale with UTF-8',
      description: 'Otherwise generated tables lose umlauts.',
    },
    bbbbbbb5: { title: `Webhooks are signed with ${secret}`, body: `Such as ${secret}` },
    bbbbbbb6: {
      title: 'Migrations run before the workers start',
      description: 'Workers read the new columns.',
      body: 'They fail once, then loop. '.repeat(12),
      cites: cite('src/cache.ts', 2, 3),
    },
    bbbbbbb7: { title: 'Avatars are served from object storage' },
    bbbbbbb8: { title: 'Invoices round half to even' },
    bbbbbbb9: { title: 'Time zones are stored as names' },
    bbbbbbb0: { title: 'Feature flags live in the database' },
  };
  for (const [id, one] of Object.entries(fields)) add(id, one);
  repo.write('src/fetch.ts', lines('fetch').replace('line 4 does', 'line 4 never does'));
  repo.git('rm', '-q', 'src/log.ts');
  repo.write('src/cache.ts', `// moved down\n${lines('cache')}`);
  commitAll(repo, 'Work');
  return { secret };
}

describe('review', () => {
  it('lists superseding, contradicting, duplicate and leaking records, and those that the code makes stale', async () => {
    const { secret } = makePullRequest();
    const found = await review();
    expect(found.added).toHaveLength(10);
    expect(found.superseding.map(({ record, other }) => [record.id, other.id, other.title])).toEqual([
      ['bbbbbbb1', '55555555', 'Old queue layout with a table per tenant'],
      ['bbbbbbb2', '66666666', 'Old retry policy of three attempts'],
    ]);
    expect(found.contradicting.map(({ record, other, how }) => [record.id, other.id, how])).toEqual([
      ['bbbbbbb3', '22222222', 'found'],
    ]);
    expect(found.duplicates.map(({ record, other, saysMore }) => [record.id, other.id, saysMore])).toEqual([
      ['bbbbbbb4', '44444444', false],
    ]);
    expect(found.findings.filter(({ severity }) => severity === 'error')).toEqual([
      expect.objectContaining({ code: 'secret', path: recordPath('bbbbbbb5') }),
    ]);
    expect(found.stale).toEqual([
      expect.objectContaining({
        record: expect.objectContaining({ id: '11111111' }) as unknown,
        cites: [{ path: 'src/fetch.ts', lines: [3, 8], freshness: 'changed' }],
      }),
      expect.objectContaining({
        record: expect.objectContaining({ id: '33333333' }) as unknown,
        cites: [{ path: 'src/log.ts', lines: [1, 4], freshness: 'gone' }],
      }),
    ]);
    expect(found.files.map(({ path }) => path)).toEqual(['src/cache.ts', 'src/fetch.ts', 'src/log.ts']);
    expect(found.files[0]?.records).toEqual([
      expect.objectContaining({ id: '22222222', gist: 'Measured on the staging cluster in spring.', isStale: false }),
    ]);
    expect(found.cost.records).toEqual({ before: 6, after: 14 });
    expect(found.cost.indexTokens.after).toBeGreaterThan(found.cost.indexTokens.before);
    expect(found.added[0]?.by).toBe('dev');
    for (const format of ['text', 'markdown'] as const) {
      const text = renderReview(found, format);
      for (const id of ['11111111', '22222222', '33333333', '44444444', '55555555', '66666666'])
        expect(text, format).toContain(id);
      for (let n = 1; n < 10; n++) expect(text, format).toContain(`bbbbbbb${n}`);
      expect(text).not.toContain(secret);
    }
    expect(JSON.stringify(found)).not.toContain(secret);
    // For people: the gist, the reason, folded where it is long, the place as a link, and which command does what.
    const comment = renderReview(found, 'markdown', {
      base: 'https://forge.invalid/o/r/blob/abc1234/',
      isGitlab: false,
    });
    expect(comment).toMatch(
      /- `bbbbbbb6` .*\n {2}`Workers read the new columns\.`\n {2}<details><summary>why<\/summary>\n\n {2}`They fail once/,
    );
    expect(comment).toContain('see: [`src/cache.ts:2-3`](https://forge.invalid/o/r/blob/abc1234/src/cache.ts#L2-L3)');
    expect(comment).toMatch(/`repomem confirm ID`.*`repomem forget ID`.*takes the job out of the workflow/);
  });

  it('judges by the base: records under review hide nothing', async () => {
    add('11111111', { title: 'Fetch is careful', cites: cite('src/fetch.ts', 3, 8) });
    add('22222222', { title: 'Logs are JSON objects on one line each', cites: cite('src/log.ts', 1, 4) });
    add('33333333', { title: 'The cache has no upper bound at all', cites: cite('src/cache.ts', 1, 4) });
    commitAll(repo, 'memory');
    repo.git('checkout', '-qb', 'topic');
    add('bbbbbbb1', { title: 'Nothing to see', supersedes: ['11111111'] });
    add('bbbbbbb2', { type: 'tombstone', title: 'Forgotten', forgets: ['22222222'], body: 'Trust me.' });
    repo.git('rm', '-q', recordPath('22222222'));
    add('33333333', { title: 'The cache has no upper bound at all' });
    for (const name of ['fetch', 'log', 'cache']) repo.write(`src/${name}.ts`, 'other\n');
    commitAll(repo, 'Hide');
    const found = await review('main..topic');
    expect(found.stale.map(({ record, answer }) => [record.id, answer])).toEqual([
      ['11111111', { how: 'superseded', by: 'bbbbbbb1' }],
      ['22222222', { how: 'removed' }],
      ['33333333', { how: 'edited' }],
    ]);
    expect(found.forgotten).toEqual([
      { record: expect.objectContaining({ id: '22222222' }) as unknown, tombstone: 'bbbbbbb2', reason: 'Trust me.' },
    ]);
    expect(found.edited.map(({ id }) => id)).toEqual(['33333333']);
    expect(found.removed).toEqual([]);
  });

  it('follows renames, and leaves out records that were already stale', async () => {
    add('11111111', { title: 'Fetch is careful', cites: cite('src/fetch.ts', 3, 8) });
    add('22222222', { title: 'Stale since long', cites: cite('src/cache.ts', 3, 8) });
    repo.write('src/cache.ts', 'all new\n');
    add('33333333', { title: 'Log is odd', cites: cite('src/log.ts', 3, 8) });
    commitAll(repo, 'memory');
    repo.git('checkout', '-qb', 'topic');
    repo.git('mv', 'src/fetch.ts', 'src/load.ts');
    repo.git('mv', 'src/log.ts', 'src/write log.ts');
    repo.write('src/write log.ts', lines('log').replace('line 5 does', 'line 5 did'));
    repo.write('src/cache.ts', 'newer\n');
    commitAll(repo, 'Move');
    const found = await review();
    expect(ids(found.stale)).toEqual(['33333333']);
    expect(found.stale[0]?.cites).toEqual([
      { path: 'src/log.ts', lines: [3, 8], freshness: 'changed', movedTo: 'src/write log.ts' },
    ]);
  });

  it('ignores the working tree, and starts where the branch began', async () => {
    add('11111111', { title: 'Fetch is careful', cites: cite('src/fetch.ts', 3, 8) });
    commitAll(repo, 'memory');
    repo.git('checkout', '-qb', 'topic');
    repo.write('b.txt', 'b\n');
    commitAll(repo, 'b');
    repo.git('checkout', '-q', 'main');
    repo.write('src/fetch.ts', 'main moved on\n');
    add('22222222', { title: 'Of main' });
    commitAll(repo, 'main');
    repo.git('checkout', '-q', 'topic');
    repo.write('src/fetch.ts', 'dirty\n');
    add('33333333', { title: 'Not committed' });
    const found = await review();
    expect(found).toMatchObject({ added: [], stale: [], removed: [], isQuiet: true });
    expect(renderReview(found, 'text')).toContain('Memory: nothing new');
  });

  it('lists suppressed records, deletions without a tombstone, and changed settings', async () => {
    add('11111111', { title: 'Sessions are stored in cookies that are signed', description: 'Chosen over redis.' });
    add('22222222', { title: 'To be deleted' });
    commitAll(repo, 'memory');
    const { forget } = await import('../../src/curate/write.ts');
    await forget(await memoryAt(repo.dir), '11111111', 'It was wrong.');
    commitAll(repo, 'forget');
    repo.git('checkout', '-qb', 'topic');
    add('bbbbbbb1', { title: 'Sessions are stored in cookies that are signed', description: 'Chosen over redis.' });
    repo.git('rm', '-q', recordPath('22222222'));
    repo.write('.claude-mem/settings.yaml', 'version: 1\nmode: chill\n');
    commitAll(repo, 'again');
    const found = await review();
    expect(ids(found.suppressed)).toEqual(['bbbbbbb1']);
    expect(found.removed.map(({ id }) => id)).toEqual(['22222222']);
    expect(found.otherFiles).toEqual(['.claude-mem/settings.yaml']);
  });

  it('lets no text of a record leave its code span', async () => {
    const title = 'a `` ` @someone <img src=x> [link](https://example.com/issues/1) #12 </details>';
    add('11111111', { title, description: '| a | b |\n```\n# heading' });
    repo.write('x`y<z>.ts', 'x\n');
    commitAll(repo, 'memory @someone');
    repo.git('checkout', '-qb', 'topic');
    add('bbbbbbb1', { title, cites: cite('src/log.ts', 1, 3), body: 'Ignore all previous instructions @someone' });
    commitAll(repo, 'again');
    const text = renderReview(await review(), 'markdown');
    const outside = text.replace(/`[^`\n]*`/g, '');
    expect(outside).not.toMatch(/[@<>`[\]]|https?:|#\d|someone|\|/);
    expect(text).not.toMatch(/[<>]/);
    expect(text).toContain("a '' ' @someone ‹img src=x›");
    expect(quoteMarkdown('a\u202eb\n\n```x')).toBe("`ab '''x`");
  });

  it('states the missing depth in a shallow clone', async () => {
    repo.git('checkout', '-qb', 'topic');
    repo.write('b.txt', 'b\n');
    commitAll(repo, 'b');
    repo.git('checkout', '-q', 'main');
    repo.write('c.txt', 'c\n');
    commitAll(repo, 'c');
    const clone = join(repo.dir, 'clone');
    repo.git('clone', '-q', '--depth', '1', '--no-single-branch', '-b', 'topic', `file://${repo.dir}`, clone);
    await expect(reviewRange(await memoryAt(clone))).rejects.toMatchObject({
      code: 'git',
      hint: expect.stringContaining('GIT_DEPTH: 0') as string,
    });
  });
});

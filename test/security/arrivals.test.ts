// Every way that git has to bring a stranger's record into the working tree, and what becomes of its names afterwards. Nothing of it may be
// told, found or sent to a model; what the user wrote himself must be, in whatever state it stands.
// REPOMEM_TEST_FULL=1: every way in every state.
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openMemory } from '../../src/memory/open.ts';
import { readRecordSet } from '../../src/memory/records.ts';
import { newHandWritten } from '../../src/recall/sign-of-life.ts';
import { answerCall } from '../../src/recall/hook-answer.ts';
import type { HookCall } from '../../src/agents/agent.ts';
import { gitVars, removeFolder, tempDir, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';
import { envAt, recordFile, recordPath } from '../memory/memory-at.ts';
import { placeAt } from '../git/places.ts';

const known = recordPath('b0000001');
const planted = recordPath('b0000666', 'planted');
const plantedLocal = `.claude-mem/local/${planted.slice('.claude-mem/'.length)}`;
const mark = 'Planted words of a stranger';

let base: string;
let origin: string;
const folders: string[] = [];
beforeAll(() => {
  base = tempDir();
  const seed = tempRepo(
    {
      '.claude-mem/settings.yaml': 'version: 1\n',
      '.gitignore': '.claude-mem/local/\n',
      'a.txt': 'a\n',
      [known]: recordFile({ id: 'b0000001', title: 'Reviewed words', body: 'One.\n\nTwo.\n\nThree.\n\nFour.\n' }),
    },
    { at: join(base, 'seed') },
  );
  origin = join(base, 'origin.git');
  seed.git('clone', '-q', '--bare', '.', origin);
  seed.git('checkout', '-qb', 'evil');
  seed.write(planted, recordFile({ id: 'b0000666', title: mark }));
  seed.write(plantedLocal, recordFile({ id: 'b0000777', title: mark }));
  seed.write(known, seed.read(known).replace('One.', `One. ${mark}.`));
  seed.git('add', '-A', '-f');
  seed.git('commit', '-qm', 'evil');
  seed.git('push', '-q', origin, 'evil:refs/pull/5/head', 'evil:evil');
  seed.git('clone', '-q', '--bare', '.', join(base, 'friend.git'));
  seed.git('push', '-q', '-f', join(base, 'friend.git'), 'evil:main');
  seed.git('bundle', 'create', '-q', join(base, 'evil.bundle'), 'evil');
  for (const name of ['with-remote', 'without']) {
    const { sh } = shellAt(tempRepo({}, { at: join(base, name) }).dir);
    sh('git pull -q "$O" main');
    if (name === 'with-remote') sh('git remote add origin "$O" && git fetch -q origin main');
    sh('git checkout -qb work; echo b > b.txt; git add b.txt; git commit -qm work; printf "*~\\n" > .git/info/exclude');
  }
});
afterEach(() => {
  vi.unstubAllEnvs();
  for (const folder of folders.splice(0)) removeFolder(folder);
});
afterAll(() => removeFolder(base));

/** A clone on a branch of its own, and the shell in it; copied, which costs one process. */
function fresh(hasRemote: boolean): { repo: TempRepo; sh(command: string): string } {
  const at = tempDir();
  folders.push(at);
  cpSync(join(base, hasRemote ? 'with-remote' : 'without'), at, { recursive: true });
  return shellAt(at);
}

function shellAt(at: string): { repo: TempRepo; sh(command: string): string } {
  const env = {
    PATH: process.env['PATH'],
    HOME: at,
    ...gitVars,
    O: origin,
    E: join(base, 'evil.bundle'),
    F: join(base, 'friend.git'),
    P: planted,
  };
  const run = (program: string, args: string[]): string =>
    execFileSync(program, args, { cwd: at, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env });
  const repo: TempRepo = {
    dir: at,
    git: (...args) => run('git', args),
    write: (path, text) => {
      mkdirSync(dirname(join(at, path)), { recursive: true });
      writeFileSync(join(at, path), text);
      return join(at, path);
    },
    read: (path) => readFileSync(join(at, path), 'utf8'),
    remove: () => removeFolder(at),
  };
  return { repo, sh: (command) => run('sh', ['-ec', command]) };
}

const fetch = 'git fetch -q "$O" pull/5/head && ';
/** Each leaves the stranger's bytes in the working tree. */
const ways: Readonly<Record<string, string>> = {
  'checkout of everything': `${fetch}git checkout -q FETCH_HEAD -- .`,
  'checkout of a path, taken out of the index': `${fetch}git checkout -q FETCH_HEAD -- "$P" && git reset -q`,
  'checkout, detached': `${fetch}git checkout -q FETCH_HEAD`,
  'checkout of a branch': 'git fetch -q "$O" pull/5/head:pr && git checkout -q pr',
  'checkout of a path of a branch': 'git fetch -q "$O" pull/5/head:pr && git checkout -q pr -- .',
  'checkout, committed here': `${fetch}git checkout -q FETCH_HEAD -- . && git commit -qm mine`,
  'checkout, amended here': `${fetch}git checkout -q FETCH_HEAD -- . && git commit -q --amend -m mine`,
  // As a pull request made from a fork's main is checked out: its default branch becomes an ancestor of this one.
  'checkout of a remote’s default branch':
    'git remote add friend "$F" && git fetch -q friend && git checkout -qB pr friend/main',
  'merge of a remote’s default branch':
    'git remote add friend "$F" && git fetch -q friend && git merge -q --no-edit friend/main',
  'checkout of a remote’s default branch, known as such':
    'git remote add friend "$F" && git fetch -q friend && git remote set-head friend main && git checkout -qB pr friend/main',
  'cherry-pick': `${fetch}git cherry-pick FETCH_HEAD`,
  'cherry-pick, amended': `${fetch}git cherry-pick FETCH_HEAD && git commit -q --amend -m mine`,
  'cherry-pick -n': `${fetch}git cherry-pick -n FETCH_HEAD`,
  'cherry-pick -n, committed': `${fetch}git cherry-pick -n FETCH_HEAD && git commit -qm mine`,
  'squash merge': `${fetch}git merge -q --squash FETCH_HEAD`,
  'squash merge, committed': `${fetch}git merge -q --squash FETCH_HEAD && git commit -qm mine`,
  merge: `${fetch}git merge -q --no-edit FETCH_HEAD`,
  'merge without a commit': `${fetch}git merge -q --no-ff --no-commit FETCH_HEAD`,
  'merge undone, files kept': `${fetch}git merge -q --no-edit FETCH_HEAD && git reset -q --mixed HEAD~`,
  'merge undone, index kept': `${fetch}git merge -q --no-edit FETCH_HEAD && git reset -q --soft HEAD~`,
  'fast forward': `${fetch}git reset -q --hard main && git merge -q --ff-only FETCH_HEAD`,
  pull: 'git pull -q --no-rebase --no-edit "$O" pull/5/head',
  'pull with rebase': 'git pull -q --rebase "$O" pull/5/head',
  'rebase of ours onto it': `${fetch}git rebase -q FETCH_HEAD`,
  'rebase of it onto ours': `${fetch}git checkout -q FETCH_HEAD && git rebase -q work`,
  'restore into the working tree': `${fetch}git restore --source FETCH_HEAD --worktree -- .`,
  'restore into both': `${fetch}git restore --source FETCH_HEAD --staged --worktree -- .`,
  'hard reset': `${fetch}git reset -q --hard FETCH_HEAD`,
  'reset and back': `${fetch}git reset -q --hard FETCH_HEAD && git reset -q work@{1}`,
  'read-tree': `${fetch}git update-index -q --refresh; git read-tree -m -u HEAD FETCH_HEAD`,
  'checkout-index': `${fetch}git read-tree FETCH_HEAD && git checkout-index -qfa && git read-tree HEAD`,
  'one blob into the index': `${fetch}git update-index --add --cacheinfo 100644,$(git rev-parse "FETCH_HEAD:$P"),"$P" && git checkout-index -qf "$P"`,
  'show into a file': `${fetch}mkdir -p "$(dirname "$P")" && git show "FETCH_HEAD:$P" > "$P"`,
  'show into a file under another name': `${fetch}git show "FETCH_HEAD:$P" > "$(dirname "$P")/x.md"`,
  'archive of a commit': `${fetch}git archive FETCH_HEAD | tar x`,
  'diff of a commit, applied': `${fetch}git diff --binary HEAD...FETCH_HEAD | git apply`,
  'diff, applied to the index': `${fetch}git update-index -q --refresh; git diff --binary HEAD...FETCH_HEAD | git apply --index`,
  'mail of a commit': `${fetch}git format-patch -q --stdout HEAD..FETCH_HEAD | git am -q`,
  'stash and back': `${fetch}git checkout -q FETCH_HEAD -- . && git stash -q && git fetch -q "$O" main && git stash pop -q`,
  'stash of untracked files and back': `${fetch}git checkout -q FETCH_HEAD -- . && git reset -q && git stash -q -u && git fetch -q "$O" main && git stash pop -q`,
  'copy out of a worktree': `${fetch}git worktree add -q --detach .git/x~ FETCH_HEAD && cp -r .git/x~/.claude-mem . && git worktree remove -f .git/x~`,
  'checkout with other line ends': `${fetch}git config core.autocrlf true && git checkout -q FETCH_HEAD -- . && git reset -q`,
  'checkout with other line ends, for a while': `${fetch}echo '*.md text eol=crlf' > .gitattributes && git checkout -q FETCH_HEAD -- . && git reset -q && rm .gitattributes`,
  'stash of another': `${fetch}git checkout -q FETCH_HEAD -- . && git stash -q && git push -q "$O" stash@{0}:refs/heads/kept && git stash drop -q && git fetch -q "$O" kept && git stash apply -q FETCH_HEAD`,
  'revert of a revert': `${fetch}git cherry-pick FETCH_HEAD && git revert --no-edit HEAD && git revert --no-edit HEAD`,
  'merge of both sides’ lines': `${fetch}echo '*.md merge=union' > .git/info/attributes; sed -i s/Four/Vier/ "${known}"; git commit -qam z; git merge -q --no-commit --no-ff FETCH_HEAD`,
  'objects of another repository': `git clone -q --bare -s "$O" .git/alt.git && echo "$PWD/.git/alt.git/objects" > .git/objects/info/alternates && git read-tree $(git -C .git/alt.git rev-parse refs/pull/5/head) && git checkout-index -qfa && git read-tree HEAD`,
  bundle: 'git fetch -q "$E" evil && git checkout -q FETCH_HEAD -- .',
  'checkout, then renamed': `${fetch}git checkout -q FETCH_HEAD -- . && git mv "$P" "\${P%.md}.x.md"`,
  'checkout, hidden from git': `${fetch}git checkout -q FETCH_HEAD -- . && git update-index --assume-unchanged "$P"`,
  'a path of main before the record was edited away': `${fetch}git checkout -q FETCH_HEAD && git checkout -q -B work && rm "$P" && git commit -qam gone && git checkout -q HEAD~ -- "$P"`,
};
/** Every name by which git knew it is gone: the next fetch has taken FETCH_HEAD, the branch was deleted, the logs were cut. */
const forget =
  'git fetch -q "$O" main; [ "$(git branch --show-current)" = pr ] || git branch -qD pr 2>/dev/null || :; git reflog expire --expire=now --all; rm -f .git/ORIG_HEAD';

async function told(dir: string): Promise<string[]> {
  const memory = await openMemory(envAt(dir));
  const { assessed } = await readRecordSet(memory);
  return assessed.filter(({ trust }) => trust !== 'foreign').map(({ excerpt }) => excerpt.title);
}

const isFull = process.env['REPOMEM_TEST_FULL'] === '1';
/** Every way where git has forgotten the most; a third of them each in the other states. */
describe.each([
  ['with a remote, at once', true, ':', 1],
  ['with a remote, every name gone', true, forget, undefined],
  ['without a remote, every name gone', false, forget, 2],
])('a stranger’s record, %s,', (_, hasRemote, names, third) => {
  const chosen = Object.entries(ways).filter((_way, at) => isFull || third === undefined || at % 3 === third);
  it.each(chosen)('is not believed after: %s', async (_way, command) => {
    const { repo, sh } = fresh(hasRemote);
    sh(`${command}\n${names}`);
    const { assessed, byPath } = await readRecordSet(await openMemory(envAt(repo.dir)));
    const believed = assessed.filter(({ trust }) => trust !== 'foreign').map(({ excerpt }) => excerpt.title);
    expect(believed).not.toContain(mark);
    // What stands under a reviewed record's name may be the stranger's edit of it.
    if (repo.read(known).includes(mark)) expect(byPath.get(known)?.trust).toBe('foreign');
  });
});

it('stays foreign once it was seen, though git forgets that it ever held it', async () => {
  const { repo, sh } = fresh(true);
  sh(ways['checkout of a path, taken out of the index']!);
  expect(await told(repo.dir)).not.toContain(mark);
  sh('rm -f .git/FETCH_HEAD; git reflog expire --expire=now --all; git gc -q --prune=now');
  expect(() => sh('git cat-file -e "$(git hash-object "$P")"')).toThrow();
  expect(await told(repo.dir)).not.toContain(mark);
});

it('stays foreign where a filter of the user changed its bytes', async () => {
  const { repo, sh } = fresh(true);
  const config = repo.write(
    '.git/filters',
    '[filter "x"]\n\tsmudge = cat - .git/tail\n\tclean = grep -v ^smudged\n[core]\n\tattributesFile = .git/attributes\n',
  );
  repo.write('.git/tail', 'smudged\n');
  repo.write('.git/attributes', '*.md filter=x\n');
  vi.stubEnv('GIT_CONFIG_GLOBAL', config);
  sh(`${fetch}GIT_CONFIG_GLOBAL=.git/filters git checkout -q FETCH_HEAD -- . && git reset -q && ${forget}`);
  expect(repo.read(planted)).toContain('smudged');
  expect(await told(repo.dir)).not.toContain(mark);
});

it('stays foreign among many branches, whatever date it bears', async () => {
  const { repo, sh } = fresh(true);
  sh('for i in $(seq 1 210); do echo "create refs/heads/b$i HEAD"; done | git update-ref --stdin');
  sh(
    `${fetch}GIT_COMMITTER_DATE=1980-01-01T00:00:00Z git branch -q old "$(GIT_COMMITTER_DATE=1980-01-01T00:00:00Z git commit-tree -p main -m old FETCH_HEAD^{tree})"`,
  );
  sh('git checkout -q old -- . && git fetch -q "$O" main');
  expect(await told(repo.dir)).not.toContain(mark);
});

const mine = recordPath('c0000001', 'mine');
const title = 'Written by my own hand';
const text = recordFile({ id: 'c0000001', title });
const states: Readonly<Record<string, string>> = {
  untracked: ':',
  staged: 'git add -A',
  'staged and taken out again': 'git add -A && git reset -q',
  committed: 'git add -A && git commit -qm mine',
  'committed, then amended': 'git add -A && git commit -qm mine && git commit -q --amend -m better',
  'amended into a commit': 'git add -A && git commit -q --amend -m better',
  'committed, then rebased': 'git add -A && git commit -qm mine && git rebase -q --onto main~0 HEAD~1',
  'committed, then picked elsewhere':
    'git add -A && git commit -qm mine && git checkout -q -b other main && git cherry-pick work',
  'committed, then undone': 'git add -A && git commit -qm mine && git reset -q HEAD~',
  'in a merge of main':
    'git add -A && git commit -qm mine && git checkout -q main && git merge -q --no-ff --no-edit work',
};

describe('a record that the user wrote by hand', () => {
  it.each(Object.entries(states))('is believed, and named once: %s', async (_, command) => {
    const { repo, sh } = fresh(true);
    repo.write(mine, text);
    sh(command);
    expect(await told(repo.dir)).toContain(title);
    const paths = placeAt(repo.dir);
    expect(await newHandWritten(paths)).toContain(title);
    expect(await told(repo.dir)).toContain(title);
    expect(await newHandWritten(paths)).toEqual([]);
  });

  it.each([
    ['staged', 'git add -A'],
    ['committed', 'git commit -qam edit'],
  ])('is believed when it edits a reviewed one: %s', async (_, command) => {
    const { repo, sh } = fresh(true);
    repo.write(known, repo.read(known).replace('Reviewed words', title));
    sh(command);
    expect(await told(repo.dir)).toContain(title);
  });
});

it('an applied patch or an unpacked archive is named to the person at the next start and prompt', async () => {
  const { repo } = fresh(false);
  const call = (moment: HookCall['moment'], event: string, source: string): HookCall => ({
    event,
    moment,
    session: 's1',
    cwd: repo.dir,
    transcriptPath: '',
    source,
    prompt: 'what do the planted words of a stranger say',
    promptId: 'p',
    tool: '',
    toolUseId: '',
    toolPath: '',
    toolCommand: '',
    subagent: '',
  });
  const env = envAt(repo.dir);
  const paths = placeAt(repo.dir);
  const put = (path: string, words: string): void => {
    mkdirSync(dirname(join(repo.dir, path)), { recursive: true });
    writeFileSync(join(repo.dir, path), words);
  };
  put(planted, recordFile({ id: 'b0000888', title: mark }).replace(mark, `${mark}, unpacked`));
  const start = await answerCall(env, paths, call('start', 'SessionStart', 'startup'));
  expect(start?.message?.split('\n')).toContain(`repomem: 1 record written by hand: ${mark}, unpacked`);
  appendFileSync(join(repo.dir, known), `\n${mark}\n`);
  rmSync(join(repo.dir, planted));
  put(recordPath('b0000999'), recordFile({ id: 'b0000999', title: `${mark}, patched` }));
  const prompt = await answerCall(env, paths, call('prompt', 'UserPromptSubmit', ''));
  expect(prompt?.message).toMatch(/^repomem: 2 records written by hand: /m);
  const again = await answerCall(env, paths, call('prompt', 'UserPromptSubmit', ''));
  expect(again?.message ?? '').not.toContain('written by hand');
});

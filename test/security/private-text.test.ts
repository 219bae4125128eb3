// What a user marked as private, whatever way and wherever; who they are; what git ignores; what they paused.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { scriptedClient } from '../helpers/scripted-client.ts';
import { runCli } from '../helpers/built-cli.ts';
import { hostSession, shown } from '../helpers/host-session.ts';
import { leaksBelow, makeLeakFinder } from '../helpers/leaks.ts';
import { filesBelow, filesWith } from '../helpers/scan.ts';
import { giveMemory } from '../helpers/given-memory.ts';
import { removeFolder, tempDir, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach(removeFolder));

async function open(): Promise<{ home: string; repo: TempRepo; env: Record<string, string>; base: string }> {
  const base = tempDir();
  folders.push(base);
  const home = join(base, 'home/marlowe');
  const repo = tempRepo({ 'src/app.ts': 'export const a = 1;\n' }, { at: join(home, 'work/repo') });
  giveMemory(repo, home);
  return { home, repo, env: { USER: 'marlowe' }, base };
}

const recordText = (repo: TempRepo): string =>
  filesBelow(join(repo.dir, '.claude-mem'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');

const variants: Record<string, (text: string) => string> = {
  plain: (text) => `<private>${text}</private>`,
  nested: (text) => `<private>a<private>${text}</private> ${text}</private>`,
  unclosed: (text) => `<private>${text}`,
  upper: (text) => `<PRIVATE>${text}</Private>`,
  spaceAtEnd: (text) => `<private>${text}</private >`,
  spaces: (text) => `< private >${text}< / private >`,
  attributes: (text) => `<private reason="a > b">${text}</private>`,
  lineBreak: (text) => `<private\n>${text}</private\n>`,
  jsonEscapes: (text) => `\\u003cprivate\\u003e${text}\\u003c/private\\u003e`,
  escapedSlash: (text) => `<private>${text}<\\/private>`,
  entities: (text) => `&lt;private&gt;${text}&lt;/private&gt;`,
  numbers: (text) => `&#60;private&#62;${text}&#60;/private&#62;`,
  zeroWidth: (text) => `<pri\u200bvate>${text}</private>`,
  fullWidth: (text) => `\uff1cｐｒｉｖａｔｅ\uff1e${text}\uff1c\uff0fprivate\uff1e`,
  percent: (text) => `%3Cprivate%3E${text}%3C%2Fprivate%3E`,
};

/** Three to a session, which takes two turns through all hooks; what has no end hides all that follows, and is alone. */
const all = Object.entries(variants).map(([name, wrap]) => ({ name, wrap }));
const closed = all.filter(({ name }) => name !== 'unclosed');
const groups = [0, 3, 6, 9, 12].map((from) => closed.slice(from, from + 3));
groups.push(all.filter(({ name }) => name === 'unclosed'));

/** A word that stands nowhere else and that is no secret by its shape. */
const makeWord = (name: string): string =>
  createHash('sha256')
    .update(name)
    .digest('hex')
    .slice(0, 20)
    .replace(/\d/g, (digit) => 'ghijklmnop'.charAt(Number(digit)));

describe('private text', () => {
  it('is kept nowhere, in each of 15 spellings and in each of 8 places', async () => {
    const { home, repo, env, base } = await open();
    const client = scriptedClient(base);
    client.answer({ records: [] });
    const needles: { secret: string; label: string }[] = [];
    for (const [at, group] of groups.entries()) {
      const hidden = (paths: string): string =>
        group
          .map(({ name, wrap }) => {
            const secret = makeWord(`${name} ${paths}`);
            needles.push({ secret, label: `${name} in ${paths}` });
            return wrap(secret);
          })
          .join('\n');
      // Both who reads on this machine and a model are asked, in turn.
      const s = hostSession({
        repo: repo.dir,
        home,
        env: at % 2 === 0 ? env : { ...env, ...client.env },
      });
      await s.prompt(`Repair the check. From now on keep the limit of \`src/app.ts\` at 5. ${hidden('prompt')}`);
      await s.tool(
        'Bash',
        { command: `echo start\necho ${hidden('input')}`, description: hidden('description') },
        shown('ok'),
      );
      await s.tool('Bash', { command: 'npm start' }, shown(`ready\n${hidden('output')}`));
      await s.fail('Bash', { command: 'npm test' }, `Exit code 1\nError: refused\n${hidden('error')}`);
      const filePath = join(repo.dir, 'src/app.ts');
      const text = hidden('edit');
      const lines = ['-old', ...text.split('\n').map((line) => `+${line}`)];
      const structuredPatch = [{ oldStart: 1, oldLines: 1, newStart: 1, newLines: lines.length - 1, lines }];
      await s.tool(
        'Edit',
        { file_path: filePath, old_string: 'old', new_string: text },
        { filePath, structuredPatch, newString: text },
      );
      s.say(`I decided to keep the limit because callers wait for it. ${hidden('transcript')}`);
      await s.report(`The cause is the limit of 3. ${hidden('report')}`);
      await s.stop(`It failed because the limit was 3; it is 5 now and passes. ${hidden('end')}`);
      await s.prompt(hidden('wholly private prompt'));
      await s.tool('Bash', { command: 'ls' }, shown('the-turn-of-a-private-prompt'));
      s.say('I decided the-turn-of-a-private-prompt must go because it is private.');
      await s.stop('the-turn-of-a-private-prompt is done.');
      await s.end();
      expect((await runCli(['compress'], { cwd: repo.dir, home, env })).code).toBe(0);
    }
    needles.push({ secret: 'the-turn-of-a-private-prompt', label: 'the turn of a private prompt' });
    const find = makeLeakFinder(needles);
    expect(find(`x ${needles[0]?.secret} y`)).toEqual([needles[0]?.label]);
    expect(leaksBelow(home, find, (path) => path === join(home, '.claude'))).toEqual([]);
    expect(find(readFileSync(client.calls, 'utf8'))).toEqual([]);
    expect(recordText(repo)).toContain('limit');
  });
});

describe('who somebody is', () => {
  it('stays out: addresses, the name of the user, the home directory, what lies outside of the repository', async () => {
    const { home, repo, env } = await open();
    const s = hostSession({ repo: repo.dir, home, env });
    await s.prompt(
      `From now on \`src/mail.ts\` lets mails of philip.marlowe@bigsleep.org pass, for marlowe and /home/vivian/cases. Why are they refused?`,
    );
    await s.fail(
      'Bash',
      { command: `cat ${home}/notes/cases/sternwood.txt` },
      `Exit code 1\ncat: ${home}/notes/cases/sternwood.txt: No such file or directory\n/home/vivian/cases: denied`,
    );
    await s.tool('Read', { file_path: `${home}/notes/cases/sternwood.txt` }, { type: 'text', file: { content: 'x' } });
    await s.stop(
      `Mails of philip.marlowe@bigsleep.org are refused because ${home}/notes/cases/sternwood.txt is missing; I decided that marlowe must restore /home/vivian/cases rather than skip it.`,
    );
    await s.end();
    expect((await runCli(['compress'], { cwd: repo.dir, home, env })).code).toBe(0);
    const text = recordText(repo);
    expect(text).toContain('src/mail.ts');
    for (const told of ['bigsleep', 'marlowe', 'vivian', home]) expect(text, told).not.toContain(told);
    const find = makeLeakFinder([
      { secret: 'philip.marlowe@bigsleep.org', label: 'address' },
      { secret: '/home/vivian', label: 'another home' },
    ]);
    expect(leaksBelow(join(repo.dir, '.git/repomem'), find)).toEqual([]);
    expect(filesWith(join(repo.dir, '.git/repomem'), `${home}/notes`)).toEqual([]);
  });

  it('stays out of what a person writes down by hand', async () => {
    const { home, repo, env } = await open();
    const run = await runCli(
      [
        'add',
        `Ask philip.marlowe@bigsleep.org about ${home}/notes`,
        '--body',
        'marlowe knows. <private>the code is 7</private>',
      ],
      { cwd: repo.dir, home, env },
    );
    expect(run.code, run.stderr).toBe(0);
    const text = recordText(repo);
    expect(text).toContain('about');
    for (const told of ['bigsleep', home, 'the code is 7']) expect(text, told).not.toContain(told);
  });
});

describe('files that nobody is to read', () => {
  it('are never shown: ignored, excluded and secret ones, and what commands print of them', async () => {
    const { home, repo, env } = await open();
    repo.write('.gitignore', 'build/\n*.local\n');
    repo.write('.claude-mem/ignore', 'finance/\n');
    repo.write('.env', 'SERVICE_CODE=Tr0mbone-Kettle-77\n');
    repo.git('add', '-A');
    const s = hostSession({ repo: repo.dir, home, env });
    const word = (n: number): string => makeWord(`word ${n}`);
    const filePaths = [
      'build/out.js',
      'app.local',
      'finance/salaries.csv',
      '.env',
      'id_rsa',
      '.npmrc',
      'certs/server.pem',
    ];
    await s.prompt(
      'Repair the build. From now on the service takes its code from `.env` and never has Tr0mbone-Kettle-77 in `src/app.ts`.',
    );
    for (const [at, path] of filePaths.entries()) {
      const filePath = join(repo.dir, path);
      const content = `const x = '${word(at)}';`;
      const structuredPatch = [{ oldStart: 1, oldLines: 0, newStart: 1, newLines: 1, lines: [`+${content}`] }];
      await s.tool('Write', { file_path: filePath, content }, { type: 'create', filePath, content, structuredPatch });
      await s.tool('Read', { file_path: filePath }, { type: 'text', file: { filePath, content } });
      await s.tool('Bash', { command: `cat ${path}` }, shown(content));
      await s.tool('Bash', { command: `cat ./${path} | head -3` }, shown(content));
    }
    for (const command of ['env', 'printenv', 'export -p', 'gh auth token', 'kubectl get secret db -o yaml', 'set'])
      await s.tool('Bash', { command }, shown(`PLAIN=${word(90)}`));
    await s.fail('Bash', { command: 'npm test' }, 'Exit code 1\nError: bad code Tr0mbone-Kettle-77 given');
    await s.stop('The build failed because the service got Tr0mbone-Kettle-77; I decided to read it from the file.');
    await s.end();
    expect((await runCli(['compress'], { cwd: repo.dir, home, env })).code).toBe(0);
    const find = makeLeakFinder([
      ...[...filePaths.keys(), 90].map((n) => ({
        secret: word(n),
        label: filePaths[n] ?? 'a command that prints secrets',
      })),
      { secret: 'Tr0mbone-Kettle-77', label: 'a value of .env' },
    ]);
    expect(leaksBelow(join(repo.dir, '.git/repomem'), find)).toEqual([]);
    expect(leaksBelow(join(repo.dir, '.claude-mem'), find)).toEqual([]);
    expect(recordText(repo)).toContain('service');
  });

  it('has nothing of a session that was paused', async () => {
    const { home, repo, env } = await open();
    const s = hostSession({ repo: repo.dir, home, env });
    await s.prompt('Say something about the weather of today.');
    expect((await runCli(['pause'], { cwd: repo.dir, home, env })).code).toBe(0);
    await s.prompt('The unspeakable-thing must be decided now.');
    await s.tool('Bash', { command: 'echo unspeakable-thing' }, shown('unspeakable-thing'));
    await s.stop('I decided unspeakable-thing because it is better than the other.');
    expect((await runCli(['resume'], { cwd: repo.dir, home, env })).code).toBe(0);
    await s.prompt('Which limit do we take?');
    await s.fail('Bash', { command: 'npm test' }, 'Exit code 1\nError: refused');
    await s.stop('I decided to take a limit of five rather than ten, because ten holds the queue for minutes.');
    await s.end();
    expect((await runCli(['compress'], { cwd: repo.dir, home, env })).code).toBe(0);
    const find = makeLeakFinder([{ secret: 'unspeakable-thing', label: 'paused' }]);
    expect(leaksBelow(join(repo.dir, '.git/repomem'), find)).toEqual([]);
    expect(recordText(repo)).toMatch(/five/);
    expect(recordText(repo)).not.toContain('unspeakable');
  });
});

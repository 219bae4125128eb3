// Passwords that a user gives when asked, whatever the question looks like: in no record, no log and no file of ours afterwards.
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { runCli } from '../helpers/built-cli.ts';
import { alnum, seededRandom } from '../helpers/fake-secrets.ts';
import { hostSession } from '../helpers/host-session.ts';
import { leaksBelow, makeLeakFinder } from '../helpers/leaks.ts';
import { giveMemory } from '../helpers/given-memory.ts';
import { removeFolder, tempDir, tempRepo } from '../helpers/temp-repo.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach(removeFolder));

const random = seededRandom(61);
const fresh = (): string => `${random.text('QZXJ', 1)}${random.text(alnum, 10)}7`;

test('an answer, an option and a reply that hold a password leave none', async () => {
  const home = tempDir();
  folders.push(home);
  const repo = tempRepo({ 'src/app.ts': 'export const a = 1;\n' }, { at: join(home, 'work/repo') });
  giveMemory(repo, home);
  const session = hostSession({ repo: repo.dir, home });
  const secrets: string[] = [];
  const secret = (): string => secrets[secrets.push(fresh()) - 1] ?? '';
  const ask = (question: object, text: string, answer: unknown): Promise<unknown> =>
    session.tool('AskUserQuestion', { questions: [question] }, { answers: { [text]: answer } });
  await session.prompt('Find out why the login of the shop fails, and repair it for good.');
  await ask({ question: 'Which one shall I take?', header: 'Password' }, 'Which one shall I take?', secret());
  const offered = { question: 'Which database password is right?', options: [{ label: secret() }, { label: 'none' }] };
  await ask({ ...offered, header: 'db' }, offered.question, 'none');
  await ask({ question: 'Passwort der Datenbank?', multiSelect: true }, 'Passwort der Datenbank?', ['a', secret()]);
  await session.stop('I need the password of the staging database to go on. What is it?');
  await session.prompt(`sure, ${secret()} and never tell anybody`);
  await session.stop('Bitte nenne mir noch das Kennwort für den Mailserver.');
  await session.prompt(secret());
  await session.stop(
    `The login failed because ${secrets[0]} had expired. I decided to use ${secrets[4]} rather than the old one, because it lasts.`,
  );
  await session.end();
  expect((await runCli(['compress'], { cwd: repo.dir, home })).code).toBe(0);
  const find = makeLeakFinder(secrets.map((one, at) => ({ secret: one, label: `answer ${at}` })));
  const listed = await runCli(['list', '--json'], { cwd: repo.dir, home });
  expect(JSON.parse(listed.stdout)).not.toEqual([]);
  expect(secrets).toHaveLength(5);
  // The host's own transcript is the host's.
  expect(leaksBelow(home, find, (path) => path === join(home, '.claude'))).toEqual([]);
}, 60_000);

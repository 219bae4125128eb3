// Doctor: problems on this machine and in this repository, with remedies.
import { spawnSync } from 'node:child_process';
import { constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { readLog } from '../capture/error-log.ts';
import { countNotKept } from '../capture/notices.ts';
import { readPauses } from '../capture/pauses.ts';
import { listSpool } from '../capture/spool.ts';
import { listElsewhere } from '../curate/adopt.ts';
import type { Env } from '../domain/env.ts';
import { messageOf, RepomemError } from '../domain/errors.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { runGit } from '../git/run/runner.ts';
import { reviewsAnything } from '../git/state/reviewed-trees.ts';
import { findMemoryHere, openMemory, type Memory } from '../memory/open.ts';
import { readRecordSet } from '../memory/records.ts';
import { isAccessible, readTextOrEmpty } from '../store/lenient-files.ts';
import { findings, note, ok, problem, type Finding } from './doctor-finding.ts';
import { checkMerges } from './doctor-merges.ts';
import { checkMeaning, checkProvider } from './doctor-models.ts';
import { checkSharing } from './doctor-sharing.ts';
import { checkGitHooks } from './git-hooks.ts';
import { checkHosts } from './hosts-here.ts';
import { isPluginHere, programName } from './machine.ts';
import { countFiles } from './status.ts';

const dayMs = 86_400_000;
const oldEventMs = 15 * 60_000;
const nodeCure = 'put Node 20.19 or newer first on the PATH that the agent has';

export async function diagnose(env: Env): Promise<Finding[]> {
  const machine = checkMachine(env);
  let paths: MemoryPaths;
  try {
    paths = findMemoryHere(env);
  } catch (error) {
    return [...machine, note(messageOf(error), error instanceof RepomemError ? error.hint : undefined)];
  }
  const memory = await openMemory(env, paths);
  return findings(
    ...machine,
    ...checkPauses(paths),
    checkHooks(env, paths),
    ...(await checkHosts(env, paths)),
    checkCommitHook(paths),
    checkGit(memory),
    ...checkSharing(paths),
    ...checkSpool(env, paths),
    ...checkDisk(paths),
    ...(await checkProvider(memory)),
    ...(await checkMeaning(memory)),
    ...(await checkRecords(memory)),
    ...checkLogs(env, paths),
  );
}

function checkMachine(env: Env): Finding[] {
  const git = runGit(env.cwd || '/', ['--version']);
  const isBuilt = existsSync(join(env.packageDir, 'dist/main.js'));
  return findings(
    ok(`repomem ${env.version} on Node ${process.versions.node}`),
    git.ok ? ok(git.stdout.trim()) : problem('git does not run', 'install git, or put it on the PATH'),
    !isBuilt && problem(`${env.packageDir}: the bundle is missing`, 'npm run build, or install again'),
    checkNode(),
  );
}

/** Checks the `node` that hooks will run, which may differ from this one: a version manager's shim, or an old version. */
function checkNode(): Finding | false {
  const { status, stdout } = spawnSync('node', ['--version'], { encoding: 'utf8' });
  if (status !== 0) return problem('no node on the PATH that starts: the hooks only keep what happens', nodeCure);
  const [major = 0, minor = 0] = stdout.replace(/^v/, '').split('.').map(Number);
  const isNew = major > 20 || (major === 20 && minor >= 19);
  return !isNew && problem(`the node on the PATH is ${stdout.trim()}; the hooks need 20.19 or newer`, nodeCure);
}

/** Checks for the plugin in the client's own files, or hooks in the repository's settings. */
function checkHooks(env: Env, { root }: MemoryPaths): Finding {
  const isPlugin = isPluginHere(env);
  const texts = ['settings.json', 'settings.local.json'].map((name) => readTextOrEmpty(join(root, '.claude', name)));
  const isInSettings = texts.some((text) => /repomem-(?:hook|capture)\.sh/.test(text));
  if (isPlugin && isInSettings)
    return note(
      'the hooks stand in the plugin and in .claude/settings.json; events are kept once',
      'repomem init --undo and init without --hooks leave one of them',
    );
  if (isPlugin) return ok('the plugin is installed');
  if (isInSettings) return ok('the hooks stand in .claude/settings.json');
  return note(
    'the plugin is not installed for this user',
    `${programName(env)} install (or start the client with --plugin-dir)`,
  );
}

function checkPauses(paths: MemoryPaths): Finding[] {
  return readPauses(paths)
    .filter(({ to }) => to === undefined)
    .map(({ session, from }) => {
      const whose = session === undefined ? 'every session here' : `session ${session}`;
      const since = from.slice(0, 16).replace('T', ' ');
      return note(`${whose} is paused since ${since} UTC: nothing is remembered`, 'repomem resume');
    });
}

/** Checks git's own hook. */
function checkCommitHook(paths: MemoryPaths): Finding | false {
  const state = checkGitHooks(paths);
  if (state === undefined)
    return (
      paths.worktree !== undefined &&
      note('no git hook takes the records along with a commit', 'repomem install-git-hooks; by hand: repomem stage')
    );
  const { folder, isRun, by = 'another program' } = state;
  if (isRun) return ok(`git's pre-commit hook in ${folder} takes the records along`);
  return problem(
    `git's pre-commit hook in ${folder} no longer runs repomem: ${by} wrote it, or it is gone or not executable`,
    'repomem install-git-hooks puts the lines back',
  );
}

function checkGit({ snapshot, paths }: Memory): Finding {
  const { problem: refusal, defaultRef, defaultChosenBy } = snapshot;
  if (!paths.worktree) return note('no git here: nothing is shared, everything counts as your own');
  if (refusal) return problem(`git refuses this repository: ${refusal}`, 'git status says more');
  if (defaultRef && reviewsAnything(snapshot))
    return ok(`reviewed is what stands in ${defaultRef} (${defaultChosenBy})`);
  return note('no default branch was found: nothing counts as reviewed', 'repomem settings trust.defaultBranch NAME');
}

function checkSpool(env: Env, paths: MemoryPaths): Finding[] {
  const waiting = listSpool(paths);
  const oldest = Math.min(...waiting.map((file) => file.mtimeMs));
  const isOld = waiting.length > 0 && env.now().getTime() - oldest > oldEventMs;
  const count = `${waiting.length} events wait`;
  const deadFolder = join(paths.spoolDir, 'dead');
  const dead = countFiles(deadFolder);
  const setAside = `${dead} events were set aside in ${deadFolder}; the reason stands beside each`;
  const lost = countNotKept(env, paths);
  const notKept = `${lost} events were not kept: the spool or the disk was full, or read-only`;
  const failed = readTextOrEmpty(join(paths.privateDir, 'node-failed')).trim();
  return findings(
    isOld ? problem(`${count}, the oldest since ${new Date(oldest).toISOString()}`, 'repomem compress') : ok(count),
    dead > 0 && problem(setAside, 'repomem compress --retry-dead'),
    lost > 0 && problem(notKept, 'make room, then repomem compress'),
    failed !== '' &&
      problem(`hooks could not start Node: ${failed}`, `${nodeCure}; the next session start takes this line away`),
  );
}

function checkDisk({ memoryDir, privateDir }: MemoryPaths): Finding[] {
  return [memoryDir, privateDir]
    .filter((folder) => existsSync(folder) && !isAccessible(folder, constants.W_OK))
    .map((folder) => problem(`${folder} cannot be written`, 'check its owner, and whether the disk is read-only'));
}

async function checkRecords(memory: Memory): Promise<Finding[]> {
  const recordSet = await readRecordSet(memory);
  const foreign = recordSet.assessed.filter(({ trust }) => trust === 'foreign').length;
  const waiting = listElsewhere(recordSet).length;
  const what = `${foreign} records came from elsewhere and are not reviewed: sessions are not told of them`;
  const cure =
    'merge them, or repomem trust ID; of a remote that is the project itself: repomem settings trust.remotes NAME';
  return findings(
    ok(`${recordSet.assessed.length} records can be read`),
    ...[...memory.problems, ...recordSet.problems].map(({ path, line, reason }) =>
      problem(`${path}${line ? `:${line}` : ''}: ${reason}`, 'mend the file, or delete it'),
    ),
    foreign > 0 && note(what, cure),
    waiting > 0 &&
      note(
        `${waiting} records wait on other branches: sessions here are not told of them`,
        'commit them there; repomem adopt lists them and moves them to this branch',
      ),
    ...checkMerges(memory, recordSet),
  );
}

function checkLogs(env: Env, paths: MemoryPaths): Finding[] {
  const since = new Date(env.now().getTime() - dayMs).toISOString();
  const cure = `see ${join(paths.privateDir, 'log')}`;
  return ['hook', 'compress'].flatMap((name) =>
    readLog(paths, name, 5)
      .filter((line) => line > since)
      .map((line) => problem(`${name}.log: ${line.slice(0, 300)}`, cure)),
  );
}

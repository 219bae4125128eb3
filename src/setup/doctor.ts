// Doctor: problems on this machine and in this repository, with remedies.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readLog } from '../capture/error-log.ts';
import { countNotKept } from '../capture/not-kept.ts';
import { readPauses } from '../capture/pauses.ts';
import { listSpool } from '../capture/spool.ts';
import type { Env } from '../domain/env.ts';
import { isTrusted } from '../domain/excerpt.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { reviewsAnything } from '../git/state/reviewed-trees.ts';
import { usualNames } from '../git/state/default-branch.ts';
import { runGit, runIn } from '../git/run/runner.ts';
import { cleanLine } from '../privacy/invisible.ts';
import { findMemory, startFolders } from '../store/locate.ts';
import { openMemory, type Memory } from '../memory/open.ts';
import { checkMeaning } from './doctor-meaning.ts';
import { checkSharing } from './doctor-sharing.ts';
import { checkProvider } from './doctor-provider.ts';
import type { Finding } from './doctor-finding.ts';
import { checkGitHooks } from './git-hooks.ts';
import { checkHosts } from './hosts-here.ts';
import { isPluginHere, programName } from './program-name.ts';
import { countFiles } from './status.ts';
import { readRecordSet, type RecordSet } from '../memory/records.ts';

const dayMs = 86_400_000;
const oldEventMs = 15 * 60_000;

export async function diagnose(env: Env): Promise<Finding[]> {
  const findings = [...checkMachine(env)];
  const paths = findMemory(startFolders(env.cwd, env.vars), env.home);
  if (!paths) {
    findings.push({ level: 'note', what: 'no memory in this folder', cure: 'repomem init gives this repository one' });
    return findings;
  }
  const memory = await openMemory(env, paths);
  findings.push(
    ...checkPauses(paths),
    ...checkHooks(env, paths),
    ...(await checkHosts(env, paths)),
    ...checkCommitHook(paths),
  );
  findings.push(...checkGit(memory), ...checkSharing(paths), ...checkSpool(env, paths), ...checkDisk(paths));
  findings.push(...(await checkProvider(memory)), ...(await checkMeaning(memory)));
  findings.push(...(await checkRecords(memory)), ...checkLogs(env, paths));
  return findings;
}

function checkMachine(env: Env): Finding[] {
  const findings: Finding[] = [{ level: 'ok', what: `repomem ${env.version} on Node ${process.versions.node}` }];
  const version = runGit(env.cwd || '/', ['--version']);
  findings.push(
    version.ok
      ? { level: 'ok', what: version.stdout.trim() }
      : { level: 'problem', what: 'git does not run', cure: 'install git, or put it on the PATH' },
  );
  if (!existsSync(join(env.packageDir, 'dist/main.js')))
    findings.push({
      level: 'problem',
      what: `${env.packageDir}: the bundle is missing`,
      cure: 'npm run build, or install again',
    });
  findings.push(...checkNode());
  return findings;
}

/** Checks the `node` that hooks will run, which may differ from this one: a version manager's shim, or an old version. */
function checkNode(): Finding[] {
  const cure = 'put Node 20.19 or newer first on the PATH that the agent has';
  try {
    const version = execFileSync('node', ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
    if (major > 20 || (major === 20 && minor >= 19)) return [];
    return [{ level: 'problem', what: `the node on the PATH is ${version}; the hooks need 20.19 or newer`, cure }];
  } catch {
    return [{ level: 'problem', what: 'no node on the PATH that starts: the hooks only keep what happens', cure }];
  }
}

/** Checks for the plugin in the client's own files, or hooks in the repository's settings. */
function checkHooks(env: Env, paths: MemoryPaths): Finding[] {
  const isPlugin = isPluginHere(env);
  const isInSettings = /repomem-(?:hook|capture)\.sh/.test(
    readText(join(paths.root, '.claude/settings.json')) + readText(join(paths.root, '.claude/settings.local.json')),
  );
  if (isPlugin && isInSettings)
    return [
      {
        level: 'note',
        what: 'the hooks stand in the plugin and in .claude/settings.json; events are kept once',
        cure: 'repomem init --undo and init without --hooks leave one of them',
      },
    ];
  if (isPlugin || isInSettings)
    return [{ level: 'ok', what: isPlugin ? 'the plugin is installed' : 'the hooks stand in .claude/settings.json' }];
  return [
    {
      level: 'note',
      what: 'the plugin is not installed for this user',
      cure: `${programName(env)} install (or start the client with --plugin-dir)`,
    },
  ];
}

function checkPauses(paths: MemoryPaths): Finding[] {
  return readPauses(paths)
    .filter(({ to }) => to === undefined)
    .map(({ session, from }) => ({
      level: 'note',
      what: `${session === undefined ? 'every session here' : `session ${session}`} is paused since ${from.slice(0, 16).replace('T', ' ')} UTC: nothing is remembered`,
      cure: 'repomem resume',
    }));
}

/** Checks git's own hook. */
function checkCommitHook(paths: MemoryPaths): Finding[] {
  const state = checkGitHooks(paths);
  if (state === undefined)
    return paths.worktree === undefined
      ? []
      : [
          {
            level: 'note',
            what: 'no git hook takes the records along with a commit',
            cure: 'repomem install-git-hooks; by hand: repomem stage',
          },
        ];
  if (state.isRun) return [{ level: 'ok', what: `git's pre-commit hook in ${state.folder} takes the records along` }];
  return [
    {
      level: 'problem',
      what: `git's pre-commit hook in ${state.folder} no longer runs repomem: ${state.by ?? 'another program'} wrote it, or it is gone or not executable`,
      cure: 'repomem install-git-hooks puts the lines back',
    },
  ];
}

function checkGit({ snapshot, paths }: Memory): Finding[] {
  if (!paths.worktree)
    return [{ level: 'note', what: 'no git here: nothing is shared, everything counts as your own' }];
  if (snapshot.problem)
    return [
      { level: 'problem', what: `git refuses this repository: ${snapshot.problem}`, cure: 'git status says more' },
    ];
  if (!snapshot.defaultRef || !reviewsAnything(snapshot))
    return [
      {
        level: 'note',
        what: 'no default branch was found: nothing counts as reviewed',
        cure: 'repomem settings trust.defaultBranch NAME',
      },
    ];
  return [{ level: 'ok', what: `reviewed is what stands in ${snapshot.defaultRef} (${snapshot.defaultChosenBy})` }];
}

function checkSpool(env: Env, paths: MemoryPaths): Finding[] {
  const waiting = listSpool(paths);
  const oldest = Math.min(...waiting.map((file) => file.mtimeMs));
  const findings: Finding[] = [];
  if (waiting.length > 0 && env.now().getTime() - oldest > oldEventMs)
    findings.push({
      level: 'problem',
      what: `${waiting.length} events wait, the oldest since ${new Date(oldest).toISOString()}`,
      cure: 'repomem compress',
    });
  else findings.push({ level: 'ok', what: `${waiting.length} events wait` });
  const dead = countFiles(join(paths.spoolDir, 'dead'));
  if (dead > 0)
    findings.push({
      level: 'problem',
      what: `${dead} events were set aside in ${join(paths.spoolDir, 'dead')}; the reason stands beside each`,
      cure: 'repomem compress --retry-dead',
    });
  const lost = countNotKept(env, paths);
  if (lost > 0)
    findings.push({
      level: 'problem',
      what: `${lost} events were not kept: the spool or the disk was full, or read-only`,
      cure: 'make room, then repomem compress',
    });
  const failed = readText(join(paths.privateDir, 'node-failed')).trim();
  if (failed !== '')
    findings.push({
      level: 'problem',
      what: `hooks could not start Node: ${failed}`,
      cure: 'put Node 20.19 or newer first on the PATH that the agent has; the next session start takes this line away',
    });
  return findings;
}

function checkDisk(paths: MemoryPaths): Finding[] {
  const folders = [paths.memoryDir, paths.privateDir].filter((folder) => existsSync(folder));
  return folders.flatMap((folder): Finding[] => {
    try {
      accessSync(folder, constants.W_OK);
      return [];
    } catch {
      return [
        {
          level: 'problem',
          what: `${folder} cannot be written`,
          cure: 'check its owner, and whether the disk is read-only',
        },
      ];
    }
  });
}

async function checkRecords(memory: Memory): Promise<Finding[]> {
  const recordSet = await readRecordSet(memory);
  const problems = [...memory.problems, ...recordSet.problems].map(({ path, line, reason }): Finding => ({
    level: 'problem',
    what: `${path}${line ? `:${line}` : ''}: ${reason}`,
    cure: 'mend the file, or delete it',
  }));
  const foreign = recordSet.assessed.filter(({ trust }) => trust === 'foreign').length;
  if (foreign > 0)
    problems.push({
      level: 'note',
      what: `${foreign} records came from elsewhere and are not reviewed: sessions are not told of them`,
      cure: [
        ...mergedRemotes(memory).map(
          (remote) => `repomem settings trust.remotes ${remote} if that is the project itself`,
        ),
        'merge them, or repomem trust ID',
      ].join('; else '),
    });
  problems.push(...checkWaiting(recordSet));
  const { checkMerges } = await import('./doctor-merges.ts');
  return [
    { level: 'ok', what: `${recordSet.assessed.length} records can be read` },
    ...problems,
    ...checkMerges(memory, recordSet),
  ];
}

/**
 * Other remotes whose default branch is part of this one. A fork's parent looks like this, and so does a stranger's pull request that
 * was checked out, so a person has to decide.
 */
function mergedRemotes({ paths, snapshot }: Memory): string[] {
  const isNew = snapshot.defaultRef === undefined ? [] : [`--no-merged=${snapshot.defaultRef}`];
  const args = ['for-each-ref', '--format=%(refname:lstrip=2)', '--merged=HEAD', ...isNew, 'refs/remotes'];
  const names = [snapshot.defaultBranch, ...usualNames];
  const found = runIn(paths, args).stdout.split('\n');
  return [...new Set(found.filter((ref) => names.some((name) => ref.endsWith(`/${name}`))).map(dirname))];
}

/** Uncommitted records of other branches: they are kept, but sessions here do not get them. */
function checkWaiting(recordSet: RecordSet): Finding[] {
  const counts = new Map<string, number>();
  for (const { excerpt, trust, isHere } of recordSet.assessed) {
    if (isHere || !isTrusted(trust) || excerpt.type === 'session') continue;
    const branch = excerpt.branch ?? 'a branch without a name';
    counts.set(branch, (counts.get(branch) ?? 0) + 1);
  }
  return [...counts].map(([branch, count]) => ({
    level: 'note',
    what: `${count} ${count === 1 ? 'record waits' : 'records wait'} on ${cleanLine(branch, 100)}, where ${count === 1 ? 'it was' : 'they were'} made: sessions here are not told of ${count === 1 ? 'it' : 'them'}`,
    cure: 'commit them on that branch, or repomem adopt ID moves one to this branch',
  }));
}

function checkLogs(env: Env, paths: MemoryPaths): Finding[] {
  const since = new Date(env.now().getTime() - dayMs).toISOString();
  return ['hook', 'compress'].flatMap((name) =>
    readLog(paths, name, 5)
      .filter((line) => line > since)
      .map((line): Finding => ({
        level: 'problem',
        what: `${name}.log: ${line.slice(0, 300)}`,
        cure: `see ${join(paths.privateDir, 'log')}`,
      })),
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

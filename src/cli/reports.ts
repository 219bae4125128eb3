// How the memory stands: contents and setup, costs, problems.
import { cleanLine } from '../privacy/invisible.ts';
import { diagnose } from '../setup/doctor.ts';
import { memoryStats, memoryStatus } from '../setup/status.ts';
import { countOf, defineCommand } from './command.ts';

const gitHookTexts = {
  installed: 'each commit takes the records along',
  replaced: 'another program took their place: repomem install-git-hooks puts them back',
  none: 'none; repomem install-git-hooks has each commit take the records along',
} as const;

const statusCommand = defineCommand({
  usage: 'status',
  options: {},
  async run({ open, print, answer }) {
    const status = await memoryStatus(await open());
    const { root, records, context, spool, git, gitHooks, provider, pauses, problems } = status;
    const { shared, local, sessions, forgotten, foreign, elsewhere, uncommitted } = records;
    const branch = git.branch ?? (git.head && 'detached');
    const reviewed = git.defaultRef ? `reviewed is what stands in ${git.defaultRef}` : 'no branch counts as reviewed';
    const noBranch =
      git.refusal === undefined
        ? 'no git: there is no review here, everything counts as your own'
        : print.warn('git refuses this repository, so nothing counts as reviewed; repomem doctor says why');
    const indent = ' '.repeat(11);
    return answer(status, () => {
      const lines = [
        print.bold(root),
        `records    ${shared} shared, ${local} local, ${sessions} session ${sessions === 1 ? 'summary' : 'summaries'}, ${forgotten} forgotten`,
        foreign > 0 && print.warn(`${indent}${foreign} unreviewed from elsewhere, not shown to sessions`),
        elsewhere > 0 && `${indent}${elsewhere} belong to other branches`,
        uncommitted > 0 && `${indent}${uncommitted} shared not committed yet: repomem stage, or git add .claude-mem`,
        `branch     ${branch ? `${branch}; ${reviewed}` : noBranch}`,
        `block      ${context.tokens} tokens a session: ${context.shown} of ${countOf(context.total, 'record')}`,
        gitHooks && `git hooks  ${gitHookTexts[gitHooks]}`,
        `provider   ${provider.name}: ${provider.why}`,
        provider.hint && `${indent}${provider.hint}`,
        provider.waiting > 0 &&
          `${indent}${countOf(provider.waiting, 'session')} wait for it until they end; now: repomem compress`,
        ...pauses.map(({ session, from }) => {
          const whose = session === undefined ? 'every session here' : `session ${cleanLine(session, 40)}`;
          const since = from.slice(0, 16).replace('T', ' ');
          return print.warn(`paused     ${whose} since ${since} UTC: nothing is remembered; repomem resume ends it`);
        }),
        `waiting    ${countOf(spool.events, 'event')}${spool.dead > 0 ? `, ${spool.dead} set aside (repomem compress --retry-dead)` : ''}`,
      ];
      print.out(lines.filter(Boolean).join('\n'));
      for (const { path, reason } of problems.slice(0, 5)) print.err(print.warn(cleanLine(`${path}: ${reason}`)));
      if (problems.length > 5) print.err(`… ${problems.length - 5} more: repomem doctor`);
    });
  },
});

const number = (value: number): string => value.toLocaleString('en-US');

const statsCommand = defineCommand({
  usage: 'stats [--days N]',
  details: 'Tokens of models as their endpoints count them; tokens of texts are characters divided by four.',
  options: { days: { type: 'number', min: 1, describe: 'newest days to list (14)' } },
  async run({ open, answer }, { days }) {
    const stats = await memoryStats(await open(), { days });
    const { provider, total, today, made, session } = stats;
    return answer(stats, [
      `provider   ${provider.name}: ${provider.why}`,
      `models     ${number(total.requests)} requests, ${number(total.tokensIn)} tokens in, ${number(total.tokensOut)} out`,
      `today      ${number(today.tokens)} tokens${today.cap > 0 ? ` of ${number(today.cap)} (tokens.maxPerDay)` : ''}`,
      ...stats.days.map(
        (one) =>
          `  ${one.day}  ${one.provider}  ${number(one.requests)} requests, ${number(one.tokensIn)} in, ${number(one.tokensOut)} out`,
      ),
      made.length > 0 ? 'records' : 'records    none',
      ...made.map(
        ({ by, records, tokens }) => `  ${number(records)} ${by}${tokens > 0 ? `, ${number(tokens)} tokens` : ''}`,
      ),
      `session    the index costs ${number(session.block)} tokens (${session.shown} of ${session.total} records); reading everything would cost ${number(session.everything)}; the MCP server's instructions and tools cost ${number(session.mcp)} (${number(session.mcpBytes)} bytes)`,
    ]);
  },
});

const doctorCommand = defineCommand({
  usage: 'doctor',
  details:
    'Checks the installation, the hooks, the spool, the last errors and every record, and says what to do about each.',
  options: {},
  async run({ env, print, answer }) {
    const findings = await diagnose(env);
    const marks = { ok: 'ok  ', note: 'note', problem: print.warn('BAD ') };
    return answer(
      { findings },
      findings.flatMap(({ level, what, cure }) => [
        `${marks[level]} ${cleanLine(what)}`,
        cure && `     ${print.dim(`→ ${cure}`)}`,
      ]),
      findings.some(({ level }) => level === 'problem') ? 1 : 0,
    );
  },
});

export const commands = { status: statusCommand, stats: statsCommand, doctor: doctorCommand };

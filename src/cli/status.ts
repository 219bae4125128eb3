import { jsonOption, type Command } from './command.ts';
import { memoryStatus } from '../setup/status.ts';
import { openMemory } from '../memory/open.ts';
import { countOf } from './count-of.ts';
import { cleanLine } from '../privacy/invisible.ts';

const gitHookTexts = {
  installed: 'each commit takes the records along',
  replaced: 'another program took their place: repomem install-git-hooks puts them back',
  none: 'none; repomem install-git-hooks has each commit take the records along',
} as const;

export const command: Command = {
  usage: 'status',
  maxWords: 0,
  options: { json: jsonOption },
  async run({ env, print }, values) {
    const status = await memoryStatus(await openMemory(env));
    if (values['json']) {
      print.json(status);
      return 0;
    }
    const { records, spool, git } = status;
    print.out(`${print.bold(status.root)}`);
    print.out(
      `records    ${records.shared} shared, ${records.local} local, ${records.sessions} session ${records.sessions === 1 ? 'summary' : 'summaries'}, ${records.forgotten} forgotten`,
    );
    if (records.foreign > 0)
      print.out(print.warn(`           ${records.foreign} unreviewed from elsewhere, not shown to sessions`));
    if (records.elsewhere > 0) print.out(`           ${records.elsewhere} belong to other branches`);
    if (records.uncommitted > 0)
      print.out(`           ${records.uncommitted} shared not committed yet: repomem stage, or git add .claude-mem`);
    print.out(
      `branch     ${git.branch ?? (git.head ? 'detached' : 'no git: there is no review here, everything counts as your own')}${git.defaultRef ? `; reviewed is what stands in ${git.defaultRef}` : git.branch || git.head ? '; no branch counts as reviewed' : ''}`,
    );
    print.out(
      `block      ${status.context.tokens} tokens a session: ${status.context.shown} of ${status.context.total} records`,
    );
    if (status.gitHooks) print.out(`git hooks  ${gitHookTexts[status.gitHooks]}`);
    print.out(`provider   ${status.provider.name}: ${status.provider.why}`);
    if (status.provider.hint) print.out(`           ${status.provider.hint}`);
    const { waiting } = status.provider;
    if (waiting > 0)
      print.out(`           ${countOf(waiting, 'session')} wait for it until they end; now: repomem compress`);
    for (const { session, from } of status.pauses)
      print.out(
        print.warn(
          `paused     ${session === undefined ? 'every session here' : `session ${cleanLine(session, 40)}`} since ${from.slice(0, 16).replace('T', ' ')} UTC: nothing is remembered; repomem resume ends it`,
        ),
      );
    print.out(
      `waiting    ${countOf(spool.events, 'event')}${spool.dead > 0 ? `, ${spool.dead} set aside (repomem compress --retry-dead)` : ''}`,
    );
    for (const problem of status.problems.slice(0, 5))
      print.err(print.warn(cleanLine(`${problem.path}: ${problem.reason}`)));
    if (status.problems.length > 5) print.err(`… ${status.problems.length - 5} more: repomem doctor`);
    return 0;
  },
};

// Events → the prepared session. Pure; the same events give the same session.
import type { Event } from '../../domain/event.ts';
import { isTyped } from '../../agents/event-keys.ts';
import { isNotice, typedPrompt } from '../../agents/machine-text.ts';
import { checkOf, oneLine, readCommand } from './command-results.ts';
import { goneNames } from './gone-names.ts';
import { followEdits } from './net-edits.ts';
import type { Check, Committed, EndState, PreparedSession, Ran, Step, Turn } from './prepared-session.ts';
import { changedPaths } from './work-tree.ts';

/** Texts are whole but for what capture has cut; budgets are the reader's business. */
export function prepareSession(events: readonly Event[]): PreparedSession {
  const kept = dropTakenBack(events);
  const turns = readTurns(kept);
  linkPasses(turns);
  return { turns, end: endOf(turns, kept) };
}

/**
 * Events without the turns that were taken back. Of two prompts that follow the same message, everything from the earlier one up
 * to the later one is gone; one that follows none begins anew, unless the host compacted what was before.
 */
function dropTakenBack(events: readonly Event[]): Event[] {
  let kept: Event[] = [];
  for (const event of events) {
    const follows = event.kind === 'prompt' ? event.follows : undefined;
    if (follows !== undefined) {
      const first = kept.findIndex((earlier) => isBranch(earlier, follows));
      if (first >= 0) kept = kept.slice(0, first);
    }
    if (event.kind === 'summary') kept = kept.map(forgetRoot);
    kept.push(event);
  }
  return kept;
}

function isBranch(event: Event, follows: string): boolean {
  return event.kind === 'prompt' && (event.follows === follows || (follows === '' && event.follows === undefined));
}

/** What a compaction closed is not what a later beginning takes back. */
function forgetRoot(event: Event): Event {
  return event.kind === 'prompt' ? { ...event, follows: 'compacted' } : event;
}

function readTurns(events: readonly Event[]): Turn[] {
  const turns: Turn[] = [];
  let turn: Turn | undefined;
  /** Commands that the user typed between two turns: the later one begins with them. */
  let typed: Step[] = [];
  let begun = 0;
  const open = (prompt: string): Turn => {
    turn = { number: turns.length + 1, prompt, steps: typed, closing: '' };
    begun = typed.length;
    typed = [];
    turns.push(turn);
    return turn;
  };
  // What the agent answers to a notice of the host's, until it does something about it or says more than it had told the user.
  let answer: Step[] | undefined;
  for (const event of events) {
    if (event.subagent !== undefined && event.kind === 'text') continue;
    if (event.kind === 'prompt') {
      answer = isNotice(event.text) ? [] : undefined;
      const prompt = typedPrompt(event.text);
      // A hook and the transcript may both tell it.
      if (prompt !== '' && (prompt !== turn?.prompt || turn.steps.length > begun)) open(prompt);
      continue;
    }
    const steps = stepsOf(event);
    if (steps.length === 0) continue;
    if (isTyped(event.key)) typed.push(...steps);
    else if (answer !== undefined && event.kind === 'text' && event.text.length <= closingLength(turn))
      answer.push(...steps);
    else {
      (turn ?? open('')).steps.push(...(answer ?? []), ...steps);
      answer = undefined;
    }
  }
  // What the user typed at the end comes after the last answer; without one the prompt is still open.
  const last = turns.at(-1);
  if (last !== undefined && last.steps.at(-1)?.kind !== 'said') last.steps.push(...typed);
  else if (typed.length > 0) open('');
  for (const each of turns) takeClosing(each);
  return turns;
}

function closingLength(turn: Turn | undefined): number {
  const last = turn?.steps.at(-1);
  return last?.kind === 'said' ? last.text.length : 0;
}

/** The last text of a turn is its closing where no deed follows it: a turn that stops at a tool call has none. */
function takeClosing(turn: Turn): void {
  const last = turn.steps.findLastIndex(({ kind }) => kind !== 'held' && kind !== 'summary' && kind !== 'aborted');
  const step = turn.steps[last];
  if (step?.kind !== 'said') return;
  // Broken off, unless the host says that the turn had ended.
  if (step.isFinal !== true && turn.steps.slice(last).some(({ kind }) => kind === 'aborted')) return;
  turn.closing = step.text;
  turn.steps.splice(last, 1);
}

function stepsOf(event: Event): Step[] {
  switch (event.kind) {
    case 'text':
      return hostNotice.test(event.text.trim()) ? [] : [{ kind: 'said', text: event.text, isFinal: event.isFinal }];
    case 'answer': {
      const { question, answer, subject = '', why = '', others = [] } = event;
      return [{ kind: 'answered', subject, question, chosen: answer, why, notChosen: others }];
    }
    case 'verdict':
      if (event.on === 'turn')
        return event.verdict === 'refused' ? [{ kind: 'held', reason: event.reason }] : [{ kind: 'aborted', what: '' }];
      if (event.on === 'plan')
        return [{ kind: 'plan', verdict: event.verdict === 'approved' ? 'approved' : 'refused', reason: event.reason }];
      return event.reason === ''
        ? [{ kind: 'aborted', what: oneLine(event.what) }]
        : [{ kind: 'refused', what: oneLine(event.what), reason: event.reason }];
    case 'command':
      if (event.command.trim() === '') return [];
      return [readCommand(event), ...(event.commit ? [readCommit(event.commit)] : [])];
    case 'edit':
      // A file outside of the repository and the home is a scratch file.
      return event.ok && !event.path.startsWith('…/')
        ? [{ kind: 'edit', path: event.path, isNew: event.created, hunks: event.hunks }]
        : [];
    case 'report':
      return [{ kind: 'report', description: event.description, text: event.text }];
    case 'summary':
      return [{ kind: 'summary', text: event.text }];
    default:
      return [];
  }
}

/** What the host says in the agent's place when the agent cannot answer. */
const hostNotice =
  /^(?:API Error\b|You've hit your limit\b|No response requested\.?$|Claude usage limit reached|Prompt is too long)/;

const trailer = /^(?:Co-authored-by|Signed-off-by|Reviewed-by|Change-Id|Generated-by):|^🤖 |^Generated with /i;

function readCommit({ message, id }: { message: string; id?: string }): Committed {
  const [subject = '', ...rest] = message.trim().split('\n');
  const body = rest
    .filter((line) => !trailer.test(line.trim()))
    .join('\n')
    .trim();
  return { kind: 'commit', subject: subject.trim(), body, id };
}

/** Notes at each failed command the turn in which the same whole command passed later. */
function linkPasses(turns: readonly Turn[]): void {
  const open = new Map<string, Ran[]>();
  for (const turn of turns)
    for (const step of turn.steps) {
      if (step.kind !== 'ran' || step.unproven !== undefined) continue;
      const failed = open.get(step.command) ?? [];
      if (!step.ok) open.set(step.command, [...failed, step]);
      else {
        for (const each of failed) each.passedIn = turn.number;
        open.delete(step.command);
      }
    }
}

function endOf(turns: readonly Turn[], events: readonly Event[]): EndState {
  const trail = followEdits();
  const last = new Map<string, Check & { ok: boolean; at: number }>();
  const editedAt = new Map<string, number>();
  let at = 0;
  let tree: EndState['tree'];
  const failed: string[] = [];
  for (const turn of turns)
    for (const step of turn.steps) {
      at++;
      if (step.kind === 'edit') {
        trail.edit(step);
        editedAt.set(step.path, at);
        tree = undefined;
      } else if (step.kind === 'commit') {
        trail.commit();
        tree = undefined;
      } else if (step.kind === 'ran') {
        const changed = changedPaths(step);
        if (changed !== undefined) {
          trail.see(changed);
          tree = { changed, turn: turn.number };
        }
        if (step.ok) {
          trail.stage(step.command);
          const back = new Set([...trail.putBack(step.command), ...leftovers(step.command, failed)]);
          if (back.size > 0) step.putBack = [...back];
        } else if (step.unproven === undefined) failed.push(step.command);
        const check = checkOf(step.command);
        if (step.unproven !== undefined || check === '') continue;
        last.delete(check);
        last.set(check, { command: step.command, ok: step.ok, line: step.line, turn: turn.number, at });
      }
    }
  const files = trail.net();
  const checks = [...last.values()];
  const passedAt = Math.max(0, ...checks.filter(({ ok }) => ok).map((check) => check.at));
  const edits = turns.flatMap(({ steps }) => steps.filter((step) => step.kind === 'edit'));
  const told = (isOk: boolean): Check[] =>
    checks.filter(({ ok }) => ok === isOk).map(({ command, line, turn }) => ({ command, line, turn }));
  return {
    isAnswered: turns.at(-1)?.closing !== '',
    files,
    untested: files.map(({ path }) => path).filter((path) => (editedAt.get(path) ?? 0) > passedAt),
    passed: told(true),
    failing: told(false),
    openTasks: openTasks(events),
    gone: goneNames(edits),
    tree,
    reverted: trail.reverted().filter((path) => !files.some((file) => file.path === path)),
  };
}

/** What a failed command was to make and a later one removes. */
function leftovers(command: string, failed: readonly string[]): string[] {
  const removed = /(?:^|[;&|]\s*)rm\s+(?:-\w+\s+)*([^;&|]+)/.exec(command)?.[1] ?? '';
  return removed
    .split(/\s+/)
    .map((word) => word.replace(/^["'./]+|["'/]+$/g, ''))
    .filter((path) => path.length > 2 && failed.some((each) => each.includes(path)));
}

/** Where the host tells whole lists, only the last one; else each task by its last status. */
function openTasks(events: readonly Event[]): string[] {
  const last = new Map<string, { subject: string; list: string | undefined; isOpen: boolean }>();
  let list: string | undefined;
  for (const event of events) {
    if (event.kind !== 'task') continue;
    const key = event.id ?? event.subject;
    const subject = event.subject === '' ? (last.get(key)?.subject ?? '') : event.subject;
    list = event.list ?? list;
    const isOpen = event.status === 'pending' || event.status === 'in_progress';
    last.set(key, { subject, list: event.list, isOpen });
  }
  return [...last.values()]
    .filter((task) => task.isOpen && task.subject !== '' && (task.list === undefined || task.list === list))
    .map(({ subject }) => subject);
}

// What a command's result proves, and the line of its output that tells it.
import type { CommandEvent } from '../../domain/event.ts';
import type { Ran } from './prepared-session.ts';
import { changedPaths } from './work-tree.ts';

/** A pipe's exit code is its last command's, unless the shell was told otherwise. */
const pipesResult = /(?<!\|)\|(?!\|)/;
const keepsCode = /\bpipefail\b|PIPESTATUS/;
const swallowsCode = /\|\|\s*(?:true|:|echo\b)|;\s*(?:true|echo\b[^;&|]*|exit 0)\s*$/;

/** A single `&`, none of `&&`, `>&` and `&>`: what stands before it was only started. */
const started = /(?<![&><|])&(?![&>])/;
/** Asks a program about itself, or has it do nothing. */
const runsNothing = /\s--(?:help|version|dry-run|collect-only|list-?tests)\b/i;

const failing =
  /\b[1-9]\d* (?:failed|failing|failures?|errors?)\b|# fail [1-9]|\bFAILED\b|^(?:FAIL|not ok)\b|^\s*(?:✗|✕|✖)|\bTraceback\b|\b(?:[A-Z]\w*)?(?:Error|Exception)\b[:\]]|\berror(?:\[\w+\])?:/m;
const passing =
  /\b\d+ (?:tests? )?(?:passed|passing)\b|\bTests?:?\s+\d+ passed|# pass \d+|^OK\b|\bRan \d+ tests?\b|\b(?:all|0) (?:checks|tests) pass|\b0 (?:errors|failures|failed)\b|test result: ok/im;

const noTestRan =
  /\b0 (?:tests? )?(?:passed|passing)\b|\bno tests? (?:ran|found|to run|collected)\b|\bRan 0 tests\b|\bcollected 0 items\b|# pass 0\b/i;
const testsRan = /\b[1-9]\d* (?:tests? )?(?:passed|passing)\b|# pass [1-9]|\bRan [1-9]\d* tests?\b/i;

/** Programs that judge the work: what they say last is worth telling. */
const check =
  /\b(?:tests?|check|lint|build|typecheck|verify|specs?|pytest|unittest|vitest|jest|mocha|rspec|phpunit|clippy|dialyzer|credo|mypy|tsc|ruff|eslint|oxlint|gradlew?|mvn|bench)\b/;
const noCheck = /^(?:git|cd|ls|cat|echo|grep|rg|sed|head|tail|mkdir|rm|cp|mv|find|curl|gh|which)\b/;
/** Programs that say something when tests pass. */
const testRun =
  /\b(?:vitest|jest|pytest|mocha|rspec|phpunit|unittest|(?:npm|pnpm|yarn|bun|go|cargo|mix|dotnet|swift|deno|node) (?:run )?(?:-\S+ )*tests?)\b/;
const installs =
  /\b(?:npm|pnpm|yarn|bun|pip3?|uv|poetry|cargo|gem|bundle|apt(?:-get)?|brew|mix|go|composer|dotnet) (?:ci|i|install|add|get|deps\.get|fetch|update|restore)\b/;

export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Parts of a command line in their order, without changes of folder. */
export function partsOf(command: string): string[] {
  return command
    .split(/&&|\|\||;|\n/)
    .map((part) => part.trim())
    .filter((part) => part !== '' && !/^(?:cd|export|set|source|\.)\s/.test(part));
}

/** What a command line checks with, without folder, redirections and filters: the same check may be run in several dresses. */
export function checkOf(command: string): string {
  const inner = /\s-(?:l?c|Command)\s+(["'])([\s\S]+)\1/.exec(command)?.[2];
  if (inner !== undefined) return checkOf(inner);
  const part = partsOf(command).findLast(
    (each) => check.test(withoutQuoted(each)) && !noCheck.test(each) && !installs.test(each) && !runsNothing.test(each),
  );
  return part === undefined
    ? ''
    : oneLine(part.replace(/\s*(?<!\|)\|(?!\|)[\s\S]*$/, '').replace(/\s*\d?>{1,2}\s?(?:&\d|\S+)/g, ''));
}

/** A quoted argument is text. */
function withoutQuoted(part: string): string {
  return part.replace(/"[^"]*"|'[^']*'/g, '""');
}

/** Whether the shell went on without waiting for the check. */
function isOnlyStarted(command: string): boolean {
  const [last = '', ...before] = withoutQuoted(command).split(started).toReversed();
  return before.length > 0 && checkOf(last) === '';
}

/** Its failing and passing say something about the code: neither git nor the network of a package manager. */
export function judgesCode(command: string): boolean {
  return !/(?:^|[\s;&|(])git\s/.test(command) && !installs.test(command);
}

export function readCommand(event: CommandEvent): Ran {
  const ran: Ran = {
    kind: 'ran',
    command: oneLine(event.command),
    ok: event.ok,
    line: event.ok ? passedLine(event.output) : failureLine(event.output),
    output: event.output,
  };
  if (event.unproven !== undefined) return { ...ran, unproven: event.unproven };
  if (event.ok && isOnlyStarted(event.command)) return { ...ran, unproven: 'background' };
  if (event.ok && noTestRan.test(event.output) && !testsRan.test(event.output)) return { ...ran, unproven: 'masked' };
  const changed = changedPaths(ran);
  if (changed !== undefined) return { ...ran, line: tellTree(changed) };
  if (event.ok && event.output.trim() === '' && testRun.test(checkOf(event.command)))
    return { ...ran, unproven: 'masked' };
  const isMasked =
    event.ok &&
    (swallowsCode.test(event.command) || (pipesResult.test(event.command) && !keepsCode.test(event.command)));
  if (!isMasked) return ran;
  if (failing.test(event.output)) return { ...ran, ok: false, line: failureLine(event.output) };
  return passing.test(event.output) ? ran : { ...ran, unproven: 'masked' };
}

/** Of the paths that differ from the last commit. */
export function tellTree(changed: readonly string[]): string {
  return changed.length === 0 ? 'working tree clean' : clipLine(`not committed: ${changed.join(', ')}`);
}

function linesOf(output: string): string[] {
  return output.split('\n').flatMap((line) => {
    const text = line.trim();
    return noise.test(text) || !/\p{L}{2}/u.test(text) ? [] : [text];
  });
}

const noise =
  /^(?:Exit code \d+|TAP version|\[…|\[interrupted\]|---|\.\.\.|at\s|File "|Traceback|node:|Node\.js v|npm (?:ERR|error)|>\s|E$|# Subtest|ok \d|duration_ms|location|stack|failureType|code)|:\s*[|>]-?$/;

/** First the error's own line, then what a runner calls failed, then the first line that says anything. */
export function failureLine(output: string): string {
  const lines = linesOf(output);
  const named = lines.filter((line) =>
    /^(?:[\w.]+\.)?[A-Z]\w*(?:Error|Exception)\b.{0,40}:|^E\s{2,}|^(?:error|fatal|panic)\b|^Error:/.test(line),
  );
  const told =
    named.at(/^Traceback/m.test(output) ? -1 : 0) ??
    lines.find((line) => /^(?:error|Error):|\b(?:expected|assert\w*)\b.*\S/i.test(line)) ??
    lines.find((line) => /\b(?:error|exception|panicked|FAIL(?:ED)?|not ok)\b|^[✗✕✖]/i.test(line)) ??
    lines[0];
  const next = told === undefined || !/[:：]$/.test(told) ? undefined : lines[lines.indexOf(told) + 1];
  return clipLine([told ?? '', next ?? ''].join(' '));
}

export function passedLine(output: string): string {
  return clipLine(linesOf(output).findLast((line) => passing.test(line)) ?? '');
}

function clipLine(line: string): string {
  const text = oneLine(line);
  return text.length <= 240 ? text : text.slice(0, 240).replace(/\s+\S*$/, '');
}

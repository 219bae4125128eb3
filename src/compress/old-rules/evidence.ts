// What commands prove: which one checks something, whether it passed, the line that decides, and which failure a later run cured.
import type { CommandEvent, Event } from '../../domain/event.ts';
import { clip } from './words.ts';

const checking =
  /\b(?:test|tests|spec|rspec|pytest|unittest|jest|vitest|mocha|ava|phpunit|ctest|lint|eslint|oxlint|ruff|flake8|pylint|mypy|pyright|clippy|credo|dialyzer|check|compile|build|tsc|typecheck|verify|validate|fmt|format|make|gradle|gradlew|mvn|cargo|go (?:test|vet|build)|dotnet|swift|xcodebuild|terraform (?:plan|validate)|bench|shellcheck|bash -n)\b/i;
const looking =
  /^\s*(?:ls|cat|head|tail|grep|rg|find|fd|sed -n|awk|wc|tree|pwd|echo|which|file|stat|less|jq|curl|man|git (?:status|log|diff|show|branch|remote|ls-files|blame))\b/;
const failing =
  /\b[1-9]\d* (?:\w+ ){0,2}(?:failures?|failed|errors?|problems?)\b|\bFAILED\b|\bFAIL\b|Traceback \(most recent|^\s*(?:error|fatal|panic)(?:\[\w+\])?:|npm ERR!|\berror TS\d+|Compilation error|\(\w*(?:Error|Exception)\)|Total errors: [1-9]|exit(?:ed with)? (?:code|status) [1-9]/m;
const passing =
  /\b0 (?:\w+ )?(?:failures?|failed|errors?|problems?)\b|\b(?:all )?(?:\d+ )?(?:tests? )?pass(?:ed|ing)\b|\bfound no issues\b|^OK\b|\bSuccess(?:ful(?:ly)?)?\b|Total errors: 0|test result: ok|✓|\bno (?:issues|errors|problems) found\b/im;
const decisive =
  /\w*(?:Error|Exception)\b|\b(?:error|fatal|panic\w*|failed|failure|timed? ?out|overflow|out of \w+|assert\w*|cannot|can't|could not|undefined|not found|denied|unexpected|invalid|missing|mismatch|unknown|unreachable|never|violat\w+|rejected|refused|required|no such|ignored|not (?:formatted|defined|allowed|supported))\b|^\*\* \(|^\S+\.\w+:\d+(?::\d+)?: \S/i;
const counts = /^.*\b\d+ (?:\w+ ){0,2}(?:tests?|specs?|examples?|passed|passing|assertions?)\b.*$/gim;

export interface Failure {
  at: number;
  command: string;
  signature: string;
  /** The line of the output that says what went wrong. */
  line: string;
  /** Index of the event in which the same check passed, after edits. */
  curedAt?: number;
  /** Paths edited in between. */
  editedPaths: string[];
}

/** The command as a person would quote it: no redirections, pagers, folders or here-documents. */
export function quoteCommand(command: string): string {
  if (/\bgit\b.*\bcommit\b/.test(command)) return 'git commit';
  const main = command
    .split('\n')[0]!
    .replace(/^\s*cd\s+\S+\s*(?:&&|;)\s*/, '')
    .replace(/\s*\d?>&?\s*\S+|\s*2>&1/g, '')
    .replace(/\|\|.*$/, '')
    .replace(/(?<!\|)\|(?!\|).*$/, '')
    .trim();
  return clip(main, 110);
}

function signatureOf(command: string): string {
  if (/\bgit\b.*\bcommit\b/.test(command)) return 'git commit';
  const parts = quoteCommand(command).split(/&&|;/);
  const part = parts.findLast((one) => checking.test(one)) ?? parts[0] ?? '';
  return part
    .trim()
    .split(/\s+/)
    .filter((word) => !word.startsWith('-') && !/[/.]\w/.test(word))
    .slice(0, 3)
    .join(' ');
}

export function isLooking(event: CommandEvent): boolean {
  return event.ok && looking.test(event.command) && !event.commit;
}

/** Whether a check passed or failed; a pipe into `tail` hides the exit code, so the output is asked too. */
export function verdictOf(event: CommandEvent): 'pass' | 'fail' | undefined {
  if (!event.ok) return 'fail';
  if (event.commit || looking.test(event.command)) return undefined;
  const fails = failing.test(event.output.replace(/\b0 (?:\w+ ){0,2}(?:failures?|failed|errors?|problems?)\b/gi, ''));
  if (fails) return checking.test(event.command) ? 'fail' : undefined;
  if (passing.test(event.output) || checking.test(event.command)) return 'pass';
  return undefined;
}

/** The one line of a failing output that a colleague would quote; '' when none stands out. */
export function decisiveLine(output: string): string {
  const lines = output
    .split(/\n|\\n/)
    .map((line) => line.replace(/^[\s│┃|>×✗✘•*]+/u, '').trim())
    .filter((line) => line.length > 5 && line.length < 400);
  let best = '';
  let bestScore = 0;
  lines.forEach((line, index) => {
    if (!decisive.test(line) || /^exit code \d+$/i.test(line)) return;
    if (!/\s/.test(line) && !/(?:Error|Exception)/.test(line)) return;
    let score = line.length < 14 ? 0.4 : 1;
    if (/\b\w+(?:Error|Exception)\b/.test(line)) score += 2;
    if (/^(?:\*\* \(|error|fatal|E\s{2,}|panic|AssertionError)/i.test(line)) score += 1.5;
    if (/^\S+\.\w+:\d+(?::\d+)?: \S+ \S/.test(line)) score += 0.8;
    if (/[`'"][^`'"]+[`'"]|\w+\.\w+|\w+_\w+/.test(line)) score += 0.5;
    if (/\bat .*:\d+|^File "|stacktrace|warnings? (?:were )?emitted|^Total|^Fix these|^Run '/i.test(line)) score -= 1.5;
    if (line.startsWith('Traceback') || /^hint:/i.test(line)) score -= 2;
    score += index / (lines.length * 10);
    if (score > bestScore)
      [best, bestScore] = [/[:：]$/.test(line) ? `${line} ${lines[index + 1] ?? ''}`.trim() : line, score];
  });
  return bestScore >= 1 ? clip(best.replace(/\s+/g, ' '), 200) : '';
}

function lastLine(output: string): string {
  return output.trimEnd().split('\n').at(-1)?.trim() ?? '';
}

/** The line with the numbers of a passing test run. */
export function countsLine(output: string): string {
  const lines = output.match(counts) ?? [];
  return clip((lines.at(-1) ?? '').replace(/^[=\s-]+|[=\s-]+$/g, '').trim(), 120);
}

/** Failing checks of a session in order, each with the run that cured it. */
export function findFailures(events: readonly Event[]): Failure[] {
  const failures: Failure[] = [];
  const open = new Map<string, Failure[]>();
  let edits: { at: number; path: string }[] = [];
  events.forEach((event, at) => {
    if (event.kind === 'edit' && event.ok) edits.push({ at, path: event.path });
    if (event.kind !== 'command') return;
    const signature = signatureOf(event.command);
    const verdict = verdictOf(event);
    if (verdict === 'fail') {
      const line = decisiveLine(event.output) || clip(failing.exec(event.output)?.[0] ?? lastLine(event.output), 160);
      if (line === '') return;
      const failure: Failure = { at, command: quoteCommand(event.command), signature, line, editedPaths: [] };
      failures.push(failure);
      open.set(signature, [...(open.get(signature) ?? []), failure]);
    } else if (verdict === 'pass' || event.commit || (event.ok && open.has(signature))) {
      for (const failure of open.get(signature) ?? []) {
        const between = edits.filter((edit) => edit.at > failure.at && edit.at < at);
        if (between.length === 0) continue;
        failure.curedAt = at;
        failure.editedPaths = [...new Set(between.map((edit) => edit.path))];
      }
      open.delete(signature);
      if (open.size === 0) edits = [];
    }
  });
  return failures;
}

/** Error lines that appear although the run passed: noise that will puzzle the next reader. */
export function noiseLines(event: CommandEvent): string[] {
  if (verdictOf(event) !== 'pass') return [];
  const lines = event.output.split('\n').filter((line) => /\[error\]|\berror\b.*\b[45]\d\d\b/i.test(line));
  return [...new Set(lines.map(squeezeError))].sort((a, b) => b.length - a.length).slice(0, 1);
}

/** A long error line: its start and the last message quoted in it. */
function squeezeError(raw: string): string {
  const line = raw.replace(/^\d\d:\d\d:\d\d[.\d]*\s*/, '').trim();
  if (line.length <= 200) return line;
  const quoted =
    [...line.matchAll(/(?:message|reason|error|detail)\W{1,8}([A-Za-z][^"\\{}]{10,140})/gi)].findLast((match) =>
      /\w+ \w+ \w+/.test(match[1] ?? ''),
    )?.[1] ?? '';
  return quoted === '' ? clip(line, 200) : `${quoted} (${clip(line, 90)})`;
}

/** Files that `git status` still lists as changed, when it is the last word on them. */
export function leftoverFiles(event: CommandEvent): string[] {
  if (!/\bgit status\b/.test(event.command)) return [];
  const found = [
    ...event.output.matchAll(/^\s*(?:modified|new file|deleted|renamed):\s+(.+)$|^[ MADRC?]{1,2}\s+([^\s].*)$/gm),
  ];
  return found
    .map((match) => (match[1] ?? match[2] ?? '').trim())
    .filter((path) => /^[\w./@-]+$/.test(path) && /[./]/.test(path));
}

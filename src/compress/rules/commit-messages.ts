// Commits that say why, as their messages stand.
import type { ObservationType } from '../../domain/types.ts';
import type { Committed } from '../session/prepared-session.ts';
import type { Timeline } from './session-order.ts';

const conventional = /^(\w+)(?:\([^)]*\))?!?:\s+/;
const types: Readonly<Record<string, ObservationType>> = {
  feat: 'feature',
  fix: 'bugfix',
  perf: 'feature',
  refactor: 'refactor',
  docs: 'change',
  test: 'change',
  build: 'change',
  ci: 'change',
  chore: 'change',
  style: 'change',
  security: 'security',
};
export function readSubject(subject: string): { type: ObservationType; text: string } {
  const match = conventional.exec(subject);
  const known = match?.[1] !== undefined && Object.hasOwn(types, match[1]) ? types[match[1]] : undefined;
  return known === undefined
    ? { type: 'change', text: subject }
    : {
        type: known,
        text: subject.slice(match![0].length).replace(/^\p{Ll}(?=[\p{Ll}']*(?:\s|$))/u, (first) => first.toUpperCase()),
      };
}

/** The body of a commit that says why, of what stands; undefined where it says nothing that stands. */
export function commitText(commit: Committed, timeline: Timeline): string | undefined {
  if (commit.body === '') return undefined;
  const at = timeline.stepAt(commit);
  return commit.body
    .split(/\n(?=\s*[-*] |\s*\n)/)
    .filter((part) => !timeline.isUndone(part, at))
    .join('\n')
    .replace(/([^\n])\n(?=[^\n\s*-])/g, '$1 ');
}

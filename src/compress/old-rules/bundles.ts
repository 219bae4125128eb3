// What was said together: a commit message, the reason of a closed task, the items below one parent, the sentences of one paragraph.
// Its author put it together, so it may be read together.
import type { Statement } from './statements.ts';

export interface Bundle {
  /** In the order in which they were said. */
  statements: Statement[];
  best: Statement;
}

/** Headings that name what stands below them: a file, a task, a part; not `Changes`. */
const isNaming = (section: string): boolean => /[`/_:]|\w\.\w|[a-z][A-Z]|\d/.test(section) && section.length < 90;

/** The same for statements that were said together. */
export function bundleKey(statement: Statement): string {
  const { source, at, lead, block, section, detail } = statement;
  if (source === 'commit' || source === 'reason') return `${source} ${at}`;
  if (source === 'answer' || statement.knownIn !== undefined) return `own ${statement.order} ${statement.text}`;
  if (detail === 'in-vain') return `in-vain ${at} ${lead}`;
  if (lead !== '') return `${source} ${at} ${lead}`;
  if (source === 'closing' && isNaming(section)) return `${source} ${at} § ${section}`;
  // What is said between two steps is short: one thought.
  return `${source} ${at} ${source === 'text' ? '' : block} ${source === 'prompt' ? statement.order : ''}`;
}

export function bundleStatements(statements: readonly Statement[]): Bundle[] {
  const bundles = new Map<string, Statement[]>();
  for (const statement of statements) {
    const key = bundleKey(statement);
    const mates = bundles.get(key);
    if (mates === undefined) bundles.set(key, [statement]);
    else mates.push(statement);
  }
  return [...bundles.values()].map((mates) => {
    mates.sort((a, b) => a.at - b.at || a.order - b.order);
    const subject = mates.find(({ detail }) => detail === 'subject');
    return { statements: mates, best: subject ?? mates.toSorted((a, b) => b.score - a.score)[0]! };
  });
}

/** How much a bundle has to tell: its best, and a little for everything else. */
export function worthOf({ statements, best }: Bundle): number {
  return best.score + 0.25 * (statements.length - 1) + (best.detail === 'subject' ? 10 : 0);
}

// Statements as Markdown: what was said together is a paragraph or one line, everything else a list. Nobody shall read an argument where
// there was none.
import { bundleKey } from './bundles.ts';
import { splitSentences } from './sentences.ts';
import type { Statement } from './statements.ts';
import { clip } from './words.ts';

export const endStop = (text: string): string => (/[.!?…:。！？]$/u.test(text) ? text : `${text}.`);

/** One line of a list: sentences of one paragraph, or the children of one parent behind it. */
interface Line {
  key: string;
  lead: string;
  text: string;
}

function linesOf(statements: readonly Statement[]): Line[] {
  const lines: Line[] = [];
  const places = new Map<string, Line>();
  for (const statement of statements) {
    const { lead, block, at, source, text, detail } = statement;
    const key =
      detail === 'in-vain'
        ? `in-vain ${lead}`
        : lead === ''
          ? `${bundleKey(statement)} ${source} ${at} ${source === 'text' ? '' : block}`
          : `${bundleKey(statement)} ${lead}`;
    const line = places.get(key);
    if (line === undefined) {
      const begun = { key, lead, text };
      places.set(key, begun);
      lines.push(begun);
    } else if (lead !== '')
      line.text = `${line.text.replace(/\.$/, '')}; ${text.slice(lead.length).replace(/^:\s*/, '')}`;
    else line.text = `${endStop(line.text)} ${text}`;
  }
  return lines;
}

/** Bundles in order of the time of their first statement, the first one first. */
function inOrder(statements: readonly Statement[], first: string): Statement[] {
  const begins = new Map<string, number>();
  for (const { order, ...statement } of statements) {
    const key = bundleKey({ ...statement, order });
    begins.set(key, Math.min(begins.get(key) ?? Infinity, key === first ? -2 : order));
  }
  return statements.toSorted(
    (a, b) => begins.get(bundleKey(a))! - begins.get(bundleKey(b))! || a.at - b.at || a.order - b.order,
  );
}

/** A paragraph when one was said, else a list. `first`: key of the bundle that leads. */
export function renderBody(statements: readonly Statement[], first: string): string {
  const lines = linesOf(inOrder(statements, first));
  if (lines.length === 1) return endStop(lines[0]!.text);
  return lines
    .map(({ text }) => `- ${splitSentences(text).length > 1 ? endStop(text) : text.replace(/[.]$/, '')}`)
    .join('\n');
}

/** Evidence as facts: what edits show of one file shares a line. */
export function renderFacts(statements: readonly Statement[]): string[] {
  const facts: string[] = [];
  const places = new Map<string, number>();
  for (const statement of statements.toSorted((a, b) => a.at - b.at || a.order - b.order)) {
    const head = statement.source === 'edit' ? `\`${statement.paths[0] ?? ''}\`` : '';
    const own = head === '' ? statement.text : statement.text.slice(head.length).trim();
    const place = head === '' ? undefined : places.get(head);
    if (place !== undefined && facts[place]!.length + own.length < 395) {
      facts[place] = `${facts[place]!.replace(/\.$/, '')}; ${own}`;
      continue;
    }
    if (head !== '') places.set(head, facts.length);
    facts.push(clip(`${statement.source === 'spec' ? 'Spec: ' : ''}${head === '' ? own : `${head}: ${own}`}`, 395));
  }
  return facts;
}

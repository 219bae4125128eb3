import { jsonOption, type Command } from './command.ts';
import { isStale } from '../domain/cite.ts';
import { checkMemory, type CheckedCite, type CheckReport } from '../history/check.ts';
import { openMemory } from '../memory/open.ts';
import { placeText, stateText } from '../memory/stale-lines.ts';
import { deadNameText } from '../git/history/dead-names.ts';
import { cleanLine } from '../privacy/invisible.ts';
import type { Printer } from './print.ts';
import { countOf } from './count-of.ts';

export const command: Command = {
  usage: 'check [ID…]',
  details:
    'Looks at every place that records cite: changed, gone, moved by a rename, shifted within its file. It always exits with 0: a stale\n' +
    'record is marked and ranked down, never deleted, and breaks no build. repomem confirm ID says that one still holds.',
  options: { json: jsonOption },
  async run({ env, print }, values, ids) {
    const report = await checkMemory(await openMemory(env, undefined, { withFiles: true }), ids);
    if (values['json']) print.json(asJson(report));
    else printReport(print, report);
    return 0;
  },
};

function printReport(print: Printer, { checked, counts, records, deadNames }: CheckReport): void {
  for (const { excerpt, cites } of records) {
    print.out(`${print.bold(excerpt.id)} ${cleanLine(excerpt.title)}`);
    for (const cite of cites) {
      const line = `  ${citeLine(cite)}`;
      print.out(isStale(cite.now.freshness) ? print.warn(line) : line);
    }
  }
  for (const { excerpt, names } of deadNames) {
    print.out(`${print.bold(excerpt.id)} ${cleanLine(excerpt.title)}`);
    for (const name of names) print.out(`  names ${cleanLine(deadNameText(name))}`);
  }
  const parts = (['gone', 'changed', 'moved', 'shifted', 'fresh'] as const)
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind]} ${kind}`);
  print.out(`${countOf(checked, 'record')} with cites${parts.length > 0 ? `: ${parts.join(', ')}` : ''}.`);
  const stale = records.find(({ freshness }) => isStale(freshness));
  if (stale)
    print.out(
      print.dim(`Still true: repomem confirm ${stale.excerpt.id}. No longer: repomem forget ${stale.excerpt.id}`),
    );
}

function citeLine({ cite, now, by }: CheckedCite): string {
  const what = `${placeText(cite)} ${stateText(now)}`;
  if (by)
    return `${what}: ${by.id.slice(0, 8)} ${cleanLine(by.summary, 72)} (${cleanLine(by.author, 40)}, ${by.at.slice(0, 10)})`;
  return isStale(now.freshness) && now.commit === undefined ? `${what}: not committed yet, or git does not know` : what;
}

function asJson({ checked, counts, records, deadNames }: CheckReport): unknown {
  return {
    checked,
    counts,
    deadNames: deadNames.map(({ excerpt: { id, path }, names }) => ({ id, path, names })),
    records: records.map(({ excerpt: { id, type, title, path, tier }, freshness, cites }) => ({
      id,
      type,
      title,
      path,
      tier,
      freshness,
      cites: cites.map(({ cite, now, by }) => ({
        path: cite.path,
        ...(cite.lines && { lines: cite.lines }),
        now,
        ...(by && { commit: by }),
      })),
    })),
  };
}

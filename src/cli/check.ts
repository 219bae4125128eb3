import { isStale } from '../domain/cite.ts';
import { deadNameText } from '../git/history/dead-names.ts';
import { checkMemory, type CheckedCite, type CheckReport } from '../history/check.ts';
import { placeText, stateText } from '../memory/stale-lines.ts';
import { cleanLine } from '../privacy/invisible.ts';
import { countOf, defineCommand, type Lines } from './command.ts';
import type { Printer } from './print.ts';

export const command = defineCommand({
  usage: 'check [ID…]',
  details:
    'Looks at every place that records cite: changed, gone, moved by a rename, shifted within its file. It always exits with 0: a stale\n' +
    'record is marked and ranked down, never deleted, and breaks no build. repomem confirm ID says that one still holds.',
  words: {},
  options: {},
  async run({ open, print, answer }, _values, ids) {
    const report = await checkMemory(await open({ withFiles: true }), ids);
    return answer(asJson(report), reportLines(print, report));
  },
});

function reportLines(print: Printer, { checked, counts, records, deadNames }: CheckReport): Lines {
  const headOf = ({ excerpt }: Pick<CheckReport['records'][number], 'excerpt'>): string =>
    `${print.bold(excerpt.id)} ${cleanLine(excerpt.title)}`;
  const parts = (['gone', 'changed', 'moved', 'shifted', 'fresh'] as const)
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind]} ${kind}`);
  const stale = records.find(({ freshness }) => isStale(freshness))?.excerpt.id;
  return [
    ...records.flatMap((one) => [
      headOf(one),
      ...one.cites.map((cite) =>
        isStale(cite.now.freshness) ? print.warn(`  ${citeText(cite)}`) : `  ${citeText(cite)}`,
      ),
    ]),
    ...deadNames.flatMap((one) => [
      headOf(one),
      ...one.names.map((name) => `  names ${cleanLine(deadNameText(name))}`),
    ]),
    `${countOf(checked, 'record')} with cites${parts.length > 0 ? `: ${parts.join(', ')}` : ''}.`,
    stale && print.dim(`Still true: repomem confirm ${stale}. No longer: repomem forget ${stale}`),
  ];
}

function citeText({ cite, now, by }: CheckedCite): string {
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
      cites: cites.map(({ cite: { path: cited, lines }, now, by }) => ({
        path: cited,
        ...(lines && { lines }),
        now,
        ...(by && { commit: by }),
      })),
    })),
  };
}

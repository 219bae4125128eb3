import { fullOf, readPast } from '../history/at-revision.ts';
import { hitAsJson, recordAsJson } from '../memory/as-json.ts';
import { search } from '../memory/find.ts';
import { resolveId } from '../memory/read.ts';
import { recordText } from '../memory/record-text.ts';
import { defineCommand, usageError } from './command.ts';
import { hitLine, queryOf, searchOptions } from './search.ts';
import { requireTrust, showOptions } from './show.ts';

export const command = defineCommand({
  usage: 'at REVISION search|list|show …',
  details: "The shared records as a commit, branch or tag has them, read from git's objects: nothing is checked out.",
  words: { min: 1, expected: 'a revision', hint: 'such as: repomem at v1.2 search "retry limit"' },
  options: { ...searchOptions, ...showOptions },
  async run({ open, env, print, answer, isJson }, values, [revision = '', what = 'list', ...rest]) {
    if (!['search', 'list', 'show'].includes(what))
      throw usageError(
        `at: expected search, list or show; got '${what}'`,
        `such as: repomem at ${revision} search "retry limit"`,
      );
    const memory = await open();
    const { root } = memory.paths;
    const past = readPast(memory, revision, print.progress);
    const { commit, recordSet } = past;
    if (what === 'show') {
      if (rest.length === 0)
        throw usageError('at: show: expected at least one id', 'repomem at REVISION list prints ids');
      const records = rest.map((id) => {
        const assessed = resolveId(recordSet, id);
        requireTrust(assessed, values.foreign, '--foreign shows it');
        return fullOf(past, assessed.excerpt.path);
      });
      const texts = values.raw ? records.map(({ text }) => text) : [records.map((one) => recordText(one)).join('\n\n')];
      return answer({ commit, records: records.map((record) => recordAsJson(record, root)) }, () =>
        texts.forEach(print.out),
      );
    }
    const query = what === 'list' ? '' : rest.join(' ');
    const { found } = await search(memory, recordSet, queryOf(query, values));
    if (found.length === 0 && !isJson) print.err('Nothing found.');
    const trusted = found.filter(({ trust }) => trust !== 'foreign');
    return answer(
      { commit, query, results: found.map((one) => hitAsJson(one, root)) },
      values.full
        ? trusted.map(({ excerpt }, at) => `${at > 0 ? '\n' : ''}${recordText(fullOf(past, excerpt.path))}`)
        : found.map((one) => hitLine(one, env, print)),
      found.length > 0 ? 0 : 1,
    );
  },
});

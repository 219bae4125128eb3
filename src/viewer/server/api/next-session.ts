import { join } from 'node:path';
import { RepomemError } from '../../../domain/errors.ts';
import { promptLimits, renderRecall } from '../../../context/render-block.ts';
import { tokensOf } from '../../../domain/excerpt.ts';
import { countTelling, findForPrompt, promptThresholds, search } from '../../../memory/find.ts';
import { markStale } from '../../../memory/mark-stale.ts';
import type { Memory } from '../../../memory/open.ts';
import { userFolder } from '../../../settings/user-folder.ts';
import { ownFile } from '../../../curate/trust.ts';
import { explainBlock } from '../../../recall/block.ts';
import { isQuestion, promptHeading } from '../../../recall/unprompted.ts';
import { checkSetting, setSetting } from '../../../settings/edit-file.ts';
import { describeSettings, setNested, type Settings } from '../../../settings/settings.ts';
import { setAutoInit } from '../../../setup/init.ts';
import { memoryDirName, settingsName } from '../../../store/locate.ts';
import type { ContextAnswer, Done, PromptAnswer } from '../../wire.ts';
import { lineOf } from '../lines.ts';
import { textField, type Ask, type Route } from '../route.ts';

/** What a session is told is asked of git and files at this moment, as the hook asks. */
async function context({ source, body }: Ask): Promise<ContextAnswer> {
  const memory = previewOf(await source.open(), body['settings']);
  source.touch();
  const { recordSet } = await source.view();
  const { text, shown, total, rankedBy, records } = await explainBlock(memory, recordSet);
  const { budgetTokens, maxRecords } = memory.settings.context;
  return {
    text,
    tokens: tokensOf(text),
    shown,
    total,
    budget: { tokens: budgetTokens, maxRecords },
    rankedBy,
    records: records.map(({ excerpt, trust, score, reasons, isShown, stale }) => ({
      line: lineOf({ excerpt, trust, isHere: true, isActive: true }, stale?.freshness),
      score: Number(score.toFixed(3)),
      reasons,
      isShown,
    })),
  };
}

function previewOf(memory: Memory, settings: unknown): Memory {
  if (settings === undefined) return memory;
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings))
    throw new RepomemError('usage', 'settings: expected an object of keys and values');
  return { ...memory, settings: withValues(memory.settings, settings as Record<string, unknown>) };
}

/** The settings with other values, by key, as typed or as values. Throws RepomemError `bad-settings`. */
function withValues(settings: Settings, values: Readonly<Record<string, unknown>>): Settings {
  const next = structuredClone(settings) as unknown as Record<string, unknown>;
  for (const [key, value] of Object.entries(values)) setNested(next, key, checkSetting(key, value));
  return next as unknown as Settings;
}

/** As for a session that was told nothing yet; text '' when nothing passes the bar. */
async function prompt({ source, body }: Ask): Promise<PromptAnswer> {
  const { memory: saved, recordSet } = await source.view();
  const memory = previewOf(saved, body['settings']);
  const words = textField(body, 'prompt') ?? '';
  const isAsked = memory.settings.recall.prompt && isQuestion(words);
  const chosen = isAsked ? (await findForPrompt(memory, recordSet, words)).slice(0, promptLimits.maxRecords) : [];
  const { text, ids } = renderRecall(promptHeading, await markStale(memory, chosen), promptLimits);
  const wish = { text: words.slice(0, 2000), limit: 10, isPlain: true };
  const found = words.trim() === '' ? [] : (await search(memory, recordSet, wish)).found;
  return {
    text,
    candidates: found.map((one) => ({
      line: lineOf(one),
      coverage: Number(one.hit.coverage.toFixed(3)),
      why: one.trust === 'foreign' ? [] : one.hit.why,
      words: countTelling(one.hit.words, recordSet.table.count),
      isTold: ids.includes(one.excerpt.id),
    })),
    bar: promptThresholds.map(({ words: least, coverage }) => ({ words: least, coverage })),
  };
}

/** As `repomem settings --json`: keys are never sent. */
async function listSettings({ source }: Ask): Promise<unknown> {
  const loaded = await source.open();
  return { settings: describeSettings(loaded), problems: loaded.problems };
}

async function saveSetting({ source, body }: Ask): Promise<Done> {
  const key = textField(body, 'key') ?? '';
  const layer = textField(body, 'layer') ?? 'user';
  if (layer !== 'user' && layer !== 'project')
    throw new RepomemError('usage', `layer: expected user or project; got '${layer}'`);
  if (key.startsWith('key.'))
    throw new RepomemError('private', `${key}: keys are not set from the page`, {
      hint: `repomem settings ${key} VALUE, or the variable that its list names`,
    });
  const { env, paths } = source;
  const file = layer === 'project' ? join(paths.memoryDir, settingsName) : join(userFolder(env), settingsName);
  // Taken out where no value is given: the next source counts again.
  const value = body['value'] === null ? undefined : body['value'];
  await setSetting(file, key, value, layer);
  if (layer === 'project') {
    const { snapshot } = await source.open();
    ownFile(paths, `${memoryDirName}/${settingsName}`, snapshot.objectFormat, env.now());
  }
  if (key === 'autoInit') setAutoInit(env, String(value) === 'true');
  source.touch();
  await source.view();
  return { result: { key, layer } };
}

export const contextRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/context', about: 'What the next session is told, byte for byte, and why', run: context },
  {
    method: 'POST',
    path: '/api/context',
    about: 'The same with settings that are not saved; writes nothing',
    takes: { settings: 'by key, such as {"context.budgetTokens": 800}' },
    run: context,
  },
  {
    method: 'POST',
    path: '/api/context/prompt',
    about: 'What a prompt would bring, and the bar that a record must pass',
    takes: { prompt: 'as it would be typed', settings: 'as for /api/context' },
    run: prompt,
  },
  { method: 'GET', path: '/api/settings', about: '`settings` is as repomem settings --json', run: listSettings },
  {
    method: 'POST',
    path: '/api/settings',
    about: 'Sets one, as repomem settings KEY VALUE',
    takes: { key: 'as in the list', value: 'null takes it out', layer: 'user or project' },
    run: saveSetting,
  },
];

// The JSON Schema of settings files, made from the table of settings.
import { schemaDialect, type JsonSchema } from './record-schemas.ts';
import { settingList } from '../../src/settings/settings-table.ts';

interface Level extends JsonSchema {
  type: 'object';
  additionalProperties: false;
  properties: Record<string, JsonSchema>;
}

const reachNotes = {
  any: '',
  user: " Only in the user's own settings.",
  restrict: ' A project may only restrict it.',
};

/** For a user's and a project's settings.yaml; descriptions name what a project may not set. */
export function settingsSchema(): JsonSchema {
  const root = makeLevel();
  root.properties['version'] = { const: 1, description: 'Version of the settings file.' };
  for (const { key, ...setting } of settingList) {
    const names = key.split('.');
    let level = root;
    for (const name of names.slice(0, -1)) level = (level.properties[name] ??= makeLevel()) as Level;
    level.properties[names.at(-1) ?? key] = {
      description: setting.describe + reachNotes[setting.reach],
      ...setting.schema,
      ...(setting.default === '' ? {} : { default: setting.default }),
    };
  }
  return {
    $schema: schemaDialect,
    title: 'repomem settings',
    description: 'settings.yaml of a user or of a project (.claude-mem/settings.yaml).',
    ...root,
  };
}

function makeLevel(): Level {
  return { type: 'object', additionalProperties: false, properties: {} };
}

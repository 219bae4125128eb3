import { apiSchema } from '../../src/viewer/server/api-schema.ts';
import { settingsSchema } from '../../src/settings/settings-schema.ts';
export { extensionFiles } from '../../src/agents/gemini/setup.ts';
import { answerSchema, eventSchema } from '../../src/agents/protocol/protocol-schema.ts';
import { recordLineSchema } from '../../src/memory/record-line.ts';
import { observationSchema, sessionSchema } from '../../src/format/record-schema.ts';

/** What `schema/` holds: file name → text. `npm run schema` writes it, a test holds the folder to it. */
export function schemaFiles(): Record<string, string> {
  const schemas = {
    'observation.schema.json': observationSchema(),
    'session.schema.json': sessionSchema(),
    'settings.schema.json': settingsSchema(),
    'event.schema.json': eventSchema(),
    'answer.schema.json': answerSchema(),
    'record-line.schema.json': recordLineSchema(),
    'view-api.schema.json': apiSchema(),
  };
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, `${JSON.stringify(schema, undefined, 2)}\n`]),
  );
}

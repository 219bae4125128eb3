export { extensionFiles } from '../../src/agents/gemini/setup.ts';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod/v4';
import type { McpMemory } from '../../src/mcp/adapter.ts';
import { apiSchema } from './api-schema.ts';
import { answerSchema, eventSchema } from './protocol-schemas.ts';
import { settingsSchema } from './settings-schema.ts';
import { registerTools } from '../../src/mcp/tools.ts';
import { observationSchema, sessionSchema } from './record-schemas.ts';

/** What `schema/` holds beside record-line.schema.json: file name → text. `npm run schema` writes it, a test holds the folder to it. */
export function schemaFiles(): Record<string, string> {
  const schemas = {
    'observation.schema.json': observationSchema(),
    'session.schema.json': sessionSchema(),
    'settings.schema.json': settingsSchema(),
    'event.schema.json': eventSchema(),
    'answer.schema.json': answerSchema(),
    'view-api.schema.json': apiSchema(),
    'mcp-tools.json': mcpTools(),
  };
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, `${JSON.stringify(schema, undefined, 2)}\n`]),
  );
}

/** As the server lists them; hosts whose plugins bring tools themselves read it. */
function mcpTools(): object[] {
  const tools: object[] = [];
  const server = {
    registerTool: (name: string, { description, inputSchema }: { description: string; inputSchema: z.ZodType }) => {
      const { $schema: _dialect, ...schema } = z.toJSONSchema(inputSchema);
      tools.push({ name, description, inputSchema: schema });
    },
  };
  registerTools(server as unknown as McpServer, {} as McpMemory);
  return tools;
}

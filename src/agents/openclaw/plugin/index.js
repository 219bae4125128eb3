// OpenClaw's native plugin: forwards its typed hooks as events of repomem's protocol. The user must grant `allowConversationAccess`.
import { callTool, tools } from '../../mcp-tools.mjs';
import { makeSessions, tell } from '../../spawn-hook.mjs';

const agent = 'openclaw';
const headOf = (ctx) => ({ session: ctx.sessionId ?? ctx.sessionKey ?? '' });

/** OpenClaw starts MCP servers outside of the workspace, so the tools come from here. Their names stand in the manifest, too. */
const toolsOf = ({ workspaceDir = process.cwd() }) =>
  tools.map(({ name, description, inputSchema: parameters }) => ({
    name,
    label: name,
    description,
    parameters,
    execute: async (_id, input) => ({ content: [{ type: 'text', text: await callTool(workspaceDir, name, input) }] }),
  }));

/** The host takes a module's default export. */
// oxlint-disable-next-line import/no-default-export
export default {
  id: 'repomem',
  name: 'repomem',
  description: 'Memory that lives in the git repository of the workspace',
  register(api) {
    const sessions = makeSessions(agent);
    const folders = new Map();
    const folderOf = (ctx) => ctx.workspaceDir ?? folders.get(headOf(ctx).session) ?? process.cwd();

    api.registerTool?.(toolsOf, { names: tools.map(({ name }) => name) });

    api.on('before_prompt_build', async (event, ctx) => {
      const head = headOf(ctx);
      folders.set(head.session, folderOf(ctx));
      const block = await sessions.block(head.session, folderOf(ctx));
      const told = { event: 'prompt', ...head, turn: ctx.runId, prompt: event.prompt };
      const { context } = await tell(agent, folderOf(ctx), told);
      return { ...(block && { appendSystemContext: block }), ...(context && { prependContext: context }) };
    });
    api.on('after_tool_call', async (event, ctx) => {
      const { content = [], details = {} } = event.result ?? {};
      const tool = {
        name: event.toolName,
        id: event.toolCallId,
        input: event.params,
        output: event.error ?? content.map((part) => part.text ?? '').join('\n'),
        ok: event.error === undefined,
        ...(typeof details.exitCode === 'number' && { exitCode: details.exitCode }),
        ...(details.patch && { diff: details.patch }),
      };
      await tell(agent, folderOf(ctx), { event: 'tool', ...headOf(ctx), tool });
    });
    api.on('agent_end', async (event, ctx) => {
      const head = headOf(ctx);
      const messages = event.messages ?? [];
      const texts = messages
        .slice(messages.findLastIndex((message) => message.role === 'user') + 1)
        .filter((message) => message.role === 'assistant')
        .map((message) =>
          (Array.isArray(message.content) ? message.content : []).map((part) => part.text ?? '').join(''),
        )
        .filter(Boolean);
      for (const text of texts.slice(0, -1)) await tell(agent, folderOf(ctx), { event: 'text', ...head, text });
      const text = texts.at(-1);
      await tell(agent, folderOf(ctx), { event: 'turn-end', ...head, turn: ctx.runId, ...(text && { text }) });
    });
    api.on('session_end', (_event, ctx) => tell(agent, folderOf(ctx), { event: 'end', ...headOf(ctx) }));
  },
};

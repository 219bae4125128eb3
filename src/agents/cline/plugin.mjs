// Cline's plugin: forwards its hooks as events of repomem's protocol. `.cline/plugins/repomem.js` in a repository loads it.
import { callTool, tools } from '../mcp-tools.mjs';
import { makeSessions, tell } from '../spawn-hook.mjs';

const agent = 'cline';
const typed = /^<user_input[^>]*>([\s\S]*)<\/user_input>\s*$/;

const textOf = (content) =>
  (Array.isArray(content) ? content : []).map((part) => (part.type === 'text' ? part.text : '')).join('');

export function makePlugin() {
  const sessions = makeSessions(agent);
  let session = '';
  let cwd = process.cwd();
  /** Records recalled for the prompt, and the message to which they are added in each request of the run. */
  let recalled = { id: '', context: '' };

  const headOf = (snapshot) => ({
    session: session || snapshot.conversationId,
    turn: snapshot.runId,
    ...(snapshot.parentAgentId && { subagent: snapshot.agentId }),
  });

  return {
    name: 'repomem',
    manifest: { capabilities: ['hooks', 'rules', 'tools'] },
    setup(api, ctx) {
      session = ctx?.session?.sessionId ?? '';
      cwd = ctx?.workspaceInfo?.rootPath ?? cwd;
      if (session) api.registerRule?.({ id: 'repomem', content: () => sessions.block(session, cwd) });
      for (const tool of tools) api.registerTool?.({ ...tool, execute: (input) => callTool(cwd, tool.name, input) });
    },
    hooks: {
      async beforeRun({ snapshot }) {
        if (snapshot.parentAgentId) return;
        const last = snapshot.messages.findLast(({ role }) => role === 'user');
        const said = textOf(last?.content);
        const prompt = (typed.exec(said)?.[1] ?? said).trim();
        const { context = '' } = await tell(agent, cwd, { event: 'prompt', ...headOf(snapshot), prompt });
        recalled = { id: last?.id ?? '', context };
      },
      beforeModel({ request }) {
        if (recalled.context === '') return undefined;
        const { id, context } = recalled;
        return {
          messages: request.messages.map((message) =>
            message.id === id
              ? { ...message, content: [...message.content, { type: 'text', text: context }] }
              : message,
          ),
        };
      },
      async afterModel({ snapshot, assistantMessage, finishReason }) {
        const text = textOf(assistantMessage?.content).trim();
        if (text && finishReason === 'tool-calls') await tell(agent, cwd, { event: 'text', ...headOf(snapshot), text });
      },
      async afterTool({ snapshot, tool, toolCall, input, result }) {
        const { output, error } = result ?? {};
        const parts = [output].flat().filter((part) => part && typeof part === 'object');
        const ok = error === undefined && parts.every((part) => part.success !== false);
        const text = parts.map((part) => part.result || part.error || '').join('\n') || error || output;
        const told = {
          name: tool?.name ?? toolCall?.toolName,
          id: toolCall?.toolCallId,
          input,
          output: text ?? '',
          ok,
        };
        await tell(agent, cwd, { event: 'tool', ...headOf(snapshot), tool: told });
      },
      async afterRun({ snapshot, result }) {
        if (snapshot.parentAgentId) return;
        const text = result?.outputText ?? '';
        await tell(agent, cwd, { event: 'turn-end', ...headOf(snapshot), ...(text && { text }) });
      },
    },
  };
}

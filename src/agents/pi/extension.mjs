// Pi's extension: forwards its events as those of repomem's protocol. `.pi/extensions/repomem.ts` in a repository loads it.
import { basename } from 'node:path';
import { makeSessions, tell } from '../spawn-hook.mjs';

const agent = 'pi';

const headOf = (ctx) => {
  const file = ctx.sessionManager?.getSessionFile?.();
  const session = ctx.sessionManager?.getSessionId?.() ?? basename(file ?? `pid-${process.pid}`, '.jsonl');
  return { session, ...(file && { transcript: file }) };
};

const textOf = (content = []) =>
  content
    .map((part) => part.text ?? '')
    .filter(Boolean)
    .join('\n');

export function extend(pi) {
  const sessions = makeSessions(agent);
  const waiting = new Map();

  pi.on('before_agent_start', async (event, ctx) => {
    const head = headOf(ctx);
    // The system prompt is not stored with the session: a resumed session needs the block again.
    const block = await sessions.block(head.session, ctx.cwd, head);
    const { context } = await tell(agent, ctx.cwd, { event: 'prompt', ...head, prompt: event.prompt });
    return {
      ...(block && { systemPrompt: `${event.systemPrompt}\n\n${block}` }),
      ...(context && { message: { customType: 'repomem', content: context, display: false } }),
    };
  });
  pi.on('tool_call', async (event, ctx) => {
    const tool = { name: event.toolName, id: event.toolCallId, input: event.input };
    const { context } = await tell(agent, ctx.cwd, { event: 'before-tool', ...headOf(ctx), tool });
    if (context) waiting.set(event.toolCallId, context);
  });
  pi.on('tool_result', async (event, ctx) => {
    const exit = event.structuredContent?.exit_code;
    const diff = event.details?.patch;
    const tool = {
      name: event.toolName,
      id: event.toolCallId,
      input: event.input,
      output: textOf(event.content),
      ok: event.isError !== true,
      ...(typeof exit === 'number' && { exitCode: exit }),
      ...(diff && { diff }),
    };
    await tell(agent, ctx.cwd, { event: 'tool', ...headOf(ctx), tool });
    const context = waiting.get(event.toolCallId);
    waiting.delete(event.toolCallId);
    return context ? { content: [...event.content, { type: 'text', text: context }] } : undefined;
  });
  pi.on('session_before_compact', async (_event, ctx) => {
    await tell(agent, ctx.cwd, { event: 'compaction', ...headOf(ctx) });
  });
  pi.on('agent_end', async (event, ctx) => {
    const last = (event.messages ?? []).findLast((message) => message.role === 'assistant');
    const text = Array.isArray(last?.content) ? textOf(last.content.filter((part) => part.type === 'text')) : '';
    await tell(agent, ctx.cwd, { event: 'turn-end', ...headOf(ctx), ...(text && { text }) });
  });
  pi.on('session_shutdown', async (_event, ctx) => {
    await sessions.end(ctx.cwd);
  });
}

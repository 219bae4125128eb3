// Plays a recorded session through a host's own adapter, as the host would call it: `play-plugin.mjs HOST PACKAGE RECORDING REPO [once-told]`.
// Prints, a JSON line each, what the adapter gave the host for its model.
import { readFileSync } from 'node:fs';

const [host = '', folder = '', recording = '', repo = '', end = ''] = process.argv.slice(2);
const calls = readFileSync(recording, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const given = (text) => {
  if (!text) return;
  console.log(JSON.stringify(text));
  if (end === 'once-told') process.exit();
};
const adapter = (file) => import(`${folder}/src/agents/${file}`);

const players = {
  async opencode() {
    const plugin = await (await adapter('opencode/plugin.mjs')).plugin({ directory: repo });
    for (const { label, stdin, output } of calls) {
      if (label.startsWith('event:'))
        await plugin.event({ event: { type: label.slice('event:'.length), properties: stdin } });
      else if (label === 'experimental.chat.system.transform') {
        const system = [];
        await plugin[label](stdin, { system });
        given(system[0]);
      } else if (typeof plugin[label] === 'function') {
        const before = JSON.stringify(output);
        await plugin[label](stdin, output);
        if (JSON.stringify(output) !== before) given(JSON.stringify(output));
      }
      // What the agent says comes as a part of a message.
      if (label === 'event:file.edited') continue;
      if (label === 'tool.execute.after' && stdin.tool === 'write') {
        const part = { type: 'text', sessionID: stdin.sessionID, time: { end: 1 } };
        const text = 'fib refuses negative numbers now, because range(-1) silently gave 0.';
        await plugin.event({ event: { type: 'message.part.updated', properties: { part: { ...part, text } } } });
      }
    }
  },
  async pi() {
    const handlers = new Map();
    (await adapter('pi/extension.mjs')).extend({ on: (name, handler) => handlers.set(name, handler) });
    for (const { label, stdin, session } of calls) {
      const ctx = { cwd: repo, sessionManager: { getSessionFile: () => session } };
      const event = label === 'before_agent_start' ? { ...stdin, systemPrompt: '' } : { ...stdin };
      if (label === 'agent_end') event.messages = [];
      const answer = await handlers.get(label)?.(event, ctx);
      given(answer?.systemPrompt?.trim());
      given(answer?.message?.content);
    }
  },
  async cline() {
    const plugin = (await adapter('cline/plugin.mjs')).makePlugin();
    const rules = [];
    const session = { sessionId: calls[0].stdin.sessionContext.rootSessionId };
    plugin.setup({ registerRule: (rule) => rules.push(rule) }, { session, workspaceInfo: { rootPath: repo } });
    for (const rule of rules) given(await rule.content());
    for (const { label, stdin } of calls) {
      const snapshot = { conversationId: stdin.taskId, runId: 'run' };
      if (label === 'TaskStart') {
        const text = '<user_input mode="act">Make fib safe for negative numbers</user_input>';
        const messages = [{ id: 'm1', role: 'user', content: [{ type: 'text', text }] }];
        await plugin.hooks.beforeRun({ snapshot: { ...snapshot, messages } });
        const asked = plugin.hooks.beforeModel({ snapshot, request: { messages } });
        given(asked?.messages[0].content[1]?.text);
      } else if (label === 'PostToolUse') {
        const { id, name, input, output } = stdin.tool_result;
        await plugin.hooks.afterTool({
          snapshot,
          tool: { name },
          toolCall: { toolCallId: id },
          input,
          result: { output },
        });
      } else if (label === 'TaskComplete')
        await plugin.hooks.afterRun({ snapshot, result: { outputText: stdin.turn.outputText } });
    }
  },
  async openclaw() {
    const handlers = new Map();
    (await adapter('openclaw/plugin/index.js')).default.register({
      on: (name, handler) => handlers.set(name, handler),
    });
    for (const { label, stdin, ctx } of calls) {
      const event = stdin.messages === undefined ? stdin : { ...stdin, messages: lastTurn(label) };
      const answer = await handlers.get(label)?.(event, ctx);
      given(answer?.appendSystemContext);
      given(answer?.prependContext);
    }
  },
};

/** The recorder cut the messages short: the closing words are those of the last answer. */
function lastTurn(label) {
  if (label !== 'agent_end') return [];
  const { stdin } = calls.find((call) => call.label === 'llm_output');
  return [{ role: 'user', content: [] }, stdin.lastAssistant];
}

await players[host]();

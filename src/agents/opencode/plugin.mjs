// OpenCode's plugin: forwards its hooks as events of repomem's protocol. `.opencode/plugins/repomem.js` in a repository loads it.
import { makeSessions, tell } from '../spawn-hook.mjs';

const agent = 'opencode';
const toolOf = (name, id, input, rest = {}) => ({ name, id, input, ...rest });

export async function plugin({ directory }) {
  const sessions = makeSessions(agent);
  /** Subagent session → its parent session. */
  const parents = new Map();
  const told = new Map();
  /** The agent's last text by session: the closing text if nothing follows. */
  const lastText = new Map();
  const waiting = new Map();
  const headOf = (id) => {
    const parent = parents.get(id);
    return parent === undefined ? { session: id } : { ...headOf(parent), subagent: id };
  };

  return {
    async event({ event }) {
      const { type, properties = {} } = event;
      const session = properties.sessionID ?? properties.part?.sessionID;
      if (type === 'session.created' && properties.info?.parentID)
        parents.set(properties.info.id, properties.info.parentID);
      else if (type === 'message.part.updated') await readPart(properties.part);
      else if (type === 'session.compacted') await tell(agent, directory, { event: 'compaction', ...headOf(session) });
      else if (type === 'session.idle' && !parents.has(session)) {
        const text = lastText.get(session) ?? '';
        lastText.delete(session);
        await tell(agent, directory, { event: 'turn-end', session, turn: told.get(session), ...(text && { text }) });
      }
    },
    async 'chat.message'({ sessionID }, { message, parts }) {
      if (parents.has(sessionID)) return;
      await sessions.block(sessionID, directory);
      const own = parts.find((part) => part.type === 'text' && !part.synthetic);
      // `opencode run` quotes the prompt from its command line.
      const prompt = own?.text.replace(/^"([^"]*)"$/, '$1') ?? '';
      if (prompt === '') return;
      told.set(sessionID, message.id);
      lastText.delete(sessionID);
      const { context } = await tell(agent, directory, {
        event: 'prompt',
        session: sessionID,
        turn: message.id,
        prompt,
      });
      if (context) own.text += `\n\n${context}`;
    },
    async 'experimental.chat.system.transform'({ sessionID }, { system }) {
      const block = sessionID === undefined ? '' : await sessions.block(headOf(sessionID).session, directory);
      if (block) system.push(block);
    },
    async 'tool.execute.before'({ tool, sessionID, callID }, { args }) {
      await flushText(sessionID);
      const event = { event: 'before-tool', ...headOf(sessionID), tool: toolOf(tool, callID, args) };
      const { context } = await tell(agent, directory, event);
      if (context) waiting.set(callID, context);
    },
    async 'tool.execute.after'({ tool, sessionID, callID, args }, output) {
      const { metadata = {} } = output;
      const text = output.output ?? output.content ?? '';
      const created = metadata.exists === false ? { created: true } : metadata.exists ? { created: false } : {};
      const exit = typeof metadata.exit === 'number' ? { exitCode: metadata.exit } : {};
      const diff = metadata.filediff?.patch ?? metadata.diff;
      const rest = { output: text, ...created, ...exit, ...(diff && { diff }) };
      await tell(agent, directory, { event: 'tool', ...headOf(sessionID), tool: toolOf(tool, callID, args, rest) });
      const context = waiting.get(callID);
      waiting.delete(callID);
      if (context && typeof output.output === 'string') output.output += `\n\n${context}`;
    },
    dispose: () => sessions.end(directory),
  };

  /** When something follows, the last text was not the closing one. */
  async function flushText(session) {
    const text = lastText.get(session);
    lastText.delete(session);
    if (text) await tell(agent, directory, { event: 'text', ...headOf(session), text });
  }

  /** Texts of the agent, and failed tools: no other hook reports them. */
  async function readPart(part) {
    if (part?.type === 'text' && part.time?.end && part.text?.trim()) {
      await flushText(part.sessionID);
      lastText.set(part.sessionID, part.text.trim());
    } else if (part?.type === 'tool' && part.state?.status === 'error') {
      const rest = { ok: false, output: part.state.error ?? '' };
      const tool = toolOf(part.tool, part.callID, part.state.input, rest);
      await tell(agent, directory, { event: 'tool', ...headOf(part.sessionID), tool });
    }
  }
}

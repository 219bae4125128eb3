// Calls repomem from hosts with code hooks: one event on standard input of the shell guard, the answer on its output. Plain
// JavaScript, because hosts load it directly. Never throws, never waits longer than `maxMs`.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Some hosts run a copy of their plugins: then use the package installed by `repomem install` or `repomem init`. */
export const bin = (() => {
  const beside = fileURLToPath(new URL('../../bin/', import.meta.url));
  const { XDG_DATA_HOME: data, HOME: home = '' } = process.env;
  const installed = `${data || `${home}/.local/share`}/repomem/marketplace/repomem/bin/`;
  return existsSync(`${beside}repomem-hook.sh`) ? beside : installed;
})();
const maxMs = 10_000;

/** Events that get an answer or start work; all others are only stored. */
const guarded = {
  start: 'SessionStart',
  prompt: 'UserPromptSubmit',
  'before-tool': 'PreToolUse',
  'turn-end': 'Stop',
  compaction: 'PreCompact',
  end: 'SessionEnd',
};

/**
 * Tells one event of the protocol (`repomem help protocol`); answers `{context?, message?}`.
 * @param {string} agent
 * @param {string} cwd
 * @param {Record<string, unknown>} event
 * @returns {Promise<{context?: string, message?: string}>}
 */
export function tell(agent, cwd, event) {
  const name = guarded[event.event];
  const script = name === undefined ? 'repomem-capture.sh' : 'repomem-hook.sh';
  return new Promise((resolve) => {
    let said = '';
    const done = () => {
      try {
        resolve(said === '' ? {} : JSON.parse(said));
      } catch {
        resolve({});
      }
    };
    try {
      const child = spawn('sh', [bin + script, name ?? 'PostToolUse'], {
        cwd,
        env: { ...process.env, REPOMEM_AGENT: agent },
        stdio: ['pipe', 'pipe', 'ignore'],
        timeout: maxMs,
        windowsHide: true,
      });
      child.stdout.setEncoding('utf8').on('data', (chunk) => (said += chunk));
      child.stdin.on('error', () => {});
      child.on('error', done).on('close', done);
      child.stdin.end(JSON.stringify({ cwd, ...event }));
    } catch {
      resolve({});
    }
  });
}

/**
 * Context blocks per session, for hosts that build the system prompt for each request: asked once, then the same bytes.
 * @param {string} agent
 */
export function makeSessions(agent) {
  /** @type {Map<string, Promise<string>>} */
  const blocks = new Map();
  return {
    /** Starts the session if needed; returns its context block. */
    block(session, cwd, more = {}) {
      if (!blocks.has(session))
        blocks.set(
          session,
          tell(agent, cwd, { event: 'start', session, ...more }).then(({ context = '' }) => context),
        );
      return blocks.get(session);
    },
    async end(cwd) {
      for (const session of blocks.keys()) await tell(agent, cwd, { event: 'end', session });
      blocks.clear();
    },
  };
}

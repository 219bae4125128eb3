// An MCP server over a memory of three records, bundled and started by the tests.
import { RepomemError } from '../../src/domain/errors.ts';
import type { McpMemory } from '../../src/mcp/adapter.ts';
import { startMcp } from '../../src/mcp/server.ts';

const entries = ['bbbbbbbb', 'cccccccc', 'ffffffff'].map((id) => ({
  id,
  type: 'decision',
  title: `Title of ${id}`,
  created: '2026-11-20T12:00:00Z',
  tokens: 120,
  trust: id === 'ffffffff' ? 'foreign' : 'own',
  why: ['cursor: title'],
}));

const memory: McpMemory = {
  version: '1.2.3',
  search: async ({ limit = 10, offset = 0, since }) => {
    if (since === 'soonish')
      throw new RepomemError('usage', 'since: not a date; got "soonish"', { hint: 'Write it as 2026-11-01.' });
    return { hits: entries.slice(offset, offset + limit), total: entries.length };
  },
  timeline: async () => ({ entries, anchor: 'cccccccc' }),
  get: async (id) => {
    const entry = entries.find((one) => one.id.startsWith(id));
    if (!entry) throw new RepomemError('not-found', `${id}: no record has this id`, { hint: 'search finds ids.' });
    return {
      ...entry,
      path: `.claude-mem/${entry.id}.md`,
      text: entry.trust === 'foreign' ? '' : 'THE BODY',
      stale: ['a.ts changed'],
    };
  },
  remember: async ({ title }) => ({
    id: 'nnnnnnnn',
    path: `.claude-mem/${title}.md`,
    tier: 'shared',
    uncited: ['x.ts'],
    redactions: 1,
    similar: title === 'like' ? [{ id: 'bbbbbbbb', title: 'Title of bbbbbbbb' }] : [],
  }),
  context: async () => '',
  forget: async (id) => ({ id, title: 'gone', tombstone: 'tombstone.md' }),
};

await startMcp(memory);

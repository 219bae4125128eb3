import { describe, expect, it } from 'vitest';
import { filterEvent, type KeepRules, loadPathRule, toolRule } from '../../src/compress/events/filter-events.ts';
import type { CommandEvent, EventOf } from '../../src/domain/event.ts';

const head = { key: 'k', at: '' };
const rules: KeepRules = {
  isExcludedPath: (path) => path.startsWith('private/'),
  ignored: new Set(['dist/a.js']),
};
const command = (text: string, output = 'out'): CommandEvent => ({
  ...head,
  kind: 'command',
  command: text,
  ok: true,
  output,
});
const edit = (path: string): EventOf<'edit'> => ({
  ...head,
  kind: 'edit',
  path,
  ok: true,
  created: false,
  hunks: [{ start: 1, lines: 1, removed: [], added: ['x'] }],
});

const external = (tool: string) => ({ ...head, kind: 'external' as const, tool, input: '', ok: true, text: 't' });
const filterText = (value: string) => filterEvent({ ...head, kind: 'text', text: value }, rules);

describe('filterEvent', () => {
  it('keeps ordinary events as they are', () => {
    expect(filterEvent(edit('src/a.ts'), rules)).toEqual(edit('src/a.ts'));
    expect(filterEvent(command('npm test && git status'), rules)).toEqual(command('npm test && git status'));
  });

  it.each(['.claude-mem/observations/x.md', 'pkg/.claude-mem/settings.yaml', '~/.claude/…/plan.md', 'private/a'])(
    'keeps nothing about %s',
    (path) => expect(filterEvent(edit(path), rules)).toBeUndefined(),
  );

  it.each(['.env', 'dist/a.js'])('keeps of %s only that it was edited', (path) => {
    expect(filterEvent(edit(path), rules)).toEqual({ ...edit(path), hunks: [] });
  });

  it('keeps of a secret command its program alone', () => {
    expect(filterEvent(command('cat .env | head'), rules)).toEqual(command('cat …', ''));
  });

  it.each([
    'repomem search x',
    'npx -y repomem list',
    'cd a && node /x/bin/repomem.js status | head',
    'REPOMEM_X=1 "/a b/bin/repomem" list',
  ])('keeps nothing of our own command %s', (text) => {
    expect(filterEvent(command(text), rules)).toBeUndefined();
  });

  it.each(['cat .claude-mem/observations/a.md', 'cat ./dist/a.js', 'npm test; repomem list', 'less private/x'])(
    'keeps no output of %s',
    (text) => expect(filterEvent(command(text), rules)).toEqual(command(text, '')),
  );

  it('drops our own tools and keeps those of others', () => {
    expect(filterEvent(external('mcp__plugin_repomem_repomem__search'), rules)).toBeUndefined();
    expect(filterEvent(external('mcp__repomem__search'), rules)).toBeUndefined();
    expect(filterEvent(external('mcp__github__search'), rules)).toBeDefined();
  });

  it("takes our own block and the hosts' reminders out of texts, but not out of code", () => {
    expect(filterText('a <repomem-memory>\nold\n</repomem-memory> b')).toMatchObject({ text: 'a  b' });
    expect(filterText('a <repomem-memory>\nnever closed')).toMatchObject({ text: 'a ' });
    expect(filterText('<system-reminder>x</system-reminder>')).toBeUndefined();
    expect(filterText('see <system-reminder> in the docs')).toMatchObject({
      text: 'see <system-reminder> in the docs',
    });
  });
});

describe('rules from settings', () => {
  it("reads paths in gitignore's syntax", async () => {
    const rule = await loadPathRule(['secret/', '*.pem', '!ok.pem']);
    expect(['secret/a', 'x/a.pem', 'ok.pem', 'src/a.ts', '…/a.pem', '.', ''].map(rule)).toEqual([
      true,
      true,
      false,
      false,
      true,
      false,
      false,
    ]);
    expect((await loadPathRule(['', '# none']))('a')).toBe(false);
  });

  it('reads tool names with stars', () => {
    const rule = toolRule(['WebFetch', 'mcp__a.b__*']);
    expect(['WebFetch', 'WebFetcher', 'mcp__a.b__x', 'mcp__aab__x'].map(rule)).toEqual([true, false, true, false]);
  });
});

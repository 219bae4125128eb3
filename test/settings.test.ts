import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setSetting } from '../src/settings/edit-file.ts';
import { loadSettings, type LoadedSettings } from '../src/settings/settings.ts';
import { settingList } from '../src/settings/settings-table.ts';
import { tempDir } from './helpers/temp-repo.ts';

let dir: string;
let userFile: string;
let projectFile: string;

beforeEach(() => {
  dir = tempDir();
  userFile = join(dir, 'config/repomem/settings.yaml');
  projectFile = join(dir, 'project/.claude-mem/settings.yaml');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

interface Layers {
  user?: string;
  project?: string;
  vars?: Record<string, string>;
  projectIsTrusted?: boolean;
}

async function load({ user, project, vars = {}, projectIsTrusted = true }: Layers): Promise<LoadedSettings> {
  if (user !== undefined) write(userFile, user);
  if (project !== undefined) write(projectFile, project);
  return loadSettings({ userFile, projectFile, vars, projectIsTrusted });
}

describe('layers of settings', () => {
  it('are all defaults without any file', async () => {
    const { settings, problems, sources } = await load({});
    expect(settings.provider).toBe('extractive');
    expect(settings.share).toMatchObject({ maxRecords: 5, maxBytes: 10_240, maxLocalBytes: 20_480, sessions: false });
    expect(settings.context).toMatchObject({ enabled: true, budgetTokens: 1300, maxRecords: 50 });
    expect(settings.recall.prompt).toBe(true);
    expect(problems).toEqual([]);
    expect(new Set(Object.values(sources))).toEqual(new Set(['default']));
  });

  it('come from the user, then the project, then the environment', async () => {
    const { settings, sources, problems } = await load({
      user: 'language: de\nlearn:\n  when: manual\nrecall:\n  file: false\n',
      project: 'version: 1\nlanguage: fr\nmode: chill\n',
      vars: { REPOMEM_MODE: 'code', REPOMEM_SHARE_MAX_RECORDS: '3', REPOMEM_EXCLUDE_TOOLS: 'WebFetch, Task' },
    });
    expect(problems).toEqual([]);
    expect(settings.language).toBe('fr');
    expect(settings.learn.when).toBe('manual');
    expect(settings.mode).toBe('code');
    expect(settings.recall).toEqual({ prompt: true, file: false });
    expect(settings.share.maxRecords).toBe(3);
    expect(settings.exclude.tools).toEqual(['WebFetch', 'Task']);
    expect(sources).toMatchObject({
      language: 'project',
      mode: 'environment',
      'learn.when': 'user',
      'share.maxBytes': 'default',
      'exclude.tools': 'environment',
    });
  });

  it('add up what is excluded', async () => {
    const { settings } = await load({
      user: 'exclude: { paths: [a] }\n',
      project: 'exclude: { paths: [b, a] }\n',
      vars: { REPOMEM_EXCLUDE_PATHS: 'c' },
    });
    expect(settings.exclude.paths).toEqual(['a', 'b', 'c']);
  });

  it('take keys that other programs use from the environment, and from the user before them', async () => {
    const vars = { ANTHROPIC_API_KEY: 'from-the-shell' };
    expect((await load({ vars })).settings.key.anthropic).toBe('from-the-shell');
    const both = await load({ vars: { ...vars, REPOMEM_KEY_ANTHROPIC: 'ours' } });
    expect(both.settings.key.anthropic).toBe('ours');
    expect((await load({ user: 'key: { anthropic: mine }\n', vars })).settings.key.anthropic).toBe('mine');
  });

  it('do not mind an empty variable or one of another meaning', async () => {
    const { problems, settings } = await load({ vars: { REPOMEM_PROVIDER: '', REPOMEM_SOMETHING: 'x' } });
    expect(problems).toEqual([]);
    expect(settings.provider).toBe('extractive');
  });
});

describe('a project file', () => {
  it('cannot bring keys, endpoints, models or what concerns the machine', async () => {
    const { settings, problems } = await load({
      project:
        'endpoint: { openai: "https://example.com/v1" }\nkey: { openai: abc }\nmodel:\n  claude: x\nautoInit: true\ntrust: { defaultBranch: evil }\n',
    });
    expect(problems.map(({ code }) => code)).toEqual(Array.from({ length: 5 }, () => 'user-only'));
    expect(problems[0]).toMatchObject({ path: projectFile, line: 1 });
    expect(problems[2]).toMatchObject({ line: 4 });
    expect(settings.endpoint.openai).toBe('');
    expect(settings.key.openai).toBe('');
    expect(settings.autoInit).toBe(false);
    expect(settings.trust.defaultBranch).toBe('');
  });

  it('chooses no provider but extractive, or the one that the user chose', async () => {
    const other = await load({ project: 'provider: anthropic\n' });
    expect(other.settings.provider).toBe('extractive');
    expect(other.problems).toMatchObject([{ code: 'user-only', line: 1 }]);
    const narrower = await load({ user: 'provider: claude\n', project: 'provider: extractive\n' });
    expect(narrower.settings.provider).toBe('extractive');
    const same = await load({ user: 'provider: claude\n', project: 'provider: claude\n' });
    expect(same.settings.provider).toBe('claude');
    expect(same.problems).toEqual([]);
  });

  it('raises no cap over the value that the user set, and may raise a default', async () => {
    const project = 'share: { maxRecords: 9 }\ntokens: { maxPerDay: 0 }\n';
    const bound = await load({ user: 'share: { maxRecords: 2 }\ntokens: { maxPerDay: 500 }\n', project });
    expect(bound.settings.share.maxRecords).toBe(2);
    expect(bound.settings.tokens.maxPerDay).toBe(500);
    rmSync(userFile);
    expect((await load({ project })).settings.share.maxRecords).toBe(9);
  });

  it('is heard only where it restricts while nobody reviewed it', async () => {
    const { settings, problems } = await load({
      projectIsTrusted: false,
      project:
        'share: { maxRecords: 1, maxBytes: 99999 }\nexclude: { paths: [secret] }\nrecall: { prompt: false }\nmode: other\nredact: { allow: [{ fingerprint: a, reason: b }] }\n',
    });
    expect(settings.share).toMatchObject({ maxRecords: 1, maxBytes: 10_240 });
    expect(settings.exclude.paths).toEqual(['secret']);
    expect(settings.recall.prompt).toBe(false);
    expect(settings.mode).toBe('code');
    expect(settings.redact.allow).toEqual([]);
    expect(problems.map(({ code, line }) => [code, line])).toEqual([
      ['unreviewed', 1],
      ['unreviewed', 4],
      ['unreviewed', 5],
    ]);
  });

  it('that is a link is not read', async () => {
    write(join(dir, 'elsewhere.yaml'), 'mode: chill\n');
    mkdirSync(dirname(projectFile), { recursive: true });
    symlinkSync(join(dir, 'elsewhere.yaml'), projectFile);
    const { settings, problems } = await load({});
    expect(settings.mode).toBe('code');
    expect(problems).toMatchObject([{ path: projectFile, code: 'link' }]);
  });
});

describe('a wrong value', () => {
  it('is named with file, line, key and what was expected, and the rest counts', async () => {
    const { settings, problems } = await load({
      user: '# mine\nshare:\n  maxRecords: many\n  maxBytes: 5000\ncontext:\n  types: [wish]\n',
    });
    expect(problems).toEqual([
      {
        path: userFile,
        line: 3,
        code: 'bad-value',
        reason: 'share.maxRecords: expected a whole number from 0 to 100; got "many"',
      },
      expect.objectContaining({ line: 6, code: 'bad-value' }),
    ]);
    expect(settings.share).toMatchObject({ maxRecords: 5, maxBytes: 5000 });
  });

  it('in the environment is named too', async () => {
    const { problems } = await load({ vars: { REPOMEM_CONTEXT_ENABLED: 'perhaps' } });
    expect(problems).toMatchObject([
      { path: 'environment', reason: expect.stringContaining('context.enabled: expected true') },
    ]);
  });

  it.each([
    ['an unknown key', 'shre:\n  maxRecords: 3\n', 'unknown-key', 2],
    ['a level that is a value', 'share: 3\n', 'unknown-key', 1],
    ['another version', 'version: 2\nmode: code\n', 'version', 1],
    ['broken YAML', 'a: [1\n', 'bad-yaml', 2],
    ['a duplicate key', 'mode: code\nmode: chill\n', 'bad-yaml', 2],
    ['aliases', 'mode: &a code\nlanguage: *a\n', 'bad-yaml', 1],
    ['a list', '- a\n', 'bad-yaml', 1],
    ['a name that leaves the folder', 'mode: ../x\n', 'bad-value', 1],
    ['an address that is none', 'endpoint: { openai: "file:///etc" }\n', 'bad-value', 1],
    ['a prototype key', '__proto__: { mode: chill }\n', 'unknown-key', 1],
  ])('never stops the rest: %s', async (_name, user, code, line) => {
    const { problems, settings } = await load({ user });
    expect(problems).toMatchObject([{ path: userFile, code, line }]);
    expect(settings.mode).toBe('code');
  });

  it('never shows a key', async () => {
    const { problems } = await load({ user: 'key:\n  anthropic: [abcdef]\n' });
    expect(JSON.stringify(problems)).not.toContain('abcdef');
  });

  it.skipIf(process.getuid?.() === 0)('is a file that cannot be read', async () => {
    write(userFile, 'mode: chill\n');
    chmodSync(userFile, 0);
    expect((await load({})).problems).toMatchObject([{ code: 'unreadable' }]);
  });
});

describe('changing a setting', () => {
  it('keeps comments, order and the rest', async () => {
    write(userFile, '# mine\nshare:\n  # few\n  maxRecords: 2 # at most\nmode: chill\n');
    await setSetting(userFile, 'share.maxRecords', '3');
    await setSetting(userFile, 'share.sessions', 'true');
    await setSetting(userFile, 'exclude.tools', 'WebFetch,Task');
    await setSetting(userFile, 'mode', undefined);
    expect(readFileSync(userFile, 'utf8')).toBe(
      '# mine\nshare:\n  # few\n  maxRecords: 3 # at most\n  sessions: true\nexclude:\n  tools:\n    - WebFetch\n    - Task\n',
    );
  });

  it('makes the file, for its owner only, and a project file for everybody', async () => {
    await setSetting(userFile, 'key.openai', 'abc');
    expect(readFileSync(userFile, 'utf8')).toBe('key:\n  openai: abc\n');
    expect(statSync(userFile).mode & 0o777).toBe(0o600);
    await setSetting(projectFile, 'mode', 'chill', 'project');
    expect(statSync(projectFile).mode & 0o777).toBe(0o644);
  });

  it('works on a file of comments alone and takes an emptied level out', async () => {
    write(userFile, '# only a comment\nversion: 1\n');
    await setSetting(userFile, 'context.budgetTokens', 900);
    expect((await load({})).settings.context.budgetTokens).toBe(900);
    await setSetting(userFile, 'context.budgetTokens', undefined);
    expect(readFileSync(userFile, 'utf8')).toBe('# only a comment\nversion: 1\n');
  });

  it('refuses what is wrong, and a project what is not its own', async () => {
    const refused = { code: 'bad-settings' };
    await expect(setSetting(userFile, 'wish', 'x')).rejects.toMatchObject(refused);
    await expect(setSetting(userFile, 'share.maxRecords', '-1')).rejects.toMatchObject(refused);
    await expect(setSetting(projectFile, 'key.openai', 'x', 'project')).rejects.toMatchObject(refused);
    await expect(setSetting(projectFile, 'provider', 'claude', 'project')).rejects.toMatchObject(refused);
    await setSetting(projectFile, 'provider', 'extractive', 'project');
    write(userFile, 'a: [\n');
    await expect(setSetting(userFile, 'mode', 'chill')).rejects.toMatchObject(refused);
  });

  it('keeps a link to the settings that the user keeps elsewhere', async () => {
    const real = join(dir, 'dotfiles/repomem.yaml');
    write(real, 'mode: code\n');
    mkdirSync(dirname(userFile), { recursive: true });
    symlinkSync(real, userFile);
    await setSetting(userFile, 'mode', 'chill');
    expect(readFileSync(real, 'utf8')).toBe('mode: chill\n');
  });
});

describe('the list of settings', () => {
  it('says for every key what it means, its default, who may set it and its variable', () => {
    expect(settingList.every(({ describe: text, expected }) => text.endsWith('.') && expected !== '')).toBe(true);
    expect(settingList.find(({ key }) => key === 'share.maxRecords')).toMatchObject({
      default: 5,
      variable: 'REPOMEM_SHARE_MAX_RECORDS',
    });
  });

  it('has defaults that each setting would read', async () => {
    for (const { key, default: value } of settingList) {
      write(userFile, '');
      if (Array.isArray(value) && value.length === 0) continue;
      await setSetting(userFile, key, value);
      expect((await load({})).problems, key).toEqual([]);
    }
  });
});

// Changes from the page leave what the commands leave, can be taken back, and never overwrite what somebody else wrote meanwhile.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { filesBelow } from '../helpers/scan.ts';
import { removeFolder } from '../helpers/temp-repo.ts';
import { addForeign, viewMemory, type ViewMemory } from '../helpers/view-memory.ts';
import { viewServer, type ViewServer } from '../helpers/view-server.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function open(): Promise<{ memory: ViewMemory; server: ViewServer }> {
  const memory = await viewMemory();
  const server = await viewServer({ cwd: memory.repo.dir, home: memory.home });
  ends.push(async () => {
    await server.stop();
    removeFolder(memory.home);
  });
  return { memory, server };
}

interface Done {
  result: Record<string, unknown>;
  undo: string;
}

const blobOf = async (server: ViewServer, id: string): Promise<string> =>
  (await server.get<{ blob: string }>(`/api/record/${id}`)).blob;

const filesOf = ({ repo }: ViewMemory): Record<string, string> =>
  Object.fromEntries(filesBelow(join(repo.dir, '.claude-mem')).map((file) => [file, readFileSync(file, 'utf8')]));

describe('changes from the page', () => {
  it('are the commands’, nothing is staged, and each can be taken back', async () => {
    const { memory, server } = await open();
    const { ids, repo } = memory;
    const before = filesOf(memory);
    const steps: [string, string, object][] = [
      [ids.local, 'share', {}],
      [ids.local, 'forget', { reason: 'It says nothing' }],
      [ids.stale, 'confirm', {}],
      [ids.fresh, 'forget', { reason: 'No longer so' }],
      [ids.new, 'unshare', {}],
      [ids.fresh, 'edit', { title: 'Events wait in the queue until a turn ends' }],
      [ids.local, 'edit', { title: 'The spool was looked at twice', body: 'And again.' }],
    ];
    for (const [id, what, body] of steps) {
      const done = await server.post<Done>(`/api/record/${id}/${what}`, { ...body, expect: await blobOf(server, id) });
      expect(filesOf(memory)).not.toEqual(before);
      expect(repo.git('diff', '--cached', '--name-only')).toBe('');
      await server.post('/api/undo', { token: done.undo });
      expect([what, filesOf(memory)]).toEqual([what, before]);
    }
  }, 180_000);

  it('rewrite an uncommitted record in place and supersede a committed one', async () => {
    const { memory, server } = await open();
    const { ids, cli } = memory;
    const edit = async (id: string, body: object): Promise<Done> =>
      server.post<Done>(`/api/record/${id}/edit`, { ...body, expect: await blobOf(server, id) });
    const own = await edit(ids.local, { title: 'The spool holds one file an event' });
    expect(own.result).toMatchObject({ id: ids.local });
    const shown = await cli<{ records: { title: string; trust: string }[] }>('show', '--json', ids.local);
    expect(shown.records[0]).toMatchObject({ title: 'The spool holds one file an event', trust: 'local' });
    const committed = await edit(ids.fresh, { description: 'One sentence.' });
    expect(committed.result).toMatchObject({ supersedes: ids.fresh });
    const old = await cli<{ records: { isActive: boolean; description: string }[] }>('show', '--json', ids.fresh);
    expect(old.records[0]).toMatchObject({ isActive: false });
    expect(memory.repo.git('status', '--short', '--', '.claude-mem')).not.toContain(' M ');
    const key = ['ghp', '_'].join('') + 'Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4zAbCd';
    await edit(ids.local, { body: `The key is ${key}.` });
    expect(Object.values(filesOf(memory)).join('')).not.toContain(key);
  }, 180_000);

  it('stop where the file was changed meanwhile, and lose nothing', async () => {
    const { memory, server } = await open();
    const { ids, repo } = memory;
    const { blob, record } = await server.get<{ blob: string; record: { path: string } }>(`/api/record/${ids.fresh}`);
    const theirs = repo.read(record.path).replace('Events wait', 'All events wait');
    repo.write(record.path, theirs);
    for (const what of ['edit', 'forget', 'unshare', 'confirm']) {
      const headers = {
        ...server.headers,
        Origin: `http://127.0.0.1:${server.port}`,
        'Content-Type': 'application/json',
      };
      const body = JSON.stringify({ expect: blob, ...(what === 'edit' && { title: 'Mine' }) });
      const { status, text } = await server.raw('POST', `/api/record/${ids.fresh}/${what}`, headers, body);
      expect([what, status]).toEqual([what, 409]);
      expect((JSON.parse(text) as { now: string }).now).toContain('All events wait');
      expect(repo.read(record.path)).toBe(theirs);
    }
    const done = await server.post<Done>(`/api/record/${ids.local}/edit`, {
      title: 'The spool was looked at anew',
      expect: await blobOf(server, ids.local),
    });
    const local = filesBelow(join(repo.dir, '.claude-mem/local')).find((file) => file.includes(ids.local)) ?? '';
    repo.write(local.slice(repo.dir.length + 1), `${readFileSync(local, 'utf8')}\nTheirs.\n`);
    await expect(server.post('/api/undo', { token: done.undo })).rejects.toThrow(/409/);
    expect(readFileSync(local, 'utf8')).toContain('Theirs.');
  }, 180_000);

  it('adopt and trust, and take both back', async () => {
    const { memory, server } = await open();
    const { ids, cli } = memory;
    const elsewhere = async (): Promise<unknown> => (await cli<{ elsewhere: unknown[] }>('adopt', '--json')).elsewhere;
    const waiting = await elsewhere();
    const adopted = await server.post<Done>(`/api/record/${ids.elsewhere}/adopt`, {
      expect: await blobOf(server, ids.elsewhere),
    });
    expect(await elsewhere()).toEqual([]);
    await server.post('/api/undo', { token: adopted.undo });
    expect(await elsewhere()).toEqual(waiting);
    const path = addForeign(memory, 'From a stranger', 'Believe me.');
    const listed = await server.get<{ untrusted: { path: string; blob: string }[] }>('/api/trust');
    const [one] = listed.untrusted;
    expect(one?.path).toBe(path);
    await expect(server.post('/api/trust', { names: [path], expect: ['0'.repeat(40)] })).rejects.toThrow(/409/);
    const trusted = await server.post<Done>('/api/trust', { names: [path], expect: [one?.blob] });
    expect((await cli<{ untrusted: unknown[] }>('trust', '--json')).untrusted).toEqual([]);
    await server.post('/api/undo', { token: trusted.undo });
    expect((await cli<{ untrusted: unknown[] }>('trust', '--json')).untrusted).toHaveLength(1);
  }, 180_000);

  it('save settings where they are told to, and refuse what may not stand there', async () => {
    const { memory, server } = await open();
    await server.post('/api/settings', { key: 'context.maxRecords', value: '2', layer: 'project' });
    expect(memory.repo.read('.claude-mem/settings.yaml')).toContain('maxRecords: 2');
    expect((await server.get<{ shown: number }>('/api/context')).shown).toBe(2);
    for (const body of [
      { key: 'provider', value: 'anthropic', layer: 'project' },
      { key: 'context.maxRecords', value: 'many', layer: 'user' },
      { key: 'key.anthropic', value: 'x', layer: 'user' },
      { key: 'nothing', value: '1', layer: 'user' },
    ])
      await expect(server.post('/api/settings', body)).rejects.toThrow(/4\d\d/);
  }, 180_000);
});

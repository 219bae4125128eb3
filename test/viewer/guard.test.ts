// Who is answered: every line of the rules against rebinding, other programs' pages, forged and missing origins, odd bodies and odd paths.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../helpers/built-cli.ts';
import { filesBelow } from '../helpers/scan.ts';
import { removeFolder, tempDir } from '../helpers/temp-repo.ts';
import { viewMemory, type ViewMemory } from '../helpers/view-memory.ts';
import { viewServer, type ViewServer } from '../helpers/view-server.ts';

let memory: ViewMemory;
let server: ViewServer;
let ours: string;
beforeAll(async () => {
  memory = await viewMemory();
  server = await viewServer({ cwd: memory.repo.dir, home: memory.home });
  ours = `http://127.0.0.1:${server.port}`;
});
afterAll(async () => {
  await server?.stop();
  if (memory) removeFolder(memory.home);
});

const codeOf = (text: string): string => (JSON.parse(text) as { error: { code: string } }).error.code;

describe('the guard', () => {
  it('answers its own host names alone, the page too', async () => {
    for (const host of [
      'evil.test',
      `evil.test:${server.port}`,
      '127.0.0.1',
      `127.0.0.1:${server.port + 1}`,
      '',
      `127.0.0.1.:${server.port}`,
    ])
      for (const path of ['/', '/-/page.js', '/api/memory', '/api/help']) {
        const answer = await server.raw('GET', path, { ...server.headers, Host: host });
        // Node itself refuses an empty one.
        expect([host, path, host === '' ? 403 : answer.status]).toEqual([host, path, 403]);
        expect(answer.text).not.toContain('<html');
      }
    for (const host of ['127.0.0.1', 'localhost', '[::1]'])
      expect((await server.raw('GET', '/api/help', { ...server.headers, Host: `${host}:${server.port}` })).status).toBe(
        200,
      );
  });

  it('asks every endpoint for the token, and takes none but its own', async () => {
    for (const authorization of [
      undefined,
      'Bearer ',
      `Bearer ${server.token.slice(1)}`,
      `Bearer ${server.token}x`,
      `bearer ${server.token}`,
    ]) {
      const headers = authorization === undefined ? {} : { Authorization: authorization };
      for (const path of ['/api/memory', '/api/events', '/api/nothing', `/api/memory?t=${server.token}`]) {
        const { status, text } = await server.raw('GET', path, headers as Record<string, string>);
        expect([path, status, codeOf(text)]).toEqual([path, 401, 'token']);
      }
    }
    const cookie = await server.raw('GET', '/api/memory', { Cookie: `token=${server.token}` });
    expect(cookie.status).toBe(401);
  });

  it('takes changes from its own page only, as JSON, and nothing larger than it says', async () => {
    const json = { 'Content-Type': 'application/json' };
    const post = (headers: Record<string, string>, body = '{"title":"x"}') =>
      server.raw('POST', '/api/record', { ...server.headers, ...headers }, body);
    const before = filesBelow(join(memory.repo.dir, '.claude-mem')).length;
    expect((await post(json)).status).toBe(403);
    for (const Origin of [
      'null',
      'http://evil.test',
      `http://evil.test:${server.port}`,
      `https://127.0.0.1:${server.port}`,
      `http://127.0.0.1:${server.port + 1}`,
      `${ours}.evil.test`,
    ])
      expect([Origin, (await post({ ...json, Origin })).status]).toEqual([Origin, 403]);
    for (const site of ['cross-site', 'same-site'])
      expect((await post({ ...json, Origin: ours, 'Sec-Fetch-Site': site })).status).toBe(403);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', ''])
      expect((await post({ Origin: ours, ...(type && { 'Content-Type': type }) })).status).toBe(415);
    const large = JSON.stringify({ title: 'x', body: 'y'.repeat(70_000) });
    expect((await post({ ...json, Origin: ours, 'Content-Length': String(large.length) }, large)).status).toBe(413);
    expect((await post({ ...json, Origin: ours, 'Transfer-Encoding': 'chunked' }, large)).status).toBe(400);
    expect((await post({ ...json, Origin: ours }, '[1]')).status).toBe(400);
    expect((await post({ ...json, Origin: ours }, '{"title":"x","colour":1}')).status).toBe(400);
    expect(filesBelow(join(memory.repo.dir, '.claude-mem')).length).toBe(before);
  });

  it('knows GET and POST alone, and lets no other origin read', async () => {
    for (const method of ['OPTIONS', 'PUT', 'DELETE', 'PATCH', 'TRACE'])
      expect([method, (await server.raw(method, '/api/memory', { ...server.headers, Origin: ours })).status]).toEqual([
        method,
        405,
      ]);
    for (const path of ['/', '/api/memory', '/api/nothing']) {
      const { headers } = await server.raw('GET', path, { ...server.headers, Origin: ours });
      expect(Object.keys(headers).filter((name) => /^access-control|^set-cookie/.test(name))).toEqual([]);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    }
    expect((await server.raw('GET', '/api/memory', { ...server.headers, Origin: 'http://evil.test' })).status).toBe(
      403,
    );
  });

  it('serves the page with a policy that runs nothing but its own script', async () => {
    const { headers, text } = await server.raw('GET', '/o/whatever');
    const policy = String(headers['content-security-policy']);
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "connect-src 'self'",
    ])
      expect(policy).toContain(part);
    expect(policy).not.toContain('unsafe');
    expect(text).not.toMatch(/<script(?![^>]*src=)|\son\w+=|https?:\/\/(?!www\.w3\.org)/);
    expect(text).not.toContain(server.token);
  });

  it('opens no path that a request names', async () => {
    const secret = join(memory.home, 'outside.txt');
    memory.repo.write('../outside.txt', 'OUTSIDE');
    memory.repo.write('.env', 'INSIDE=1');
    for (const path of [
      '/-/../../package.json',
      '/-/%2e%2e/%2e%2e/package.json',
      '/-/..%2fmain.js',
      '/-//etc/passwd',
      '/-/page/../index.html',
    ]) {
      const { status } = await server.raw('GET', path);
      expect([path, status]).toEqual([path, 404]);
    }
    const tricks = [
      '../outside.txt',
      secret,
      '/etc/passwd',
      '.git/config',
      '.env',
      'src/../../outside.txt',
      '..',
      'src/%00',
      '\\..\\outside.txt',
    ];
    for (const path of tricks) {
      const { status, text } = await server.raw('GET', `/api/why?path=${encodeURIComponent(path)}`, server.headers);
      expect(text).not.toMatch(/OUTSIDE|INSIDE|root:|\[core\]/);
      if (status === 200) expect(JSON.parse(text)).not.toHaveProperty('lines');
      const trust = await server.raw('GET', `/api/trust/text?path=${encodeURIComponent(path)}`, server.headers);
      expect(trust.status).toBe(404);
    }
    for (const rev of ['--output=/tmp/x', '-n1', '--help', 'HEAD --exec=x', ':(top)', 'nosuchbranch'])
      for (const path of [
        `/api/review?range=${encodeURIComponent(rev)}`,
        `/api/at/${encodeURIComponent(rev)}`,
        `/api/diff?range=${encodeURIComponent(rev)}`,
      ]) {
        const { status } = await server.raw('GET', path, server.headers);
        expect([path, status >= 400 && status < 500]).toEqual([path, true]);
      }
  });

  it('listens on the loopback address alone', async () => {
    const outside = Object.values(networkInterfaces())
      .flat()
      .filter((one) => one && !one.internal && one.family === 'IPv4');
    for (const one of outside) {
      const isOpen = await new Promise<boolean>((resolve) => {
        const socket = connect({ host: one?.address ?? '', port: server.port });
        socket.on('connect', () => resolve(true));
        socket.on('error', () => resolve(false));
      });
      expect(isOpen).toBe(false);
    }
    // The address that was asked for, whatever there is of others.
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#t=[\w-]{43}$/);
  });

  it('keeps the token in one file for its owner, and takes it away at the end; a second call opens the same server', async () => {
    const file = join(memory.repo.dir, '.git/repomem/view.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toContain(server.token);
    const second = await runCli(['view', '/review', '--no-open', '--json'], {
      cwd: memory.repo.dir,
      home: memory.home,
    });
    expect(JSON.parse(second.stdout)).toMatchObject({ isRunning: true, url: server.url.replace('/#', '/review#') });
    const third = await viewMemory();
    const other = await viewServer({
      cwd: third.repo.dir,
      home: third.home,
      args: ['--read-only', '--port', String(server.port)],
    });
    expect(other.port).toBeGreaterThan(server.port);
    const post = { ...other.headers, Origin: `http://127.0.0.1:${other.port}`, 'Content-Type': 'application/json' };
    const refused = await other.raw('POST', '/api/record', post, '{"title":"No record is written here"}');
    expect([refused.status, codeOf(refused.text)]).toEqual([403, 'read-only']);
    expect((await other.post<{ text: string }>('/api/context', {})).text).toContain('repomem-memory');
    expect((await other.raw('GET', '/api/memory', server.headers)).status).toBe(401);
    expect(await other.stop()).toBe(0);
    expect(existsSync(join(third.repo.dir, '.git/repomem/view.json'))).toBe(false);
    removeFolder(third.home);
  });

  it('says so where no browser can be opened, and serves on', async () => {
    const { repo, home } = await viewMemory();
    const folder = tempDir();
    writeFileSync(join(folder, 'xdg-open'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
    const own = await viewServer({
      cwd: repo.dir,
      home,
      isOpening: true,
      env: { PATH: `${folder}:${process.env['PATH']}`, DISPLAY: ':9' },
    });
    await expect.poll(() => own.said()).toContain('No browser could be opened here: open the address by hand.');
    expect((await own.get<{ name: string }>('/api/memory')).name).toBe('repo');
    expect(await own.stop()).toBe(0);
    removeFolder(home);
    removeFolder(folder);
  });

  it('says in a word what is wrong with a command line, and where there is no memory', async () => {
    const bad = [
      ['view', 'o/x'],
      ['view', '/a', '/b'],
      ['view', '--port', '99999'],
      ['view', '--port', 'x'],
      ['view', '//evil.test'],
      ['view', '--host', '0.0.0.0'],
      ['view', '--host', 'evil.test'],
    ];
    for (const args of bad) {
      const run = await runCli(args, { cwd: memory.repo.dir, home: memory.home });
      expect([args, run.code]).toEqual([args, 2]);
      expect(run.stderr).toMatch(/expected/);
    }
    const empty = tempDir();
    const run = await runCli(['view', '--no-open'], { cwd: empty, home: empty });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('repomem init');
    removeFolder(empty);
  });
});

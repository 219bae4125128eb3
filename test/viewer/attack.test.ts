// What other programs' pages can do from the same browser: nothing is read and nothing is written.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openBrowser } from '../helpers/browser.ts';
import { filesBelow } from '../helpers/scan.ts';
import { removeFolder } from '../helpers/temp-repo.ts';
import { viewMemory, type ViewMemory } from '../helpers/view-memory.ts';
import { viewServer, type ViewServer } from '../helpers/view-server.ts';

describe.skipIf(!hasChromium)('pages of other programs, in Chromium', () => {
  let memory: ViewMemory;
  let server: ViewServer;
  let browser: Browser;
  let other: Server;
  beforeAll(async () => {
    memory = await viewMemory();
    server = await viewServer({ cwd: memory.repo.dir, home: memory.home });
    browser = await openBrowser(['--host-resolver-rules=MAP evil.test 127.0.0.1']);
    other = createServer((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.end('<!doctype html><title>another program</title>');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await browser?.close();
    other?.close();
    await server?.stop();
    if (memory) removeFolder(memory.home);
  });

  it('meet a refusal, though they know the token, under every name and by every way of asking', async () => {
    const ours = `http://127.0.0.1:${server.port}`;
    const otherPort = (other.address() as AddressInfo).port;
    const files = (): string[] => filesBelow(join(memory.repo.dir, '.claude-mem'));
    const before = files();
    const context = await browser.newContext();
    const page = await context.newPage();
    // The user has the page open: whatever a browser keeps for it, it keeps.
    await page.goto(server.url);
    await page.getByRole('heading', { name: 'Stream' }).waitFor();
    for (const origin of [
      `http://127.0.0.1:${otherPort}`,
      `http://localhost:${otherPort}`,
      `http://evil.test:${otherPort}`,
    ]) {
      await page.goto(origin);
      const told = await page.evaluate(
        async ({ target, token, rebound }) => {
          const results: string[] = [];
          const attempt = async (name: string, url: string, init: RequestInit): Promise<void> => {
            try {
              const response = await fetch(url, init);
              results.push(`${name} ${response.type} ${(await response.text()).length}`);
            } catch {
              results.push(`${name} failed`);
            }
          };
          const Authorization = `Bearer ${token}`;
          const body = JSON.stringify({ title: 'Written by another page' });
          await attempt('plain', `${target}/api/memory`, {});
          await attempt('token', `${target}/api/memory`, { headers: { Authorization } });
          await attempt('credentials', `${target}/api/memory`, { credentials: 'include' });
          await attempt('post', `${target}/api/record`, {
            method: 'POST',
            body,
            headers: { Authorization, 'Content-Type': 'application/json' },
          });
          await attempt('no-cors', `${target}/api/record`, { method: 'POST', body, mode: 'no-cors' });
          await attempt('rebound', `${rebound}/api/memory`, { headers: { Authorization } });
          const image = new Image();
          results.push(
            await new Promise((resolve) => {
              image.addEventListener('load', () => resolve('image loaded'));
              image.addEventListener('error', () => resolve('image failed'));
              image.src = `${target}/api/memory`;
            }),
          );
          const frame = document.createElement('iframe');
          frame.src = target;
          const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
          document.body.append(frame);
          await loaded;
          let inner = 'closed';
          try {
            inner = frame.contentDocument?.title ?? 'closed';
          } catch {
            // Another origin.
          }
          results.push(`frame ${inner}`);
          return results;
        },
        { target: ours, token: server.token, rebound: `http://evil.test:${server.port}` },
      );
      expect([origin, ...told]).toEqual([
        origin,
        'plain failed',
        'token failed',
        'credentials failed',
        'post failed',
        'no-cors failed',
        'rebound failed',
        'image failed',
        'frame closed',
      ]);
    }
    // The rebound name itself: same origin with itself, and still not ours.
    const rebound = `http://evil.test:${server.port}`;
    const answer = await page.goto(rebound);
    expect(answer?.status()).toBe(403);
    const read = await page.evaluate(async (token) => {
      const response = await fetch('/api/memory', { headers: { Authorization: `Bearer ${token}` } });
      const posted = await fetch('/api/record', {
        method: 'POST',
        body: '{"title":"Rebound"}',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      });
      return [response.status, posted.status, (await response.text()).includes('branch')];
    }, server.token);
    expect(read).toEqual([403, 403, false]);
    await page.goto(`${ours}/`);
    const kept = await page.evaluate(() => [document.cookie, Object.keys(localStorage).includes('repomem-token')]);
    expect(kept).toEqual(['', true]);
    expect(files()).toEqual(before);
  });
});

// The page's own files, read once: an address names one of them by its exact name or none, and never a path.
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { RepomemError } from '../../domain/errors.ts';
import { once } from '../../domain/once.ts';
import { commonHeaders, pagePolicy } from './admit.ts';

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
};

/** Sends a file of the page; the page itself for every address that is no file's, since views have addresses of their own. */
export type PageSender = (request: IncomingMessage, response: ServerResponse, path: string) => void;

/** `folder`: as the build leaves it. RepomemError `install` where it is not there. */
export function loadPage(folder: string): PageSender {
  const files = new Map<string, { type: string; bytes: Buffer; packed(): Buffer }>();
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw new RepomemError('install', `${folder}: the page's files are not there`, {
      hint: 'install repomem again; in its own repository: npm run build',
      cause: error,
    });
  }
  for (const name of names) {
    const type = types[name.slice(name.lastIndexOf('.') + 1)];
    if (type === undefined) continue;
    const bytes = readFileSync(join(folder, name));
    files.set(name, { type, bytes, packed: once(() => gzipSync(bytes, { level: 9 })) });
  }
  return (request, response, path) => {
    const name = path.startsWith('/-/') ? path.slice(3) : 'index.html';
    const file = files.get(name);
    if (!file) {
      response.writeHead(404, { ...commonHeaders, 'Content-Type': 'text/plain; charset=utf-8' });
      return void response.end('There is no such file.\n');
    }
    const isPage = name === 'index.html';
    const isPacked = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
    const bytes = isPacked ? file.packed() : file.bytes;
    response.writeHead(200, {
      ...commonHeaders,
      'Content-Type': file.type,
      'Content-Length': bytes.length,
      'Cache-Control': isPage ? 'no-cache' : 'public, max-age=31536000, immutable',
      Vary: 'Accept-Encoding',
      ...(isPacked && { 'Content-Encoding': 'gzip' }),
      ...(isPage && { 'Content-Security-Policy': pagePolicy, 'X-Frame-Options': 'DENY' }),
    });
    response.end(bytes);
  };
}

// A compressor as a process of its own, for tests that kill it. argv: root, and optionally the write before which it dies (0: none)
// and how many events go in one record: then their keys are written in hex, one word each, or records would be too much alike.
// Its provider makes one record of each event and leaves a line of their keys in `calls`.
import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompressRequest, Provider } from '../../src/compress/providers/provider.ts';
import { compressAll } from '../../src/compress/claims/run-claims.ts';
import { writeFileAtomic } from '../../src/store/atomic.ts';
import { simplePlace, simpleSettings, simpleTools } from './simple-tools.ts';

const [root = '', dieAt = '0', eventsARecord = '1'] = process.argv.slice(2);
const paths = simplePlace(root);

/** Words that no two events share: or the second would be known already. */
function wordsOf(key: string): string {
  const hash = createHash('sha256').update(key).digest('hex');
  return (hash.match(/.{8}/g) ?? []).map((part) => `w${part}`).join(' ');
}

const oneEach: Provider = {
  name: 'one-each',
  async compress(request: CompressRequest) {
    const keys = request.events.map((event) => event.key);
    try {
      appendFileSync(join(root, 'calls'), `${keys.join(' ')}\n`);
    } catch {
      // The disk is full.
    }
    const size = Number(eventsARecord);
    const firsts = keys.filter((_, index) => index % size === 0);
    const drafts = firsts.map((key, index) => ({
      type: 'bugfix' as const,
      title: `Event ${key} ${wordsOf(key).slice(0, 40)}`,
      description: wordsOf(key),
      body: '',
      facts: keys
        .slice(index * size, (index + 1) * size)
        .map((one) => `key=${size > 1 ? Buffer.from(one).toString('hex') : one}`),
      concepts: [],
      aliases: [],
      cites: [],
      confidence: 1,
      importance: 1,
      supersedes: [],
      contradicts: [],
    }));
    return { drafts, by: 'one-each/1', usage: { requests: 1, tokensIn: 10, tokensOut: 1 } };
  },
};

let writes = 0;
const tools = simpleTools(paths, {
  settings: {
    ...simpleSettings,
    maxRecords: 1e6,
    maxBytes: 1e9,
    maxLocalBytes: 1e9,
    retryDelaysMs: Array(200).fill(0),
  },
  provider: oneEach,
  fallback: { ...oneEach, name: 'fallback' },
  write(...call) {
    if (++writes === Number(dieAt)) process.kill(process.pid, 'SIGKILL');
    writeFileAtomic(...call);
  },
});
process.stdout.write('ready\n');
const report = await compressAll(paths, tools, { waits: true });
process.stdout.write(JSON.stringify(report));

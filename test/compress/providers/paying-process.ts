// A compressor with a model behind a URL, as a process of its own, for tests that kill it. argv: root, URL, and the write before which it dies.
import { compressAll } from '../../../src/compress/claims/run-claims.ts';
import { extractiveProvider } from '../../../src/compress/rules/rules-provider.ts';
import { modelProvider } from '../../../src/compress/providers/model-provider.ts';
import { openAiTransport } from '../../../src/compress/providers/openai-compatible.ts';
import { writeFileAtomic } from '../../../src/store/atomic.ts';
import { simplePlace, simpleTools } from '../simple-tools.ts';

const [root = '', endpoint = '', dieAt = '0'] = process.argv.slice(2);
const paths = simplePlace(root);
const fallback = extractiveProvider();
const now = (): Date => new Date();
const transport = openAiTransport({
  name: 'openai-compatible',
  key: 'k',
  model: 'm',
  endpoint,
  timeoutMs: 20_000,
  now,
});
const provider = modelProvider({
  paths,
  transport,
  redact: (text) => text,
  maxTokens: 6_000,
  maxPerDay: 0,
  setup: 'test',
  fallback,
  now,
});

let writes = 0;
const tools = simpleTools(paths, {
  provider,
  fallback,
  write(...call) {
    if (++writes === Number(dieAt)) process.kill(process.pid, 'SIGKILL');
    writeFileAtomic(...call);
  },
});
process.stdout.write(JSON.stringify(await compressAll(paths, tools, { waits: true })));

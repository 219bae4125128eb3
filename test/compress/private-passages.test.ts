// Private passages in every spelling and wherever a session can carry them, through the compressor: nothing of them on disk, in a log, in a request.
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claudeCode } from '../../src/agents/claude-code/host.ts';
import { recordsIn } from '../../src/agents/json-fields.ts';
import { readTranscriptFrom } from '../../src/compress/events/transcript-tail.ts';
import { compressAll } from '../../src/compress/claims/run-claims.ts';
import { stripPrivate } from '../../src/privacy/private-tags.ts';
import type { CompressTools } from '../../src/compress/claims/dependencies.ts';
import type { CompressRequest } from '../../src/compress/providers/provider.ts';
import type { MemoryPaths } from '../../src/domain/memory-paths.ts';
import { redact } from '../../src/privacy/redact.ts';
import { writeFileAtomic } from '../../src/store/atomic.ts';
import { tempDir } from '../helpers/temp-repo.ts';
import { putPayload, readAll, simplePlace, simpleTools } from './simple-tools.ts';

const openings = [
  '<private>',
  '<PRIVATE>',
  '<Private >',
  '< private>',
  '<private\n>',
  '<private reason="pay">',
  '<private/>',
  '<pri\u200bvate>',
  '<\u001b[1mpri\u001b[31mvate\u001b[0m>',
  '\\074private\\076',
  '<\u00adprivate>',
  '\uff1cprivate\uff1e',
  '<ｐｒｉｖａｔｅ>',
  '&lt;private&gt;',
  '&#60;private&#62;',
  '&#x3c;private&#x3E;',
  '&amp;lt;private&amp;gt;',
  '\\u003cprivate\\u003e',
  '\\\\u003Cprivate\\\\u003E',
  '\\x3cprivate\\x3e',
  '%3Cprivate%3E',
  '%253Cprivate%253E',
  '<private><private>',
  '<b><private>',
];
const closings = [
  '</private>',
  '</PRIVATE >',
  '<\\/private>',
  '&lt;/private&gt;',
  '\\u003c/private\\u003e',
  '%3C/private%3E',
];
const isNested = (opening: string): boolean => opening === '<private><private>';
/** 48: every opening with the plain closing tag, which meets every carrier, and with another one, which meets every third. */
const forms = openings.flatMap((open, at) =>
  ['</private>', closings[1 + (at % (closings.length - 1))] ?? ''].map((close, other) => ({
    open,
    close: isNested(open) ? close + close : close,
    meets: (carrier: number): boolean => other === 0 || (carrier + at) % 3 === 0,
  })),
);

type Line = Record<string, unknown>;
interface Told {
  payloads: Line[];
  lines?: Line[];
}
type Carrier = (open: string, close: string, secrets: readonly [string, string, string]) => Told;

const prompt = (text: string, n = 1): Line => ({
  hook_event_name: 'UserPromptSubmit',
  prompt: text,
  prompt_id: `p${n}`,
});
const tool = (name: string, input: object, response: unknown, n = 1): Line => ({
  hook_event_name: 'PostToolUse',
  tool_name: name,
  tool_input: input,
  tool_response: response,
  tool_use_id: `t${n}`,
});
const shell = (stdout: string, n = 1): Line => tool('Bash', { command: `run step-${n}` }, { stdout, stderr: '' }, n);
const failure = (error: string, n = 1): Line => ({
  hook_event_name: 'PostToolUseFailure',
  tool_name: 'Bash',
  tool_input: { command: 'npm test' },
  error,
  tool_use_id: `t${n}`,
});
const blocks = (...texts: string[]): object => ({ content: texts.map((text) => ({ type: 'text', text })) });
const report = (text: string, n = 1): Line => ({
  hook_event_name: 'SubagentStop',
  agent_id: `a${n}`,
  agent_type: 'general-purpose',
  last_assistant_message: text,
});
const says = (...texts: string[]): Line => ({
  type: 'assistant',
  message: { role: 'assistant', content: texts.map((text) => ({ type: 'text', text })) },
});
const asks = (text: string, n = 1): Line => ({
  type: 'user',
  promptId: `p${n}`,
  message: { role: 'user', content: text },
});

const carriers: Record<string, Carrier> = {
  'lines of a prompt': (o, c, [x, y, z]) => ({ payloads: [prompt(`Look at this ${o}${x}\n${y}\n${z}${c} please`)] }),
  'two blocks of a result': (o, c, [x, y, z]) => ({
    payloads: [tool('mcp__notes__get', { q: 'x' }, blocks(`notes ${o}${x}`, `${y} ${z}${c} rest`))],
  }),
  'three blocks of a result': (o, c, [x, y, z]) => ({
    payloads: [tool('mcp__notes__get', { q: 'x' }, blocks(`notes ${o}${x}`, y, `${z}${c} rest`))],
  }),
  'output and errors of a command': (o, c, [x, y, z]) => ({
    payloads: [tool('Bash', { command: 'npm start' }, { stdout: `ready ${o}${x}`, stderr: `${y}\n${z}${c} end` })],
  }),
  'an input and its result': (o, c, [x, y, z]) => ({
    payloads: [tool('Bash', { command: `echo ${o}${x}` }, { stdout: `${y}\n${z}${c} end`, stderr: '' })],
  }),
  'lines of an edit': (o, c, [x, y, z]) => {
    const added = [`a${o}${x}`, y, `${z}${c}`].flatMap((text) => text.split('\n'));
    const lines = ['-old', ...added.map((line) => `+${line}`)];
    return {
      payloads: [
        tool(
          'Edit',
          { file_path: '/r/a.ts', old_string: 'old', new_string: added.join('\n') },
          { filePath: '/r/a.ts', structuredPatch: [{ oldStart: 1, oldLines: 1, newStart: 1, newLines: 3, lines }] },
        ),
      ],
    };
  },
  'a number between texts': (o, c, [x, y, z]) => ({
    payloads: [tool('mcp__pay__get', { q: `${o}${x}`, n: 4711_4711_47, a: y, b: `${z}${c}` }, blocks('ok'))],
  }),
  'a question and its answer': (o, c, [x, y, z]) => ({
    payloads: [
      tool(
        'AskUserQuestion',
        { questions: [{ question: `Which of these ${o}${x} shall we take?`, header: 'h', options: [] }] },
        { answers: { [`Which of these ${o}${x} shall we take?`]: `${y} ${z}${c}` } },
      ),
    ],
  }),
  'two messages': (o, c, [x, y, z]) => ({
    payloads: [prompt(`Look at ${o}${x}`, 1), prompt(`${y} ${z}${c} please`, 2)],
  }),
  'three messages with the agent between': (o, c, [x, y, z]) => ({
    payloads: [prompt(`Look at ${o}${x}`, 1), prompt(y, 2), prompt(`${z}${c} please`, 3)],
    lines: [asks(`Look at ${o}${x}`, 1), says(`You say ${y}.`), asks(y, 2), asks(`${z}${c} please`, 3)],
  }),
  'results with another between': (o, c, [x, y, z]) => ({
    payloads: [shell(`first ${o}${x}`, 1), shell(y, 2), failure(`Exit code 1\n${z}${c}\nError: refused`, 3)],
  }),
  'blocks of the agent': (o, c, [x, y, z]) => ({
    payloads: [prompt('Tell me more about the limit')],
    lines: [asks('Tell me more about the limit'), says(`It is ${o}${x}`, y, `${z}${c} so.`)],
  }),
  'reports of subagents': (o, c, [x, y, z]) => ({
    payloads: [report(`Found ${o}${x}`, 1), report(y, 2), report(`${z}${c} and no more`, 3)],
  }),
  'the summary of a compaction': (o, c, [x, y, z]) => ({
    payloads: [
      {
        hook_event_name: 'PostCompact',
        trigger: 'auto',
        compact_summary: `Summary: ${o}${x}\n${y}\n${z}${c} and the limit`,
      },
    ],
    lines: [
      {
        type: 'user',
        isCompactSummary: true,
        message: { role: 'user', content: `Summary: ${o}${x}\n${y}\n${z}${c} and the limit` },
      },
    ],
  }),
  'an output without its head': (_, c, [x, y, z]) => ({
    payloads: [failure(`Exit code 1\n${x}\n${y} ${z}${c}\nError: refused`)],
  }),
  'blocks without their head': (_, c, [x, y, z]) => ({
    payloads: [tool('mcp__notes__get', { q: 'x' }, blocks(x, y, `${z}${c} rest`))],
  }),
  'an output without its tail': (o, _, [x, y, z]) => ({ payloads: [shell(`first\n${o}${x}\n${y}\n${z}`)] }),
};

/** A word that occurs nowhere else and does not look like a secret. */
const wordOf = (name: string): string =>
  createHash('sha256')
    .update(name)
    .digest('hex')
    .slice(0, 16)
    .replace(/\d/g, (digit) => 'ghijklmnop'.charAt(Number(digit)));

let paths: MemoryPaths;
beforeEach(() => void (paths = simplePlace(tempDir())));
afterEach(() => rmSync(paths.root, { recursive: true, force: true }));

/** A provider that copies its whole request into a record, so that its content can be found on disk. */
function realTools(requests: CompressRequest[]): Partial<CompressTools> {
  const roots = { worktree: '/r', home: '/h' };
  return {
    provider: {
      name: 'echo',
      compress: async (request) => {
        requests.push(structuredClone(request));
        const body = JSON.stringify(request.events);
        const draft = { type: 'discovery', title: `What ${request.session} told`, body, description: '' } as const;
        const lists = { facts: [], concepts: [], aliases: [], cites: [], supersedes: [], contradicts: [] };
        return {
          by: 'echo/1',
          usage: { requests: 1, tokensIn: 0, tokensOut: 0 },
          drafts: [{ ...draft, ...lists, confidence: 1, importance: 1 }],
        };
      },
    },
    parsePayload: (payload, at) => {
      const { session, transcriptPath } = claudeCode.readCall(payload);
      const events = claudeCode.parsePayload(payload, { ...roots, at });
      return { session, events, ...(transcriptPath && { transcriptPath }) };
    },
    readTranscript: (path, from, context, clean) => {
      const part = readTranscriptFrom(path, from);
      const records = recordsIn(part.chunk).map(clean);
      return { entries: claudeCode.readTranscript(records, { ...roots, ...context }), to: part.nextOffset };
    },
    redact: (text) => ({ text: redact(stripPrivate(text).text).text }),
    readKnown: async () => [],
    write: (file, data, options) => writeFileAtomic(file, data, { ...options, fsync: false }),
  };
}

describe('a private passage', () => {
  const parts = [0, 1, 2, 3].map((part) => ({ part: part + 1, some: forms.slice(part * 12, part * 12 + 12) }));
  it.each(parts)('leaves nothing, in 48 spellings and 17 carriers ($part of 4)', async ({ some }) => {
    const hidden = new Map<string, string>();
    const outside: string[] = [];
    const requests: CompressRequest[] = [];
    for (const [form, { open, close, meets }] of some.entries()) {
      for (const [at, [name, carry]] of Object.entries(carriers).entries()) {
        if (!meets(at)) continue;
        const session = `s${form}-${at}`;
        const secrets = [0, 1, 2].map((n) => wordOf(`${session} ${n}`)) as [string, string, string];
        for (const secret of secrets) hidden.set(secret, `${JSON.stringify([open, close])} in ${name}`);
        const { payloads, lines = [] } = carry(open, close, secrets);
        const transcript = join(paths.root, 'transcripts', `${session}.jsonl`);
        const base = { session_id: session, cwd: '/r', transcript_path: lines.length > 0 ? transcript : '' };
        if (lines.length > 0) putTranscript(transcript, session, lines);
        const word = wordOf(`outside ${session}`);
        outside.push(word);
        // A turn of its own: what stands in the open is still told.
        const open9 = [prompt(`And the limit ${word}?`, 9), failure('Exit code 1\nError: the limit was reached', 9)];
        for (const payload of [...payloads, ...open9]) putPayload(paths, JSON.stringify({ ...base, ...payload }));
      }
      const result = await compressAll(paths, simpleTools(paths, realTools(requests)), { waits: true });
      expect(result.problems).toEqual([]);
    }
    expect(forms).toHaveLength(48);
    expect(outside.length).toBeGreaterThanOrEqual(6 * 17 + 6 * 5);
    rmSync(join(paths.root, 'transcripts'), { recursive: true, force: true });
    const kept = readAll(paths.root) + JSON.stringify(requests);
    const words = new Set(kept.match(/[a-p]{16,}/g));
    expect([...hidden].filter(([secret]) => words.has(secret)).map(([, where]) => where)).toEqual([]);
    expect(outside.filter((word) => !words.has(word))).toEqual([]);
    expect(kept).not.toContain('4711471147');
  });

  it('is waited for over claims when a person left it open, and no longer than its end', async () => {
    const requests: CompressRequest[] = [];
    const tell = async (...payloads: Line[]): Promise<void> => {
      for (const payload of payloads) putPayload(paths, JSON.stringify({ session_id: 'one', cwd: '/r', ...payload }));
      await compressAll(paths, simpleTools(paths, realTools(requests)), { waits: true });
    };
    const long = 'because callers of the gateway wait for it and nothing else was tried in the weeks before. '.repeat(
      3,
    );
    await tell(prompt('Look at this <private>alpha-bird'));
    await tell(prompt('beta-bird</private> and say why the limit is five', 2), failure('Exit code 1\nError: five', 2));
    await tell(prompt(`gamma-bird is fine, ${long}`, 3), failure('Exit code 1\nError: six', 3));
    const kept = readAll(paths.root) + JSON.stringify(requests);
    expect(kept).not.toMatch(/alpha-bird|beta-bird/);
    expect(kept).toContain('gamma-bird');
  });

  it('does not begin where a tag is only spoken of', async () => {
    const requests: CompressRequest[] = [];
    for (const payload of [
      prompt('Document the tag `<private>`', 1),
      shell('delta-bird flies', 2),
      failure('Exit code 1\nError: `</private>` expected', 3),
    ])
      putPayload(paths, JSON.stringify({ session_id: 'two', cwd: '/r', ...payload }));
    await compressAll(paths, simpleTools(paths, realTools(requests)), { waits: true });
    expect(JSON.stringify(requests)).toContain('delta-bird');
  });
});

function putTranscript(file: string, session: string, lines: readonly Line[]): void {
  mkdirSync(dirname(file), { recursive: true });
  const head = { isSidechain: false, sessionId: session, cwd: '/r', timestamp: '2026-11-20T12:00:00Z' };
  writeFileSync(file, lines.map((line, at) => `${JSON.stringify({ uuid: `u${at}`, ...head, ...line })}\n`).join(''));
}

// Assembles the compressor from the other rooms.
import { join, relative } from 'node:path';
import { attempt } from '../domain/errors.ts';
import { previewPasses } from '../compress/claims/request.ts';
import type { Memory } from '../memory/open.ts';
import { modelProviders } from './model-providers.ts';
import { pickProvider, setupOf, type PickedProvider } from './pick-provider.ts';
import { findHost, loadHosts } from '../agents/hosts.ts';
import { recordsIn } from '../agents/json-fields.ts';
import { filterEvent, loadPathRule, pathsNamed, toolRule } from '../compress/events/filter-events.ts';
import { pathRootsOf } from '../capture/path-roots.ts';
import { noteNews, noteSeen } from '../capture/notices.ts';
import { isPausedAt, readPauses } from '../capture/pauses.ts';
import { readTranscriptFrom } from '../compress/events/transcript-tail.ts';
import type { NotedHead } from '../capture/worktree-head.ts';
import { retryDead } from '../compress/claims/claim.ts';
import type { ModelProvider } from '../compress/providers/model-provider.ts';
import type { Provider } from '../compress/providers/provider.ts';
import { compressAll, emptyReport, hasWork } from '../compress/claims/run-claims.ts';
import type { CompressReport, CompressTools, HeadInfo } from '../compress/claims/dependencies.ts';
import { isTrusted } from '../domain/excerpt.ts';
import { readTextOrEmpty } from '../store/lenient-files.ts';
import { isIgnored, makeCites } from '../git/cites/cites.ts';
import { absolutePath } from '../store/layout.ts';
import { readRecordFile } from '../store/read-file.ts';
import { ensureLocalDir } from '../store/scaffold.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { extractiveProvider } from '../compress/rules/rules-provider.ts';
import { writeCitedList } from '../memory/cited-list.ts';
import { loadMode } from './modes.ts';
import { makeRedactor } from '../memory/redactor.ts';
import { sessionSecrets } from './session-secrets.ts';
import { readRecordSet } from '../memory/records.ts';

export interface CompressOptions {
  waits: boolean;
  retryDead?: boolean;
  progress?: (message: string) => void;
}

/** Delays between attempts of a provider before the extractive one takes the claim: three attempts. */
const retryDelaysMs = [2_000, 15_000];

export async function compressMemory(memory: Memory, options: CompressOptions): Promise<CompressReport> {
  const { paths, env, settings } = memory;
  if (options.retryDead) retryDead(paths.spoolDir);
  // With `manual`, hooks only capture.
  if (!options.waits && (settings.learn.when === 'manual' || !hasWork(paths, env.now()))) return emptyReport();
  const tools = await makeTools(memory, options);
  return compressAll(paths, tools, {
    waits: options.waits,
    afterwards: async ({ records }) => {
      if (settings.notify.sessions && !options.waits)
        noteNews(
          paths,
          records.filter(({ tier, type }) => tier === 'shared' && type !== 'tombstone'),
        );
      if (records.length > 0) writeCitedList(memory, await readRecordSet(memory.reread()));
      // On a full or read-only disk it fails, and the report says so where it matters.
      attempt(() => ensureLocalDir(paths));
      for (const [host, at] of tools.seen) noteSeen(paths, host, at);
    },
  });
}

/** The dependencies of the pipeline. Making them writes nothing. */
export async function makeTools(
  memory: Memory,
  options: Pick<CompressOptions, 'progress'>,
): Promise<CompressTools & { seen: ReadonlyMap<string, string> }> {
  const { env, paths, settings } = memory;
  const { share, language } = settings;
  const { mode } = await loadMode(memory);
  const worktree = paths.worktree ?? paths.root;
  const roots = pathRootsOf(paths, env.home);
  const redactor = makeRedactor(memory);
  const { provider } = await chooseProvider(memory);
  // In gitignore's syntax. It only restricts, so it is applied regardless of trust.
  const ignored = readTextOrEmpty(join(paths.memoryDir, 'ignore')).split(/\r?\n/);
  const isExcludedPath = await loadPathRule([...settings.exclude.paths, ...ignored]);
  const isExcludedTool = toolRule(settings.exclude.tools);
  const hosts = await loadHosts();
  const seen = new Map<string, string>();
  return {
    /** Host → time of its last event. */
    seen,
    env,
    settings: {
      ...share,
      language: language === 'auto' ? (mode.language ?? language) : language,
      mode,
      learnWhen: settings.learn.when,
      retryDelaysMs,
    },
    provider,
    fallback: extractiveProvider(),
    parsePayload: (payload, at, noted) => {
      const name = findHost(noted, payload);
      const host = hosts.get(name)!;
      const call = host.readCall(payload);
      seen.set(name, at);
      return {
        session: call.session,
        agent: call.agent ?? name,
        host: name,
        events: isExcludedTool(call.tool) ? [] : host.parsePayload(payload, { ...roots, at }),
        transcriptPath: call.transcriptPath || undefined,
      };
    },
    readTranscript: (path, from, context, clean) => {
      const part = readTranscriptFrom(path, from);
      const records = recordsIn(part.chunk).map(clean);
      const entries = hosts.get(findHost(context.host, {}))!.readTranscript(records, { ...roots, ...context });
      return {
        entries: entries.filter((entry) => entry.kind === 'event' || !isExcludedTool(entry.name)),
        to: part.nextOffset,
      };
    },
    redact: (text, scope) => ({ text: scope === 'alone' ? redactor.redactAlone(text) : redactor.redact(text) }),
    secrets: sessionSecrets(memory, redactor),
    filter: (events) => {
      const rules = { isExcludedPath, ignored: isIgnored(paths, pathsNamed(events)) };
      return events.flatMap((event) => filterEvent(event, rules) ?? []);
    },
    // The memory changes while we work, so git and the ledger are read again each time.
    snapshot: (gone) => headOf(memory.reread(), gone),
    readKnown: async () => {
      const { assessed } = await readRecordSet(memory.reread());
      return assessed
        .filter((one) => isTrusted(one.trust) && one.isHere && (one.isActive || one.excerpt.type === 'tombstone'))
        .map(({ excerpt }) => excerpt);
    },
    readRecord: async (excerpt) => {
      const read = readRecordFile({ ...excerpt, absolute: absolutePath(paths, excerpt.path) });
      return 'record' in read ? read.record : undefined;
    },
    makeCites: (drafts) => makeCites(paths, drafts),
    untracked: (files) => {
      const { index } = memory.reread().snapshot;
      return new Set(files.filter((path) => !index.has(relative(worktree, path).replaceAll('\\', '/'))));
    },
    write: writeFileAtomic,
    // Read each time: events after the end of a pause may arrive while a compressor runs that was started within it.
    isPaused: (session, at) => isPausedAt(readPauses(paths), session, at),
    progress: options.progress,
  };
}

export interface ChosenProvider extends PickedProvider {
  provider: Provider;
  /** The same provider, if it is a model. */
  model?: ModelProvider;
}

/** The provider for compression; the extractive one if the choice is unusable. */
export async function chooseProvider(memory: Memory): Promise<ChosenProvider> {
  const picked = pickProvider(memory);
  const fallback = extractiveProvider();
  if (picked.name === 'extractive') return { ...picked, provider: fallback };
  const { modelProvider } = await import('../compress/providers/model-provider.ts');
  const redactor = makeRedactor(memory);
  const { maxPerRequest: maxTokens, maxPerDay } = memory.settings.tokens;
  const model = modelProvider({
    paths: memory.paths,
    transport: await modelProviders[picked.name].load(memory),
    redact: (text) => redactor.redact(text),
    maxTokens,
    maxPerDay,
    setup: setupOf(memory, picked.name),
    fallback,
    now: () => memory.env.now(),
  });
  return { ...picked, provider: model, model };
}

/** `gone`: the state of a removed worktree, instead of that of now. */
function headOf({ snapshot }: Memory, gone?: NotedHead): HeadInfo {
  const { defaultBranch, objectFormat } = snapshot;
  const { head, branch } = gone ?? snapshot;
  const isDetached = gone ? head !== undefined : branch === undefined;
  const onDefault = isDetached || (branch !== undefined && branch === defaultBranch);
  return { head: head || undefined, branch: branch || undefined, onDefault, objectFormat };
}

export type DryRun = Awaited<ReturnType<typeof dryRun>>;

export async function dryRun(memory: Memory) {
  const { name, why, pause, model } = await chooseProvider(memory);
  const passes = await previewPasses(memory.paths, await makeTools(memory, {}));
  const requests = passes.map(({ kind, request }) => {
    const asked = kind === 'model' ? model : undefined;
    return {
      session: request.session,
      events: request.events.length,
      /** Why no request would be sent; undefined otherwise. */
      notAsked: asked === undefined ? `${name} asks nobody` : asked.whyNot(request),
      /** Host that would receive the request. */
      host: asked?.host,
      model: asked?.model,
      /** ⌈characters / 4⌉ of the model's input. */
      tokens: asked?.build(request).tokens,
      /** The request body. */
      body: asked?.describe(request),
    };
  });
  return {
    provider: name,
    why: pause === undefined ? why : `${why}; the rules for now: ${pause}`,
    requests,
    /** Tokens of all requests that would be sent. */
    tokens: requests.reduce((sum, one) => sum + (one.notAsked === undefined ? (one.tokens ?? 0) : 0), 0),
  };
}

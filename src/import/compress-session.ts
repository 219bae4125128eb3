// A past session through the compressor: with its own time, branch and commit, to this machine alone. All that import needs of the compressor's
// inside is here.
import { loadHost } from '../agents/hosts.ts';
import { recordsIn } from '../agents/json-fields.ts';
import { pathRootsOf } from '../capture/path-roots.ts';
import { prepareClaim, type PreparedClaim } from '../compress/claims/prepared-claim.ts';
import { publishPlan } from '../compress/claims/finish-claim.ts';
import { hasModel, makePass } from '../compress/claims/request.ts';
import { readState } from '../compress/claims/session-state.ts';
import type { CompressTools, HeadInfo } from '../compress/claims/dependencies.ts';
import { planClaim } from '../compress/plan/plan.ts';
import type { Plan } from '../compress/plan/planned.ts';
import { hashOf } from '../compress/plan/session-files.ts';
import type { CompressReply, Provider } from '../compress/providers/provider.ts';
import { runIn } from '../git/run/runner.ts';
import { makeTools } from '../learn/compress.ts';
import type { Memory } from '../memory/open.ts';
import { blobId } from '../store/blob.ts';
import { hashOfText } from './import-log.ts';
import { pastCites, readPastFiles } from './past-cites.ts';
import { maskExamples } from './redact-imported.ts';
import type { OwnTranscript } from './sources/transcripts.ts';

export interface SessionPlan {
  plan: Plan;
  /** Of the request, where a model would be asked: ⌈characters / 4⌉ of its events. */
  tokens: number;
  publish(): void;
}

export interface SessionCompressor {
  /** Undefined where nothing of the session is left. */
  plan(transcript: OwnTranscript): Promise<SessionPlan | undefined>;
  hasModel: boolean;
}

/** `asks`: the user's own model takes part, else the rules alone. */
export async function sessionCompressor(
  memory: Memory,
  roots: readonly string[],
  { asks, isDry }: { asks: boolean; isDry: boolean },
): Promise<SessionCompressor> {
  const { paths, env, snapshot } = memory;
  const base = await makeTools(memory, {});
  const host = await loadHost('claude-code');
  const own = pathRootsOf(paths, env.home);
  const pathRoots = { ...own, worktrees: roots.filter((root) => root !== own.worktree) };
  const provider = localOnly(asks ? base.provider : base.fallback);
  let known = base.readKnown();
  return {
    hasModel: hasModel(base),
    async plan(transcript) {
      const { session, path, to, started, ended, branch, lines } = transcript;
      let prepared: PreparedClaim | undefined;
      const tools: CompressTools = {
        ...base,
        env: { now: () => new Date(ended), randomBytes: (count) => env.randomBytes(count) },
        provider,
        fallback: localOnly(base.fallback),
        settings: { ...base.settings, sessions: false },
        redact: (text, scope) => ({ text: maskExamples(base.redact(text, scope).text) }),
        readKnown: () => known,
        readTranscript: (_path, _from, context, clean) => {
          // Emptied while it is read: it holds the whole transcript.
          const records = lines.splice(0).flatMap((line) => recordsIn(line).map(clean));
          return { entries: host.readTranscript(records, { ...pathRoots, ...context }), to };
        },
        makeCites: (drafts) => {
          const files = drafts.map((draft) => ({ ...draft, isEdited: true }));
          const past = readPastFiles(
            paths,
            files.map((file) => file.path),
          );
          const wish = { files, moment: { at: ended }, seenText: (file: string) => addedIn(prepared, file) };
          return pastCites(paths, past, [wish])[0] ?? [];
        },
      };
      const state = { ...readState(paths, session), started: `${started.slice(0, 19)}Z` };
      const payload = { session, agent: 'claude-code', host: 'claude-code', events: [], transcriptPath: path };
      const head = headAt(memory, ended, branch);
      prepared = prepareClaim([payload], { state, kept: [], head, isOver: true }, tools);
      const pass = await makePass(paths, prepared, state, tools);
      if (pass === undefined) return undefined;
      const tokens = Math.ceil(JSON.stringify(pass.request.events).length / 4);
      const isAsked = asks && pass.kind === 'model' && !isDry;
      const reply = await (isAsked ? answer(tools, pass.request) : tools.fallback.compress(pass.request));
      const claim = `import-${hashOfText(session)}`;
      const plan = await planClaim(paths, claim, { prepared, state, answer: { ...pass, kind: 'rules', reply } }, tools);
      const marked = withOrigin(plan, `sessions:${session}`, snapshot.objectFormat);
      const done = prepared;
      return {
        plan: marked,
        tokens,
        publish() {
          publishPlan(paths, claim, marked, done, tools);
          known = base.readKnown();
        },
      };
    },
  };
}

async function answer(tools: CompressTools, request: Parameters<Provider['compress']>[0]): Promise<CompressReply> {
  try {
    return await tools.provider.compress(request);
  } catch {
    return tools.fallback.compress(request);
  }
}

/** Nobody reviewed it: it stays on this machine, whatever its type. */
function localOnly(provider: Provider): Provider {
  return {
    ...provider,
    async compress(request, notes) {
      const reply = await provider.compress(request, notes);
      return { ...reply, drafts: reply.drafts.map((draft) => ({ ...draft, place: 'local' as const })) };
    },
  };
}

/** The telling lines that the session wrote into a file: by them the version that holds its edits is known. */
function addedIn(prepared: PreparedClaim | undefined, path: string): string[] {
  const edits = (prepared?.events ?? []).flatMap((event) =>
    event.kind === 'edit' && event.path === path && event.ok ? [event] : [],
  );
  const added = edits.at(-1)?.hunks.flatMap((hunk) => hunk.added) ?? [];
  return added.filter((line) => line.trim().length > 12 && !line.includes('[REDACTED')).slice(0, 5);
}

/** The branch of the session while it exists; the commit is the last one of HEAD's history at that time. */
function headAt({ paths, snapshot }: Memory, at: string, branch: string | undefined): HeadInfo {
  const { stdout } = runIn(paths, ['rev-list', '-1', '--first-parent', `--before=${at}`, 'HEAD']);
  const head = /^[0-9a-f]{40,64}$/.exec(stdout.trim())?.[0] ?? snapshot.head;
  const isOther =
    branch !== undefined &&
    branch !== snapshot.defaultBranch &&
    runIn(paths, ['show-ref', '--verify', '--quiet', `refs/heads/${branch}`]).ok;
  return {
    ...(head && { head }),
    ...(branch && { branch }),
    onDefault: !isOther,
    objectFormat: snapshot.objectFormat,
  };
}

/** Each record says where it came from; its ids and hashes follow. */
function withOrigin(plan: Plan, from: string, format: 'sha1' | 'sha256'): Plan {
  const texts = new Map(plan.files.map((file) => [file.path, file.text.replace(/\n---\n/, `\nfrom: ${from}\n---\n`)]));
  const files = plan.files.map((file) => ({ ...file, text: texts.get(file.path) ?? file.text }));
  const byId = new Map(plan.written.map(({ id, path }) => [id, texts.get(path)]));
  const ledger = plan.ledger.map((entry) => {
    const text = byId.get(entry.id);
    return text === undefined ? entry : { ...entry, blob: blobId(Buffer.from(text), format) };
  });
  const mark = <T extends Plan['state']['records'][number]>(record: T): T => {
    const text = byId.get(record.id);
    return text === undefined ? record : { ...record, hash: hashOf(text), bytes: Buffer.byteLength(text) };
  };
  const { state } = plan;
  return {
    ...plan,
    files,
    ledger,
    state: { ...state, records: state.records.map(mark), ...(state.summary && { summary: mark(state.summary) }) },
  };
}

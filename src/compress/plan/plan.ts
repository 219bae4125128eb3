// Turns a reply into records: through the gate, then checked against the mode, the tombstones and known records. Tiers are decided in
// settle-plan.ts.
import type { Draft } from '../../domain/draft.ts';
import type { Excerpt } from '../../domain/excerpt.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import type { MemoryRecord } from '../../domain/record.ts';
import { formatRecord } from '../../format/frontmatter.ts';
import { parseRecord } from '../../format/frontmatter-read.ts';
import type { PreparedClaim } from '../claims/prepared-claim.ts';
import type { AnsweredPass } from '../claims/request.ts';
import type { SessionState } from '../claims/session-state.ts';
import type { CompressTools } from '../claims/dependencies.ts';
import type { CompressReply } from '../providers/provider.ts';
import { findSimilar } from './find-similar.ts';
import { gateReply, type Gated } from './gate.ts';
import { inheritSuperseded } from './inherit.ts';
import { judgeKnown } from './known.ts';
import type { Made, Plan } from './planned.ts';
import { formatWithin, idOf, recordOfDraft, recordOfSummary, type Origin } from './record-of-draft.ts';
import { readSessionFiles, type SessionFile } from './session-files.ts';
import { prepareSession } from '../session/prepare-session.ts';
import { findMended, retire } from './retire.ts';
import { settlePlan } from './settle-plan.ts';

/** Number of known records that a draft is compared with. */
const comparedMax = 24;

export interface PlanInput {
  prepared: PreparedClaim;
  state: SessionState;
  /** Absent when the claim held nothing new. */
  answer?: AnsweredPass;
}

export async function planClaim(
  paths: MemoryPaths,
  claim: string,
  { prepared, state, answer }: PlanInput,
  tools: CompressTools,
): Promise<Plan> {
  const files = readSessionFiles(paths, state, tools);
  const replaced = files.filter(({ record, canMove }) => canMove && answer?.replaces.includes(record.id) === true);
  const dropped: Plan['dropped'] = [];
  const gated = answer && gateReply(answer.request, answer.reply);
  dropped.push(...(gated?.refused ?? []));
  const made =
    answer && gated ? await makeRecords(claim, prepared, answer, gated.drafts, replaced, dropped, tools) : [];
  const summary = answer && gated && summaryOf(claim, prepared, answer, gated, state, tools);
  const marked = answer === undefined ? { made, summary } : await markMended(made, summary, answer, state, tools);
  const settled = inheritSuperseded(marked.made, replaced).map((each) => {
    const kept = replaced.find((one) => isSameText(each.record, one));
    return kept === undefined ? each : { ...each, kept };
  });
  return settlePlan(paths, claim, {
    prepared,
    answer,
    state,
    tools,
    files: files.filter((one) => !replaced.includes(one)),
    replaced,
    made: settled,
    summary: marked.summary,
    dropped,
  });
}

/** Supersedes or marks records of other sessions that a commit of this session made obsolete, even if no draft names them. */
async function markMended(
  made: readonly Made[],
  summary: Made | undefined,
  { request }: AnsweredPass,
  state: SessionState,
  tools: CompressTools,
): Promise<{ made: readonly Made[]; summary: Made | undefined }> {
  if (!request.events.some((event) => event.kind === 'command' && event.commit !== undefined)) return { made, summary };
  const own = new Set(state.records.map(({ id }) => id));
  const excerpts = findSimilar(request.events, await tools.readKnown(), comparedMax, ({ id }) => !own.has(id));
  const mended = findMended(prepareSession(request.events), await readAll(excerpts, tools));
  const retired = retire(mended, summary === undefined ? made : [...made, summary]);
  const mark = (each: Made): Made => {
    const more = retired.get(each);
    if (more === undefined) return each;
    const supersedes = [...each.record.supersedes, ...more.supersedes];
    const contradicts = [...each.record.contradicts, ...more.contradicts];
    return { ...each, ...formatWithin({ ...each.record, supersedes, contradicts }) };
  };
  return { made: made.map(mark), summary: summary && mark(summary) };
}

async function makeRecords(
  claim: string,
  prepared: PreparedClaim,
  { reply }: AnsweredPass,
  drafts: readonly Draft[],
  replaced: readonly SessionFile[],
  dropped: Plan['dropped'],
  tools: CompressTools,
): Promise<Made[]> {
  const ownIds = new Set([...drafts.map((_, ordinal) => idOf(claim, ordinal)), idOf(claim, 'summary')]);
  const replacedIds = new Set(replaced.map(({ record }) => record.id));
  // A replay may find records written before the crash.
  const excerpts = (drafts.length === 0 ? [] : await tools.readKnown()).filter(
    ({ id }) => !ownIds.has(id) && !replacedIds.has(id),
  );
  const tombstones = await readAll(
    excerpts.filter(({ type }) => type === 'tombstone'),
    tools,
  );
  const { mode } = tools.settings;
  const made: Made[] = [];
  for (const [ordinal, draft] of drafts.entries()) {
    const drop = (reason: string): void => void dropped.push({ title: draft.title, reason });
    if (draft.importance < mode.minImportance) drop('not important enough for the mode');
    else if (!mode.types.includes(draft.type)) drop(`the mode writes no ${draft.type}`);
    else {
      const record = recordOfDraft(draft, idOf(claim, ordinal), originOf(prepared, reply), tools);
      if (record === undefined) {
        dropped.push({ title: '', reason: 'nothing was left of its title after redaction' });
        continue;
      }
      const known = [...(await readSimilar(draft, excerpts, tools)), ...made.map((other) => other.record)];
      const verdict = judgeKnown(record, known, tombstones, draft);
      if (verdict.kind === 'known') drop(verdict.reason);
      else {
        const { supersedes, contradicts } = verdict;
        made.push({ ...formatWithin({ ...record, supersedes, contradicts }), ...placeOf(draft) });
      }
    }
  }
  return made;
}

function placeOf({ importance, place }: Draft): Pick<Made, 'importance' | 'place'> {
  return place === undefined ? { importance } : { importance, place };
}

async function readSimilar(draft: Draft, excerpts: readonly Excerpt[], tools: CompressTools): Promise<MemoryRecord[]> {
  const words = [draft.title, draft.description, draft.body, ...draft.facts, ...draft.aliases].join('\n');
  const said = { kind: 'text', key: '', session: '', at: '', text: words } as const;
  const reads = draft.cites.map(({ path }) => ({ kind: 'read', key: '', session: '', at: '', path }) as const);
  const similar = findSimilar([said, ...reads], excerpts, comparedMax);
  const named = new Set([...draft.supersedes, ...draft.contradicts]);
  return readAll(
    [...similar, ...excerpts.filter(({ id }) => named.has(id) && !similar.some((one) => one.id === id))],
    tools,
  );
}

async function readAll(excerpts: readonly Excerpt[], tools: CompressTools): Promise<MemoryRecord[]> {
  const records = await Promise.all(excerpts.map((excerpt) => tools.readRecord(excerpt)));
  return records.filter((record) => record !== undefined);
}

/** Whether another claim wrote the same record: only claim-specific fields differ. */
function isSameText(record: MemoryRecord, { record: { id }, text }: SessionFile): boolean {
  const read = parseRecord(id, text);
  if (!('record' in read)) return false;
  const { created, branch, generated } = read.record;
  const { branch: _branch, ...rest } = record;
  return (
    formatRecord({
      ...rest,
      id,
      created,
      ...(branch === undefined ? {} : { branch }),
      ...(generated && { generated }),
    }) === text
  );
}

function originOf(prepared: PreparedClaim, reply: CompressReply): Origin {
  const paid = reply.usage.tokensIn + reply.usage.tokensOut;
  const texts = reply.drafts.length + (reply.summary === undefined ? 0 : 1);
  return { prepared, by: reply.by, tokens: Math.round(paid / Math.max(1, texts)) };
}

function summaryOf(
  claim: string,
  prepared: PreparedClaim,
  { reply }: AnsweredPass,
  gated: Gated,
  state: SessionState,
  tools: CompressTools,
): Made | undefined {
  if (gated.summary === undefined) return undefined;
  const started = state.started ?? prepared.events[0]?.at ?? prepared.at;
  const origin = originOf(prepared, reply);
  // Word for word, for this machine alone.
  const record = recordOfSummary(gated.summary, idOf(claim, 'summary'), origin, started, tools);
  if (record === undefined) return undefined;
  // A local summary is removed; a shared one may be committed.
  const supersedes = state.summary?.tier === 'shared' ? [state.summary.id] : [];
  return { ...formatWithin({ ...record, supersedes }), importance: 1 };
}

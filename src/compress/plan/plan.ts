// Turns a reply into records: through the gate, then checked against the mode, the tombstones and known records. Tiers are decided in
// settle-plan.ts.
import type { Draft } from '../../domain/draft.ts';
import type { Excerpt } from '../../domain/excerpt.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import type { MemoryRecord } from '../../domain/record.ts';
import { formatRecord } from '../../format/frontmatter.ts';
import { parseRecord } from '../../format/frontmatter-read.ts';
import type { AnsweredPass } from '../claims/request.ts';
import type { CompressTools } from '../claims/dependencies.ts';
import { prepareSession } from '../session/prepare-session.ts';
import { findSimilar, subjectOf } from './find-similar.ts';
import { gateReply } from './gate.ts';
import { judgeKnown } from './known.ts';
import type { Made, Plan, PlanInput } from './planned.ts';
import { formatWithin, idOf, recordOfDraft, recordOfSummary, type Origin } from './record-of-draft.ts';
import { readRecords, readSessionFiles, type SessionFile } from './session-files.ts';
import { findMended, linkOlder } from './retire.ts';
import { settlePlan } from './settle-plan.ts';

/** Number of known records that a draft is compared with. */
const comparedMax = 24;

/** A record of an earlier pass that this one replaces. */
interface Earlier {
  file: SessionFile;
  record: MemoryRecord;
}

export async function planClaim(
  paths: MemoryPaths,
  claim: string,
  input: PlanInput,
  tools: CompressTools,
): Promise<Plan> {
  const files = readSessionFiles(paths, input.state, tools);
  const replaced = files.filter(({ record, isOurs }) => isOurs && input.answer?.replaces.includes(record.id) === true);
  const staying = files.filter((file) => !replaced.includes(file));
  const dropped: Plan['dropped'] = [];
  const made = input.answer ? await makeRecords(claim, input, input.answer, replaced, dropped, tools) : [];
  return settlePlan(paths, claim, { ...input, tools, staying, replaced, made, dropped });
}

async function makeRecords(
  claim: string,
  { prepared, state }: PlanInput,
  { request, reply }: AnsweredPass,
  replaced: readonly SessionFile[],
  dropped: Plan['dropped'],
  tools: CompressTools,
): Promise<Made[]> {
  const gated = gateReply(request, reply);
  dropped.push(...gated.refused);
  const texts = reply.drafts.length + (reply.summary === undefined ? 0 : 1);
  const paid = reply.usage.tokensIn + reply.usage.tokensOut;
  const origin: Origin = { prepared, by: reply.by, tokens: Math.round(paid / Math.max(1, texts)) };
  // A replay may find records written before the crash.
  const ids = [...gated.drafts.keys(), 'summary' as const].map((ordinal) => idOf(claim, ordinal));
  const hidden = new Set([...ids, ...replaced.map(({ record }) => record.id)]);
  const excerpts = (await tools.readKnown()).filter(({ id }) => !hidden.has(id));
  const tombstones = await readRecords(
    excerpts.filter(({ type }) => type === 'tombstone'),
    tools,
  );
  const { mode } = tools.settings;
  const made: Made[] = [];
  for (const [ordinal, draft] of gated.drafts.entries()) {
    const { title, importance, place } = draft;
    const drop = (reason: string): void => void dropped.push({ title, reason });
    if (importance < mode.minImportance) drop('not important enough for the mode');
    else if (!mode.types.includes(draft.type)) drop(`the mode writes no ${draft.type}`);
    else {
      const record = recordOfDraft(draft, idOf(claim, ordinal), origin, tools);
      if (record === undefined) {
        dropped.push({ title: '', reason: 'nothing was left of its title after redaction' });
        continue;
      }
      const known = [...(await readSimilar(draft, excerpts, tools)), ...made.map((other) => other.record)];
      const verdict = judgeKnown(record, known, tombstones, draft);
      if (verdict.kind === 'known') drop(verdict.reason);
      else {
        const { supersedes, contradicts } = verdict;
        made.push({ ...formatWithin({ ...record, supersedes, contradicts }), importance, place });
      }
    }
  }
  const started = state.started ?? prepared.events[0]?.at ?? prepared.at;
  // What an agent said is for this machine alone.
  const told = gated.summary && { ...gated.summary, ...(tools.settings.sessions && { texts: [] }) };
  const summary = told && recordOfSummary(told, idOf(claim, 'summary'), origin, started, tools);
  // A local summary is removed by the plan; a shared one may be committed.
  const supersedes = state.summary?.tier === 'shared' ? [state.summary.id] : [];
  if (summary) made.push({ ...formatWithin({ ...summary, supersedes }), importance: 1 });
  // Records of other sessions that a commit of this one made obsolete, even if no draft names them.
  const own = new Set(state.records.map(({ id }) => id));
  const hasCommit = request.events.some((event) => event.kind === 'command' && event.commit !== undefined);
  const others = hasCommit
    ? findSimilar(subjectOf(request.events), excerpts, comparedMax, ({ id }) => !own.has(id))
    : [];
  const mended = hasCommit ? findMended(prepareSession(request.events), await readRecords(others, tools)) : [];
  const earlier = replaced.flatMap((file): Earlier[] => {
    const read = parseRecord(file.record.id, file.text);
    return 'record' in read ? [{ file, record: read.record }] : [];
  });
  const linked = linkOlder(
    made,
    mended,
    earlier.map(({ record }) => record),
  );
  return linked.map((each) => ({ ...each, kept: earlier.find((one) => isSameText(each.record, one))?.file }));
}

async function readSimilar(draft: Draft, excerpts: readonly Excerpt[], tools: CompressTools): Promise<MemoryRecord[]> {
  const text = [draft.title, draft.description, draft.body, ...draft.facts, ...draft.aliases].join('\n');
  const named = excerpts.filter(({ id }) => [...draft.supersedes, ...draft.contradicts].includes(id));
  return readRecords(
    [...new Set([...findSimilar({ ...draft, texts: [text] }, excerpts, comparedMax), ...named])],
    tools,
  );
}

/** Whether another claim wrote the same record: only claim-specific fields differ. */
function isSameText(record: MemoryRecord, { file, record: { id, created, branch, generated } }: Earlier): boolean {
  return formatRecord({ ...record, id, created, branch, generated }) === file.text;
}

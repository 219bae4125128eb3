// Replies to records: checked against the mode, the tombstones and what is known. Their places are settled in settle-plan.ts.
import type { Draft } from '../../domain/draft.ts';
import type { Excerpt } from '../../domain/excerpt.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { fileMaxBytes, type MemoryRecord } from '../../domain/record.ts';
import { formatRecord } from '../../format/frontmatter.ts';
import { parseRecord } from '../../format/frontmatter-read.ts';
import { findSimilar } from './find-similar.ts';
import { judgeKnown } from './known.ts';
import type { Made, Plan, Standing } from './planned.ts';
import type { CompressReply } from '../providers/provider.ts';
import { idOf, recordOfDraft, recordOfSummary, type Origin } from './record-of-draft.ts';
import type { Sealed } from '../claims/prepared-claim.ts';
import { settlePlan } from './settle-plan.ts';
import { jaccard, wordsOf } from './similar.ts';
import { readStanding } from './session-files.ts';
import type { SessionState } from '../claims/state.ts';
import type { CompressTools } from '../claims/tools.ts';

/** Known records that a draft is compared with. */
const comparedMax = 24;
/** Share of words in common (Jaccard) from which one record is the other's successor. */
const heirMinLikeness = 0.25;

/** Facts go from the end until the file has the format's size. */
function formatWithin(record: MemoryRecord): { record: MemoryRecord; text: string } {
  let fitted = record;
  let text = formatRecord(fitted);
  while (Buffer.byteLength(text) > fileMaxBytes && (fitted.facts.length > 0 || fitted.body.length > 200)) {
    fitted =
      fitted.facts.length > 0
        ? { ...fitted, facts: fitted.facts.slice(0, -1) }
        : { ...fitted, body: fitted.body.slice(0, fitted.body.length / 2) };
    text = formatRecord(fitted);
  }
  return { record: fitted, text };
}

async function readSimilar(draft: Draft, excerpts: readonly Excerpt[], tools: CompressTools): Promise<MemoryRecord[]> {
  const words = [draft.title, draft.description, draft.body, ...draft.facts, ...draft.aliases].join('\n');
  const said = { kind: 'text', key: '', session: '', at: '', text: words } as const;
  const reads = draft.cites.map(({ path }) => ({ kind: 'read', key: '', session: '', at: '', path }) as const);
  const similar = findSimilar([said, ...reads], excerpts, comparedMax);
  const named = new Set([...draft.supersedes, ...draft.contradicts]);
  const chosen = [...similar, ...excerpts.filter((excerpt) => named.has(excerpt.id) && !similar.includes(excerpt))];
  const records = await Promise.all(chosen.map((excerpt) => tools.readRecord(excerpt)));
  return records.filter((record) => record !== undefined);
}

export interface Answered {
  sealed: Sealed;
  replies: readonly CompressReply[];
  state: SessionState;
  /** Ids of the session's records that the replies take the place of, as far as they may still be removed. */
  replaces: ReadonlySet<string>;
}

/** The same record by another claim: only what a claim gives it differs. */
function isSameText(record: MemoryRecord, { record: { id }, text }: Standing): boolean {
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

/** What a replaced record superseded in other sessions, its likest successor supersedes. */
function inherit(made: readonly Made[], replaced: readonly Standing[]): Made[] {
  const heirs = new Map<Made, string[]>();
  const ids = new Set(replaced.map(({ record }) => record.id));
  for (const { record, text } of replaced) {
    const read = parseRecord(record.id, text);
    if (!('record' in read)) continue;
    const older = read.record;
    const owed = older.supersedes.filter((id) => !ids.has(id));
    if (owed.length === 0) continue;
    const scored = made.map((each) => ({ each, likeness: jaccard(wordsOf(each.record), wordsOf(older)) }));
    const [best] = scored.sort((a, b) => b.likeness - a.likeness);
    if (best !== undefined && best.likeness >= heirMinLikeness)
      heirs.set(best.each, [...(heirs.get(best.each) ?? []), ...owed]);
  }
  return made.map((each) => {
    const owed = heirs.get(each);
    if (owed === undefined) return each;
    const supersedes = [...new Set([...each.record.supersedes, ...owed])];
    return { ...each, ...formatWithin({ ...each.record, supersedes }) };
  });
}

export async function planClaim(
  paths: MemoryPaths,
  claim: string,
  { sealed, replies, state, replaces }: Answered,
  tools: CompressTools,
): Promise<Plan> {
  const standing = readStanding(paths, state, tools);
  const replaced = standing.filter(({ record, canMove }) => canMove && replaces.has(record.id));
  const replacedIds = new Set(replaced.map(({ record }) => record.id));
  const dropped: Plan['dropped'] = [];
  const drafts = replies.flatMap((reply) => reply.drafts.map((draft) => ({ draft, reply })));
  const ownIds = new Set([...drafts.map((_, ordinal) => idOf(claim, ordinal)), idOf(claim, 'summary')]);
  // A replay may find what it wrote before it died.
  const excerpts = (drafts.length === 0 ? [] : await tools.readKnown()).filter(
    ({ id }) => !ownIds.has(id) && !replacedIds.has(id),
  );
  const tombstones = (
    await Promise.all(excerpts.filter(({ type }) => type === 'tombstone').map((excerpt) => tools.readRecord(excerpt)))
  ).filter((record) => record !== undefined);

  const made: Made[] = [];
  for (const [ordinal, { draft, reply }] of drafts.entries()) {
    const drop = (reason: string): void => void dropped.push({ title: draft.title, reason });
    const { mode } = tools.settings;
    if (draft.importance < mode.minImportance) drop('not important enough for the mode');
    else if (!mode.types.includes(draft.type)) drop(`the mode writes no ${draft.type}`);
    else {
      const record = recordOfDraft(draft, idOf(claim, ordinal), originOf(claim, sealed, reply), tools);
      if (record === undefined) {
        dropped.push({ title: '', reason: 'nothing was left of its title after redaction' });
        continue;
      }
      const known = [...(await readSimilar(draft, excerpts, tools)), ...made.map((other) => other.record)];
      const verdict = judgeKnown(record, known, tombstones, draft);
      if (verdict.kind === 'known') drop(verdict.reason);
      else {
        const { supersedes, contradicts } = verdict;
        made.push({ ...formatWithin({ ...record, supersedes, contradicts }), importance: draft.importance });
      }
    }
  }
  const summary = summaryOf(claim, sealed, replies, state, tools);
  const settled = inherit(made, replaced).map((each) => {
    const kept = replaced.find((one) => isSameText(each.record, one));
    return kept === undefined ? each : { ...each, kept };
  });
  return settlePlan(paths, claim, {
    sealed,
    replies,
    state,
    tools,
    standing: standing.filter((one) => !replaced.includes(one)),
    replaced,
    made: settled,
    summary,
    dropped,
  });
}

function originOf(claim: string, sealed: Sealed, reply: CompressReply): Origin {
  const paid = reply.usage.tokensIn + reply.usage.tokensOut;
  return {
    claim,
    sealed,
    by: reply.by,
    tokens: Math.round(paid / Math.max(1, reply.drafts.length + (reply.summary === undefined ? 0 : 1))),
  };
}

function summaryOf(
  claim: string,
  sealed: Sealed,
  replies: readonly CompressReply[],
  state: SessionState,
  tools: CompressTools,
): Made | undefined {
  const reply = replies.findLast((each) => each.summary !== undefined);
  if (reply?.summary === undefined) return undefined;
  const origin = originOf(claim, sealed, reply);
  const started = state.started ?? sealed.events[0]?.at ?? sealed.at;
  const record = recordOfSummary(reply.summary, idOf(claim, 'summary'), origin, started, tools);
  if (record === undefined) return undefined;
  const supersedes = state.summary === undefined ? [] : [state.summary.id];
  return { ...formatWithin({ ...record, supersedes }), importance: 1 };
}

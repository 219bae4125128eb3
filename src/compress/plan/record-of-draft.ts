// Turns a provider's draft into a record: redacted again, cut to the format's limits. The tier is decided elsewhere.
import { createHash } from 'node:crypto';
import type { Draft, SummaryDraft } from '../../domain/draft.ts';
import { attempt } from '../../domain/errors.ts';
import { idFromBytes, shortSession } from '../../domain/id.ts';
import { blankRecord, bodyMaxChars, titleMaxChars, type MemoryRecord } from '../../domain/record.ts';
import type { RecordType } from '../../domain/types.ts';
import { formatRecord } from '../../format/frontmatter.ts';
import { stripPrivate } from '../../privacy/private-tags.ts';
import { oneLine } from '../session/command-results.ts';
import type { PreparedClaim } from '../claims/prepared-claim.ts';
import type { CompressTools } from '../claims/dependencies.ts';

const listMax = 12;
const itemMaxChars = 400;
const requestMaxChars = 600;
const descriptionMaxChars = 300;

export interface Origin {
  prepared: Pick<PreparedClaim, 'at' | 'branch' | 'session' | 'agent'>;
  by: string;
  tokens: number;
}

/** Deterministic: every replay of a claim gives the same id. */
export function idOf(claim: string, ordinal: number | 'summary'): string {
  return idFromBytes(createHash('sha256').update(`${claim}/${ordinal}`).digest());
}

type Clean = (text: string) => string;

function finalCleaner(tools: Pick<CompressTools, 'redact'>): Clean {
  return (text) => (text === '' ? '' : tools.redact(stripPrivate(text).text).text);
}

/** One line, cut at a word. Cleaned before and after joining lines, because joining can complete a secret. */
function cutLine(text: string, maxChars: number, clean: Clean): string {
  const line = clean(oneLine(clean(text)));
  if (line.length <= maxChars) return line;
  const head = line.slice(0, maxChars - 1);
  const space = head.lastIndexOf(' ');
  return `${endClean(space > maxChars * 0.6 ? head.slice(0, space) : head)}…`;
}

/** One line, cut at the end of a clause, without an ellipsis: the rest is a complete statement. */
function cutTitle(text: string): string {
  const line = oneLine(text);
  if (line.length <= titleMaxChars) return line;
  const head = line.slice(0, titleMaxChars + 1);
  const clauses = [...head.matchAll(/[,;:.–—(]\s|\s[–—-]\s|[，；。：、]|\s(?=\()/gu)].map(({ index }) => index);
  const at = clauses.findLast((index) => index >= titleMaxChars * 0.35) ?? head.lastIndexOf(' ');
  return endClean(head.slice(0, at > titleMaxChars * 0.35 ? at : titleMaxChars));
}

function endClean(text: string): string {
  return text.replace(/[\s,;:–—(-]+$/, '').replace(/[\uD800-\uDBFF]$/, '');
}

/** Drops a description that only repeats the title. */
function withoutTitle(description: string, title: string): string {
  const [told, said] = [title, description].map((text) => oneLine(text.toLowerCase().replace(/[`*.:,;…]/g, '')));
  return told !== '' && said!.includes(told!) ? '' : description;
}

function cutBody(text: string, maxChars: number): string {
  const body = text.trim();
  if (body.length <= maxChars) return body;
  const head = body.slice(0, maxChars - 1);
  const end = Math.max(head.lastIndexOf('\n'), head.lastIndexOf('. ') + 1);
  return end > maxChars * 0.6 ? head.slice(0, end).trimEnd() : `${head.trimEnd()}…`;
}

function cleanList(items: readonly string[], clean: Clean, max = listMax): string[] {
  const lines = items.map((item) => cutLine(item, itemMaxChars, clean)).filter((item) => item !== '');
  return [...new Set(lines)].slice(0, max);
}

/** Whether redaction has removed the title's subject. */
function isRedactedAway(title: string, cleaned: string): boolean {
  if (cleaned === title) return cleaned.trim() === '';
  const letters = cleaned.replace(/\[[^\]]*\]|<[^>]*>|\*{3,}/g, ' ').match(/\p{L}/gu)?.length ?? 0;
  return letters < 8 || letters < (title.match(/\p{L}/gu)?.length ?? 0) * 0.4;
}

function blank(id: string, type: RecordType, { prepared, by, tokens }: Origin): MemoryRecord {
  const { at, branch, agent } = prepared;
  const session = prepared.session === '' ? undefined : shortSession(prepared.session);
  return { ...blankRecord(id, type, at), branch, session, agent, generated: { by, tokens } };
}

/** Undefined when redaction leaves no title. */
export function recordOfDraft(
  draft: Draft,
  id: string,
  origin: Origin,
  tools: Pick<CompressTools, 'redact' | 'makeCites'>,
): MemoryRecord | undefined {
  const clean = finalCleaner(tools);
  const title = clean(oneLine(clean(draft.title)));
  if (isRedactedAway(draft.title, title)) return undefined;
  return {
    ...blank(id, draft.type, origin),
    title: cutTitle(title),
    description: cutLine(withoutTitle(clean(draft.description), title), descriptionMaxChars, clean),
    concepts: cleanList(draft.concepts, clean, 8),
    cites: tools.makeCites(draft.cites),
    aliases: cleanList(draft.aliases, clean),
    facts: cleanList(draft.facts, clean),
    source: draft.source,
    confidence: Math.round(Math.min(1, Math.max(0, draft.confidence)) * 100) / 100,
    body: cutBody(clean(draft.body), bodyMaxChars),
  };
}

/** Drops facts from the end, then shortens the body, until the file is within the format's limit. */
export function formatWithin(record: MemoryRecord): { record: MemoryRecord; text: string } {
  const { facts, body } = record;
  const text = facts.length + body.length > 0 ? attempt(() => formatRecord(record)) : formatRecord(record);
  if (text !== undefined) return { record, text };
  const shorter = facts.length > 0 ? { facts: facts.slice(0, -1) } : { body: body.slice(0, body.length / 2) };
  return formatWithin({ ...record, ...shorter });
}

/** Most items of each part; learned is what no record has room for. */
const summaryParts = [
  ['investigated', 'Investigated', 8],
  ['learned', 'Learned', 16],
  ['completed', 'Completed', 8],
  ['nextSteps', 'Next steps', 8],
] as const;

/** Undefined when it is empty. */
export function recordOfSummary(
  summary: SummaryDraft,
  id: string,
  origin: Origin,
  started: string,
  tools: Pick<CompressTools, 'redact'>,
): MemoryRecord | undefined {
  const clean = finalCleaner(tools);
  const told = summaryParts.flatMap(([key, heading, max]) => {
    const items = cleanList(summary[key], clean, max).map((item) => `- ${item}`);
    return items.length === 0 ? [] : [`## ${heading}\n\n${items.join('\n')}`];
  });
  const texts = (summary.texts ?? []).map(clean);
  if (texts.length > 0) told.push(`## Reports\n\n${texts.join('\n\n')}`);
  const title = clean(oneLine(clean(summary.title)));
  if (told.length === 0 || isRedactedAway(summary.title, title)) return undefined;
  return {
    ...blank(id, 'session', origin),
    title: cutTitle(title),
    request: cutLine(summary.request, requestMaxChars, clean),
    started,
    ended: origin.prepared.at,
    body: told.join('\n\n'),
  };
}

// The extractive provider: no model, no network, no chance. Chooses sentences of the session instead of writing new ones.
import type { Draft } from '../../domain/draft.ts';
import type { CompressReply, CompressRequest, KnownRecord, Provider } from '../providers/provider.ts';
import { correctOwn } from './corrections.ts';
import { makeDraft } from './records.ts';
import { dropRepeats, rarityOf, saysTheSame } from './score.ts';
import { splitSentences } from './sentences.ts';
import { makeSummary } from './summary.ts';
import { makeStatement, type Statement } from './statements.ts';
import { tellStory } from './story.ts';
import type { Topic } from './topic.ts';
import { findTopics } from './topics.ts';
import { stemsOf } from './words.ts';

export const extractiveName = 'extractive/1';
/** Characters of records that one session should leave; more would only push one another out of the caps. */
const sessionMaxChars = 20_000;
const charsPerRecord = 1_300;
const maxTopicsPerRequest = 15;
/** No cap leaves room for more. */
const wholeMaxTopics = 24;
/** Own records above this are full: what comes later gets a record of its own. */
const ownMaxChars = 900;

/** Sentences of a body, be it a paragraph or a list. */
const toldIn = ({ body }: KnownRecord): string[] =>
  body.split('\n').flatMap((line) => splitSentences(line.replace(/^- /, '')));

function knownStems(known: readonly KnownRecord[]): ReadonlySet<string>[] {
  return known
    .filter((record) => record.type !== 'progress' && record.type !== 'session')
    .flatMap((record) => [record.title, record.description, ...toldIn(record), ...record.facts])
    .map((text) => new Set(stemsOf(text)));
}

function isNews(statement: Statement, known: readonly ReadonlySet<string>[]): boolean {
  if (statement.detail === 'subject') return true;
  return !known.some((stems) => stems.size >= statement.stems.size * 0.8 && saysTheSame(statement.stems, stems));
}

function sizeOf(record: KnownRecord): number {
  return record.title.length + record.description.length + record.body.length + record.facts.join('').length;
}

/** What the session's own short lessons said: offered again, so that a topic that comes back becomes one record and not two. */
function ownUnits(own: readonly KnownRecord[]): Statement[] {
  return own
    .filter(
      (record) =>
        ['gotcha', 'bugfix', 'dead-end', 'decision', 'discovery', 'progress'].includes(record.type) &&
        sizeOf(record) < ownMaxChars,
    )
    .flatMap((record) =>
      [...new Set([record.description, ...toldIn(record), ...record.facts])]
        .filter((text) => text.length > 20)
        .map((text) =>
          makeStatement(text, text.startsWith('`') && / failed: | → /.test(text) ? 'failure' : 'text', -20, -1, {
            knownIn: record.id,
          }),
        ),
    );
}

/** A record of which nearly everything went into one topic is replaced by it; of the others nothing is said twice. */
function settleOwn(topics: readonly Topic[], units: readonly Statement[]): void {
  for (const id of new Set(units.map((unit) => unit.knownIn!))) {
    const mine = units.filter((unit) => unit.knownIn === id);
    const heir = topics.find(
      (topic) =>
        topic.kind !== 'pending' &&
        topic.members.filter((member) => member.knownIn === id).length >= mine.length * 0.75,
    );
    if (heir) heir.supersedes = [...(heir.supersedes ?? []), id];
    for (const topic of topics)
      if (topic !== heir) topic.members = topic.members.filter((member) => member.knownIn !== id);
  }
}

function draftsOf(request: CompressRequest): Draft[] {
  const own = request.known.filter((record) => record.session === request.session && record.type !== 'session');
  const units = ownUnits(own);
  const story = tellStory(request.events, units);
  const known = knownStems(request.known);
  const news = dropRepeats(story.statements).filter((statement) => isNews(statement, known));
  const spent = own.reduce((sum, record) => sum + sizeOf(record), 0);
  const room = Math.floor((sessionMaxChars - spent) / charsPerRecord);
  const maxTopics = request.caps ? wholeMaxTopics : Math.max(2, Math.min(maxTopicsPerRequest, room));
  const statements = [...news, ...units];
  const topics = findTopics(story, statements, maxTopics, request.caps);
  const rarity = rarityOf(statements);
  settleOwn(topics, units);
  correctOwn(topics, own);
  const drafts: Draft[] = [];
  for (const topic of topics) {
    const draft = makeDraft(topic, story, rarity);
    if (!draft || !request.mode.types.includes(draft.type) || draft.importance < request.mode.minImportance) continue;
    if (![...drafts, ...request.known].some((other) => other.title === draft.title)) drafts.push(draft);
  }
  return drafts.sort((a, b) => b.importance - a.importance);
}

/** The default provider. Answers the same request with the same reply, in time linear in the events but for pairs within a topic. */
export function extractiveProvider(): Provider {
  return {
    name: 'extractive',
    readsWholeSession: true,
    async compress(request: CompressRequest): Promise<CompressReply> {
      const drafts = draftsOf(request);
      const summary = request.wantsSummary
        ? makeSummary(request.story.length > 0 ? request.story : request.events)
        : undefined;
      return {
        drafts,
        ...(summary ? { summary } : {}),
        usage: { requests: 0, tokensIn: 0, tokensOut: 0 },
        by: extractiveName,
      };
    },
  };
}

// One topic becomes one draft: its seed names it, its prose explains it, the rest are facts.
import type { Draft, DraftCite } from '../../domain/draft.ts';
import { bodyMaxChars, titleMaxChars } from '../../domain/record.ts';
import { type ObservationType, observationTypes } from '../../domain/types.ts';
import { cuePatterns, dangling, pointing } from './cues.ts';
import { confidenceOf, typeOf } from './judge.ts';
import { plainText, raiseFirst, splitSentences } from './sentences.ts';
import { sectionKind, type Statement, type Story } from './statements.ts';
import { makeTitle, readSubject } from './titles.ts';
import type { Topic } from './topics.ts';
import { clip, pathsOf, splitIdentifier } from './words.ts';

const proseSources = new Set(['text', 'closing', 'commit', 'reason', 'summary', 'report', 'answer', 'prompt']);
const bodyChars = 820;
const maxCites = 3;

/** Where the record speaks of: hunks of edits near the seed, then files that its statements name. */
function citesOf(topic: Topic, story: Story): DraftCite[] {
  const cites = new Map<string, DraftCite & { weight: number }>();
  const named = new Set(topic.members.flatMap((member) => [...member.paths, ...pathsOf(member.text)]));
  const isNamed = (path: string): boolean => named.has(path) || [...named].some((name) => path.endsWith(`/${name}`));
  const cure = story.failures.find(
    (failure) =>
      failure.curedAt !== undefined && topic.seed.at >= failure.at - 2 && topic.seed.at <= failure.curedAt + 1,
  );
  story.events.forEach((event, at) => {
    if (event.kind !== 'edit' || !event.ok) return;
    const isNear = topic.seed.source !== 'summary' && at >= topic.seed.at && at - topic.seed.at <= 4;
    const isCure = cure !== undefined && topic.kind === 'lesson' && at > cure.at && at < cure.curedAt!;
    const isWork = topic.kind === 'work' && story.episodes[at] === topic.seed.episode;
    const weight = (isNamed(event.path) ? 4 : 0) + (isNear ? 3 : 0) + (isCure ? 2 : 0) + (isWork ? 1 : 0);
    if (weight === 0) return;
    const hunk = event.hunks.toSorted((a, b) => b.added.length - a.added.length)[0];
    const previous = cites.get(event.path);
    const lines: [number, number] | undefined =
      hunk && hunk.lines > 0 ? [hunk.start, hunk.start + hunk.lines - 1] : undefined;
    cites.set(event.path, {
      path: event.path,
      ...(lines ? { lines } : {}),
      weight: weight + (previous?.weight ?? 0) * 0.2,
    });
  });
  return [...cites.values()]
    .sort((a, b) => b.weight - a.weight)
    .slice(0, maxCites)
    .map(({ path, lines }) => (lines ? { path, lines } : { path }));
}

function aliasesOf(topic: Topic, title: string): string[] {
  const aliases = new Set<string>();
  const text = topic.members.map((member) => member.text).join(' ');
  for (const [name] of text.matchAll(/\b[A-Z]\w+(?:Error|Exception|Warning)\b/g)) aliases.add(name);
  for (const identifier of topic.seed.identifiers) {
    const words = splitIdentifier(identifier.replace(/^.*\/(?=\w{3})|\.\w{1,5}$/g, ''));
    if (words.length > 1 && words.length < 5 && !/\s/.test(identifier)) aliases.add(words.join(' ').toLowerCase());
  }
  const said = title.toLowerCase();
  return [...aliases]
    .filter((alias) => alias.length > 4 && alias.length < 50 && !said.includes(alias.toLowerCase()))
    .slice(0, 6);
}

const typeConcepts: Partial<Record<ObservationType, string[]>> = {
  bugfix: ['problem-solution'],
  gotcha: ['gotcha'],
  decision: ['trade-off', 'why-it-exists'],
  'dead-end': ['problem-solution'],
  feature: ['what-changed', 'how-it-works'],
  change: ['what-changed'],
  refactor: ['what-changed'],
  pattern: ['pattern'],
  architecture: ['how-it-works'],
  discovery: ['how-it-works'],
};

const endStop = (text: string): string => (/[.!?…。！？]$/u.test(text) ? text : `${text}.`);

const pendingLead = 'Pending at compaction: ';

function titleOf(topic: Topic, story: Story): string | undefined {
  const { seed } = topic;
  if (seed.detail === 'subject') return clip(readSubject(seed.text).text, titleMaxChars);
  // What a subagent found says more than what it was asked.
  if (topic.kind === 'report')
    return makeTitle(ownText(seed)) ?? makeTitle(seed.text) ?? clip(askedOf(topic, story), titleMaxChars);
  if (topic.kind === 'pending') {
    const first = topic.members
      .map((member) => makeTitle(member.text))
      .find(
        (title) => title !== undefined && title.length + pendingLead.length <= titleMaxChars && !title.endsWith('…'),
      );
    return first === undefined ? pendingLead.replace(/: $/, '') : `${pendingLead}${first}`;
  }
  return makeTitle(ownText(seed)) ?? makeTitle(seed.text);
}

/** What a subagent was asked; '' for every other topic. */
function askedOf(topic: Topic, story: Story): string {
  const event = story.events[topic.seed.at];
  return topic.kind === 'report' && event?.kind === 'report' ? raiseFirst(event.description) : '';
}

/** The text with its list parent in short (a path's base name), or without it when it can stand alone. */
function ownText(statement: Statement): string {
  if (statement.lead === '' || statement.detail === 'in-vain') return statement.text;
  if (cuePatterns['dead-end'].test(statement.lead)) return statement.lead;
  const own = statement.text.slice(statement.lead.length + 1).trim();
  const short = /^`?[\w./@-]+`?$/.test(statement.lead)
    ? `\`${statement.lead.replace(/`/g, '').replace(/^.*\//, '')}\``
    : statement.lead;
  const whole = `${short}: ${own}`;
  return whole.length <= titleMaxChars || own.split(/\s+/).length < 5 ? whole : raiseFirst(own);
}

/** What somebody meant to do next is no news of what was done, unless it says why. */
function isIdle(member: Statement): boolean {
  if (member.source === 'answer') return false;
  if (sectionKind(member.section) === 'pending') return true;
  if (!member.isPlan) return false;
  const saysWhy = member.cues.has('cause') || member.cues.has('decision');
  return (
    !saysWhy || member.identifiers.length === 0 || /^\w+ (?:that|this|it|these|those|both|two)\b/i.test(member.text)
  );
}

/** Subjects of further commits as sentences. */
function asTold(member: Statement): Statement {
  return member.detail === 'subject' ? { ...member, text: readSubject(member.text).text } : member;
}

/** The draft of a topic; undefined when nothing in it can carry a title. */
export function makeDraft(topic: Topic, story: Story): Draft | undefined {
  const { seed } = topic;
  const type = typeOf(topic, story);
  const title = titleOf(topic, story);
  if (title === undefined || title === '') return undefined;
  const isList = topic.kind === 'pending' || topic.kind === 'report';
  const rest = topic.members.filter((member) => (member !== seed || isList) && (isList || !isIdle(member))).map(asTold);
  const prose = rest.filter((member) => !isList && proseSources.has(member.source)).sort((a, b) => b.score - a.score);
  const seedText = plainText(seed.text);
  const remainder = splitSentences(seedText).slice(1).join(' ');
  const firstSentence = splitSentences(seedText)[0] ?? seedText;
  const isNearlyWhole = firstSentence.length - title.length < 34 && firstSentence.includes(title.slice(4, -4));
  const isWhole =
    isNearlyWhole || isList || seed.detail === 'subject' || endStop(title).length >= endStop(seedText).length - 2;
  const hasRemainder = !isList && seed.detail !== 'subject' && remainder.length > 30;
  const firstOfCommit = prose.filter(
    (member) => member.source === 'commit' && member.at === seed.at && member.lead === '',
  );
  firstOfCommit.sort((a, b) => a.order - b.order);
  const leadAt =
    seed.detail === 'subject' && firstOfCommit[0]
      ? prose.indexOf(firstOfCommit[0])
      : prose.findIndex(
          (member) =>
            !['report', 'prompt'].includes(member.source) &&
            !member.isPlan &&
            !dangling.test(member.text) &&
            !pointing.test(member.text) &&
            [...member.stems].some((stem) => seed.stems.has(stem)),
        );
  const lead = hasRemainder ? undefined : isWhole ? prose.splice(leadAt, leadAt < 0 ? 0 : 1)[0] : seed;
  const listed = isList ? rest[0] : undefined;
  const asked = askedOf(topic, story);
  const description = listed
    ? clip(asked === '' ? endStop(listed.text) : `${endStop(asked)} ${endStop(listed.text)}`, 240)
    : hasRemainder
      ? clip(endStop(remainder), 240)
      : lead
        ? clip(endStop(lead.text), 240)
        : '';
  const body: Statement[] = [];
  let chars = 0;
  if (hasRemainder && !isWhole && endStop(title).length < (splitSentences(seedText)[0]?.length ?? 0) - 8)
    body.push({ ...seed, text: splitSentences(seedText)[0] ?? seedText });
  else if (lead && lead.text.length > 239) body.push(lead);
  for (const statement of prose) {
    if (chars + statement.text.length > bodyChars) continue;
    body.push(statement);
    chars += statement.text.length + 2;
  }
  body.sort((a, b) => a.at - b.at || a.order - b.order);
  const facts = rest
    .filter((member) => member !== lead && member !== listed && !body.includes(member))
    .sort((a, b) => a.at - b.at || a.order - b.order);
  const cites = citesOf(topic, story);
  const total = topic.members.reduce(
    (sum, member) => sum + Math.max(0, member.score - 1.2) * (proseSources.has(member.source) ? 1 : 0.8),
    0,
  );
  const confidence = confidenceOf(topic, story);
  const importance = Math.min(
    1,
    0.2 * observationTypes[type].weight + 0.8 * (confidence - 0.5) + 0.5 * Math.min(1, total / 26),
  );
  return {
    type,
    title,
    description: raiseFirst(description !== '' ? description : fallbackDescription(body, facts)),
    body: clip(joinProse(body) || description || endStop(title), bodyMaxChars),
    facts: groupFacts(facts),
    concepts: typeConcepts[type] ?? [],
    aliases: aliasesOf(topic, title),
    cites,
    confidence,
    importance: Math.round(Math.min(1, topic.isChosen === true ? importance + 0.3 : importance) * 1000) / 1000,
    supersedes: topic.supersedes ?? [],
    contradicts: [],
  };
}

/** Without a sentence of its own: the best of the body, else what a check said. */
function fallbackDescription(body: readonly Statement[], facts: readonly Statement[]): string {
  const best = [...body]
    .sort((a, b) => b.score - a.score)
    .find((member) => !member.isPlan && !dangling.test(member.text));
  const said = best ?? facts.find((fact) => fact.source === 'failure') ?? facts.find((fact) => fact.source !== 'edit');
  return said ? clip(endStop(said.text), 240) : '';
}

/** Sentences in order; children of one list parent share its words. */
function joinProse(statements: readonly Statement[]): string {
  let text = '';
  let lead = '';
  for (const statement of statements) {
    const isSame = statement.lead !== '' && statement.lead === lead;
    const own = isSame ? statement.text.slice(lead.length + 1).trim() : statement.text;
    text = isSame ? `${text.replace(/[.]$/, '')}; ${endStop(own)}` : `${text} ${endStop(own)}`;
    lead = statement.lead;
  }
  return text.trim();
}

/** Edit facts of one file share one line: the path is said once. */
function groupFacts(statements: readonly Statement[]): string[] {
  const facts: string[] = [];
  const places = new Map<string, number>();
  for (const statement of statements) {
    const head =
      statement.source === 'edit'
        ? `\`${statement.paths[0] ?? ''}\``
        : statement.lead === ''
          ? ''
          : `${statement.lead}:`;
    const place = head === '' ? undefined : places.get(head);
    if (place !== undefined && facts[place]!.length + statement.text.length < 395) {
      facts[place] += `; ${statement.text.slice(head.length).trim()}`;
      continue;
    }
    if (head !== '') places.set(head, facts.length);
    const prefix = statement.source === 'spec' ? 'Spec: ' : '';
    facts.push(`${prefix}${clip(statement.text, 395)}`);
  }
  return facts;
}

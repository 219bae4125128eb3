// One topic becomes one draft: a name for all of it, a gist, what was said, and what bears it out.
import type { Draft } from '../../domain/draft.ts';
import { bodyMaxChars, titleMaxChars } from '../../domain/record.ts';
import { type ObservationType, observationTypes } from '../../domain/types.ts';
import { cosineOf, type Rarity, vectorOf } from './affinity.ts';
import { endStop, renderBody, renderFacts } from './body.ts';
import { type Bundle, bundleKey, bundleStatements } from './bundles.ts';
import { citesOf } from './cites.ts';
import { cuePatterns, dangling, pointing } from './cues.ts';
import { confidenceOf, typeOf } from './judge.ts';
import { raiseFirst, splitSentences } from './sentences.ts';
import { sectionKind, type Statement, type Story } from './statements.ts';
import { clipTitle, makeTitle, readSubject, withoutTask, withoutTitle } from './titles.ts';
import { isPath, isProse } from './tellable.ts';
import type { Topic } from './topic.ts';
import { containment, identifiersOf, splitIdentifier, stemsOf } from './words.ts';

const bodyChars = bodyMaxChars - 100;
const descriptionMaxChars = 290;

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

const pendingLead = 'Pending at compaction: ';
const titleWeight = { seed: 2, score: 0.25, center: 3, whole: 0.4, closing: 4, reason: 2.5, head: 2.2 };

const explains = ({ cues }: Statement): boolean => cues.has('cause') || cues.has('cure');

interface Named {
  title: string;
  worth: number;
  from?: Statement;
}

/** The best name for all of it: near its middle, from a statement that weighs, best its seed; for work what stood above its items. */
function nameOf(topic: Topic, story: Story, rarity: Rarity): Named | undefined {
  const { seed, members, kind } = topic;
  const told = members.filter(
    (member) => (isProse(member) || member === seed) && member.detail !== 'in-vain' && member.knownIn === undefined,
  );
  const isMended = members.some(({ detail }) => detail === 'cured');
  const closeness = (statements: readonly Statement[]): number => cosineOf(vectorOf(statements, rarity), topic.center);
  const named: Named[] = told.flatMap((from) => {
    const own = ownText(from);
    const title = makeTitle(own) ?? makeTitle(from.text);
    if (title === undefined || dangling.test(from.text)) return [];
    const isWhole = title.length >= own.length - 2;
    const near = closeness([from]);
    const worth =
      titleWeight.center * near +
      titleWeight.score * from.score +
      (from === seed ? (kind === 'work' || seed.source === 'closing' ? 0.5 : titleWeight.seed) : 0) +
      (isWhole ? titleWeight.whole : 0) +
      (from.source === 'closing' && explains(from) ? titleWeight.closing : 0) +
      (isMended && /\b(?:because|weil)\b/i.test(title) && near > 0.3 ? titleWeight.reason : 0);
    return [{ title, worth, from }];
  });
  if (kind === 'work') {
    // What the session calls the task; its last word on it first.
    for (const task of new Set(told.flatMap((member) => member.task ?? []))) {
      const names = (story.taskNames.get(task) ?? []).toReversed().map((name) => makeTitle(name));
      const title = names.find((name) => name !== undefined);
      if (title !== undefined && (seed.task === task || told.length < 3))
        named.push({ title, worth: titleWeight.center + titleWeight.head + 0.25 * seed.score });
    }
    for (const lead of new Set(told.map((member) => member.lead))) {
      const mates = told.filter((member) => member.lead === lead);
      const title = lead === '' || isPath(lead) ? undefined : (makeTitle(lead) ?? makeTitle(mates[0]!.text));
      if (title !== undefined && mates.length > 1)
        named.push({ title, worth: titleWeight.center * closeness(mates) + titleWeight.head + 0.25 * seed.score });
    }
  }
  return named.sort((a, b) => b.worth - a.worth)[0];
}

/** The text with its list parent in short (a path's base name), or without it when it can stand alone. */
function ownText(statement: Statement): string {
  const { lead, text } = statement;
  if (lead === '') return text;
  if (cuePatterns['dead-end'].test(lead)) return lead;
  const own = text.slice(lead.length + 1).trim();
  const short = isPath(lead) ? `\`${lead.replace(/`/g, '').replace(/^.*\//, '')}\`` : withoutTask(lead);
  const whole = `${short}: ${own}`;
  return whole.length <= titleMaxChars || own.split(/\s+/).length < 5 ? whole : raiseFirst(own);
}

function titleOf(topic: Topic, story: Story, rarity: Rarity): { title: string; from?: Statement } | undefined {
  const { seed, kind, members } = topic;
  if (seed.detail === 'subject') return { title: clipTitle(readSubject(seed.text).text), from: seed };
  if (kind === 'pending') {
    const fits = (title: string | undefined): boolean =>
      title !== undefined && title.length + pendingLead.length <= titleMaxChars;
    const first = members.find((member) => fits(makeTitle(member.text)));
    return {
      title: first ? `${pendingLead}${makeTitle(first.text)}` : pendingLead.replace(/: $/, ''),
      ...(first && { from: first }),
    };
  }
  if (kind === 'report') {
    // What a subagent found says more than what it was asked.
    const from = members.find((member) => makeTitle(member.text) !== undefined);
    const title = (from && makeTitle(from.text)) ?? clipTitle(askedOf(topic, story));
    return { title, ...(from && { from }) };
  }
  if (seed.source === 'answer') return { title: answerTitle(seed.text), from: seed };
  if (seed.source === 'prompt') return { title: makeTitle(seed.text) ?? clipTitle(seed.text), from: seed };
  return kind === 'digest' ? digestName(topic) : nameOf(topic, story, rarity);
}

/** Its heading, and as many of its items by name as fit. */
function digestName({ seed, members }: Topic): { title: string } | undefined {
  const names = members.flatMap(({ text }) => /^(.{8,60}?): \S/.exec(text)?.[1] ?? []);
  let title = `${raiseFirst(seed.section.toLowerCase())}: `;
  for (const name of names) {
    const next = `${title}${title.endsWith(': ') ? '' : '; '}${name}`;
    if (next.length <= titleMaxChars) title = next;
  }
  return title.endsWith(': ') ? undefined : { title };
}

/** Question and answer, as much of them as fits: the answer is the news. */
function answerTitle(text: string): string {
  const [question = '', answer = ''] = text.split(' — ');
  const asked = splitSentences(question).at(-1) ?? question;
  const told = makeTitle(question) ?? '';
  const clauses = (splitSentences(answer)[0] ?? answer).replace(/[.]$/, '').split('; ');
  const said = /^(?:yes|no|ja|nein)\b/i.test(clauses[0] ?? '') ? clauses[0] : clauses.at(-1);
  const subjects = [
    question,
    stemsOf(asked).length > 2 ? asked : '',
    told,
    told.replace(/ (?:in|on|at|of|for|with) \S+$/, ''),
  ];
  const heads = subjects
    .filter((subject) => subject !== '')
    .flatMap((subject) => [clauses.join('; '), said].map((one) => `${subject} — ${one}`));
  return clipTitle([...heads, told, asked].find((head) => head.length > 12 && head.length <= titleMaxChars) ?? asked);
}

/** What a subagent was asked; '' for every other topic. */
function askedOf(topic: Topic, story: Story): string {
  const event = story.events[topic.seed.at];
  return topic.kind === 'report' && event?.kind === 'report' ? raiseFirst(event.description) : '';
}

/** Subjects of further commits as sentences; an error that was open at a compaction says when, if work went on. */
function asTold(member: Statement, story: Story): Statement {
  const { detail, source, text, at, cues } = member;
  if (detail === 'subject') return { ...member, text: readSubject(text).text };
  const isOpen = source === 'summary' && at < story.lastCommit && /\bline \d+\b/.test(text) && !cues.has('cure');
  return isOpen ? { ...member, text: `${text.replace(/[.]$/, '')} (at compaction)` } : member;
}

/** The title says (nearly) all that the statement does, and every name in it. */
function isSaid(statement: Statement, title: string): boolean {
  const said = new Set(stemsOf(title));
  const own = withoutTask(statement.text);
  const isNamed = identifiersOf(own).every((name) => stemsOf(name).every((stem) => said.has(stem)));
  return containment(new Set(stemsOf(own)), said) >= (isNamed ? 0.65 : 0.85);
}

/** The title is its beginning, and the rest says something. */
const isCut = ({ text, lead }: Statement, title: string): boolean => text.length - lead.length > title.length + 20;

/** What stands before an item says no more than the title does: the item alone. */
function withoutName(member: Statement, title: string): Statement {
  if (member.lead === '' || !['closing', 'reason'].includes(member.source)) return member;
  const name = new Set(stemsOf(withoutTask(member.lead)));
  if (containment(name, new Set(stemsOf(title))) < 0.85) return member;
  const text = raiseFirst(member.text.slice(member.lead.length).replace(/^:\s*/, ''));
  return { ...member, text, lead: '', stems: new Set(stemsOf(text)) };
}

/** What the description is made of: the statement that the title was cut from, else the best that leads on. */
function leadOf(
  topic: Topic,
  prose: readonly Statement[],
  from: Statement | undefined,
  title: string,
): Statement | undefined {
  const canDescribe = (member: Statement): boolean =>
    member.detail !== 'in-vain' &&
    !dangling.test(member.text) &&
    !pointing.test(member.text) &&
    member.text.length <= descriptionMaxChars &&
    (!isSaid(member, title) || isCut(member, title));
  if (from && from.detail !== 'subject' && prose.includes(from) && canDescribe(from)) return from;
  const own = prose.filter((member) => member.at === topic.seed.at && member.source === topic.seed.source);
  if (topic.seed.detail === 'subject') {
    const first = own
      .filter((member) => member.lead === '')
      .sort((a, b) => a.order - b.order)
      .find(canDescribe);
    if (first) return first;
  }
  const said = new Set(stemsOf(title));
  const worthOf = (member: Statement): number =>
    member.score +
    4 * containment(said, member.stems) +
    (own.includes(member) ? 1 : 0) -
    (isPath(member.lead) || sectionKind(member.section) === 'errors' ? 3 : 0) -
    (member.cues.has('proof') || /^\d/.test(member.text) ? 4 : 0);
  return prose.filter(canDescribe).sort((a, b) => worthOf(b) - worthOf(a))[0];
}

const rankOf = ({ best }: Bundle): number => best.score + (best.source === 'commit' ? 20 : 0);

/** As much as a body holds: what was said together together, a commit's words first, then the best. */
function chooseBody(prose: readonly Statement[]): Statement[] {
  const chosen: Statement[] = [];
  let chars = 0;
  for (const { statements } of bundleStatements(prose).sort((a, b) => rankOf(b) - rankOf(a))) {
    for (const statement of statements.toSorted((a, b) => b.score - a.score)) {
      if (chars + statement.text.length > bodyChars) break;
      chosen.push(statement);
      chars += statement.text.length + 4;
    }
  }
  return chosen;
}

/** The draft of a topic; undefined when nothing in it can carry a title. */
export function makeDraft(topic: Topic, story: Story, rarity: Rarity): Draft | undefined {
  const { seed } = topic;
  const named = titleOf(topic, story, rarity);
  if (named === undefined || named.title === '') return undefined;
  const { title, from } = named;
  const type = typeOf(topic, story);
  const isList = topic.kind === 'pending' || topic.kind === 'report';
  const told = topic.members
    .filter((member) => isList || (isProse(member) && member.isFolded !== true) || member === seed)
    .filter((member) => member.detail !== 'subject' || member !== seed)
    .filter((member) => !isSaid(member, title) || member.source === 'answer' || isCut(member, title));
  const prose = told.map((member) =>
    member === from ? member : asTold(topic.kind === 'work' ? withoutName(member, title) : member, story),
  );
  const leading = isList || topic.kind === 'digest' ? undefined : leadOf(topic, prose, from, title);
  const asked = askedOf(topic, story);
  // One sentence alone needs no body.
  const only = !isList && prose.length === 1 && prose[0]!.text.length <= descriptionMaxChars ? prose[0] : undefined;
  const lead = leading ?? only;
  const description = isList ? asked : withoutTitle(lead?.text ?? '', title);
  const body = chooseBody(prose.filter((member) => member !== lead));
  const facts = topic.members
    .filter((member) => !isList && member !== seed && (!isProse(member) || member.isFolded))
    .map((member) => asTold(member, story));
  const total = topic.members.reduce(
    (sum, member) => sum + Math.max(0, member.score - 1.2) * (isProse(member) ? 1 : 0.8),
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
    description: description === '' ? '' : endStop(raiseFirst(description)),
    body: body.length === 0 ? '' : renderBody(body, bundleKey(seed)),
    facts: renderFacts(facts),
    concepts: typeConcepts[type] ?? [],
    aliases: aliasesOf(topic, title),
    cites: citesOf(topic, story),
    confidence,
    importance: Math.round(Math.min(1, topic.isChosen === true ? importance + 0.3 : importance) * 1000) / 1000,
    supersedes: topic.supersedes ?? [],
    contradicts: [],
  };
}

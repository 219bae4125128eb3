// What bears a topic out: what failed and passed, what edits show, what was asked for. Each piece goes to one topic, and only where it
// adds a name or a number that the topic does not hold.
import { cosineOf, isAway, type Rarity, vectorOf } from './affinity.ts';
import type { Source, Statement, Story } from './statements.ts';
import { isLesson, isProse } from './tellable.ts';
import type { Topic } from './topic.ts';
import { identifiersOf, stemsOf } from './words.ts';

const maxima: Partial<Record<Source, number>> = { spec: 2, proof: 1, edit: 4, failure: 2 };
const evidenceMaxChars = 700;
const minScore = 1.3;

/** A requirement that says more than that the thing was built. */
const isTelling = ({ cues, text }: Statement): boolean =>
  (['cause', 'decision', 'trap', 'security'] as const).some((cue) => cues.has(cue)) || /"[^"]{6,}"/.test(text);

/** How much a piece of evidence belongs to a topic; 1 is enough. */
function bearingOf(topic: Topic, piece: Statement, cosine: number, story: Story): number {
  const { seed, kind, members } = topic;
  const isTimed = !isAway(seed);
  const isSameEpisode = isTimed && seed.episode === piece.episode;
  switch (piece.source) {
    case 'failure': {
      const failure = story.failures.find(({ at }) => at === piece.at);
      const isWithin =
        kind === 'lesson' &&
        failure?.curedAt !== undefined &&
        members.some(
          (one) => isLesson(one) && !isAway(one) && one.at >= failure.at - 2 && one.at <= failure.curedAt! + 1,
        );
      if (failure?.curedAt === undefined) return cosine * 3;
      const isClosed = seed.source === 'closing' && seed.episode - piece.episode <= 1 && seed.at > piece.at;
      return cosine * 5 + (isWithin ? 1.2 : isClosed ? 1 : 0) + (isSameEpisode && kind === 'work' ? 1 : 0);
    }
    case 'proof':
      return kind === 'work' && isSameEpisode ? 1 + cosine : 0;
    case 'spec':
      return isTelling(piece) ? cosine * 4 : 0;
    default: {
      const path = piece.paths[0] ?? '';
      const isNamed = members.some((member) => member.paths.some((one) => path === one || path.endsWith(`/${one}`)));
      const isNear = isTimed && piece.at >= seed.at - 1 && piece.at - seed.at <= 8;
      const isCure = kind === 'lesson' && isNear && seed.source !== 'answer';
      const isMended = story.failures.some(
        ({ at, curedAt }) => curedAt !== undefined && piece.at > at && piece.at < curedAt && seed.at >= at - 2,
      );
      if (piece.detail === 'replaced' && !(isCure && isMended)) return 0;
      if (piece.detail === 'comment' && kind === 'lesson' && !isTelling(piece)) return 0;
      const isMade = ['defines', 'tests', 'reverted'].includes(piece.detail ?? '');
      const isPart = isSameEpisode && kind === 'work';
      return (
        cosine * 4 +
        (isNamed ? 0.3 : 0) +
        (isPart ? (isMade ? 1 : 0.5) : 0) +
        (isCure ? (piece.detail === 'reverted' ? 1.2 : 0.6) : 0)
      );
    }
  }
}

/** Of a failure the line that failed: where it was cured is named by paths that many topics share. */
function told(piece: Statement): Statement {
  if (piece.source !== 'failure') return piece;
  const text = piece.text.split(' → passed')[0]!;
  return { ...piece, stems: new Set(stemsOf(text)), identifiers: identifiersOf(text) };
}

/** Names nothing, or next to nothing, that the topic does not name already; functions of old files are found by looking. */
function isBare(piece: Statement, { members }: Topic): boolean {
  if (piece.source !== 'edit') return false;
  if (piece.detail === 'message')
    return !/\b(?:fail\w*|error|warn\w*|disabled|not|cannot|can't|required|missing|without|unknown|invalid|denied|must|only)\b/i.test(
      piece.text,
    );
  if (!['values', 'defines'].includes(piece.detail ?? '')) return false;
  if (piece.detail === 'defines' && !/ new, /.test(piece.text) && members.filter(isProse).length > 2) return true;
  const flat = members.map(({ text }) => text.toLowerCase()).join('\n');
  const names = piece.identifiers.filter((name) => !piece.paths.includes(name));
  return names.filter((name) => !flat.includes(name.toLowerCase())).length < names.length / 2;
}

export function attachEvidence(
  story: Story,
  topics: readonly Topic[],
  statements: readonly Statement[],
  rarity: Rarity,
): void {
  const sizes = new Map<Topic, number>();
  const pieces = statements
    .filter(({ source, detail, score, knownIn }) => {
      const isEvidence = ['failure', 'proof', 'spec', 'edit'].includes(source);
      return isEvidence && detail !== 'in-vain' && (score >= minScore || knownIn !== undefined);
    })
    .sort((a, b) => b.score - a.score || b.at - a.at);
  for (const piece of pieces) {
    const vector = vectorOf([told(piece)], rarity);
    let best: Topic | undefined;
    let closest = 1;
    for (const topic of topics) {
      const size = sizes.get(topic) ?? 0;
      if (size + piece.text.length > evidenceMaxChars) continue;
      const same = topic.members.filter(({ source, detail }) => source === piece.source && detail !== 'in-vain').length;
      if (same >= (maxima[piece.source] ?? 1)) continue;
      const bearing = bearingOf(topic, piece, cosineOf(vector, topic.center), story);
      if (bearing >= closest) [best, closest] = [topic, bearing];
    }
    if (!best || isBare(piece, best)) continue;
    best.members.push(piece);
    sizes.set(best, (sizes.get(best) ?? 0) + piece.text.length);
  }
}

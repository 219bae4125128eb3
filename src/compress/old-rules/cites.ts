// Where a record speaks of.
import type { DraftCite } from '../../domain/draft.ts';
import type { Story } from './statements.ts';
import type { Topic } from './topic.ts';
import { pathsOf } from './words.ts';

const maxCites = 3;
/** What bears on it much less than the first is where something else happened. */
const leastShare = 0.5;

/** Hunks of edits near the seed, then files that its statements name. */
export function citesOf(topic: Topic, story: Story): DraftCite[] {
  const cites = new Map<string, DraftCite & { weight: number }>();
  const named = new Set(topic.members.flatMap((member) => [...member.paths, ...pathsOf(member.text)]));
  const isNamed = (path: string): boolean => named.has(path) || [...named].some((name) => path.endsWith(`/${name}`));
  const cure = story.failures.find(
    (failure) =>
      failure.curedAt !== undefined && topic.seed.at >= failure.at - 2 && topic.seed.at <= failure.curedAt + 1,
  );
  story.events.forEach((event, at) => {
    if (event.kind !== 'edit' || !event.ok) return;
    // A closing text tells of what was done before it, any other of what comes next.
    const ahead = topic.seed.source === 'closing' ? topic.seed.at - at : at - topic.seed.at;
    const isNear = topic.seed.source !== 'summary' && ahead >= 0 && ahead <= 4;
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
  const weighed = [...cites.values()].sort((a, b) => b.weight - a.weight);
  const least = (weighed[0]?.weight ?? 0) * leastShare;
  return weighed
    .filter(({ weight }) => weight >= least)
    .slice(0, maxCites)
    .map(({ path, lines }) => (lines ? { path, lines } : { path }));
}

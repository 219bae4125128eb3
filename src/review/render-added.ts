// A new record for the person who decides about it: what it says, why, and where one can see that it is so. Pure.
import { addressOf, type ReviewLinks, type Style } from './style.ts';
import type { AddedRecord } from './value.ts';

const gistChars = 300;
const reasonChars = 1200;
/** Longer reasons are folded. */
const foldChars = 240;
const maxPlaces = 6;

export function addedLine(record: AddedRecord, style: Style, links: ReviewLinks | undefined): string {
  const { id, type, title, tokens, by, gist, reason, places } = record;
  const head = [style.quote(id, 40), type, style.quote(title)].filter((part) => part !== '').join(' ');
  const from = `, ${tokens} tokens${by ? `, by ${style.quote(by, 60)}` : ''}`;
  const why = style.quote(reason, reasonChars);
  const shown = places.slice(0, maxPlaces).map((place) => placeLink(place, style, links));
  if (places.length > maxPlaces) shown.push(`${places.length - maxPlaces} more`);
  return [
    head + from,
    ...(gist === '' ? [] : [style.more(style.quote(gist, gistChars))]),
    ...(why === '' ? [] : [style.more(why.length > foldChars ? style.fold('why', why) : `why: ${why}`)]),
    ...(shown.length === 0 ? [] : [style.more(`see: ${shown.join(', ')}`)]),
  ].join('');
}

function placeLink(place: AddedRecord['places'][number], style: Style, links: ReviewLinks | undefined): string {
  const { path, lines } = place;
  const text = style.quote(lines === undefined ? path : `${path}:${lines[0]}-${lines[1]}`, 160);
  return style.link(text, links && addressOf(links, place));
}

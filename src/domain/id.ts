/** The alphabet of record ids (format.md): digits and consonants, so that no id spells a word. */
export const idAlphabet = '0123456789bcdfghjkmnpqrstvwxyz';
export const idLength = 8;

/** Makes an id from at least 8 random (or hashed) bytes. The modulo bias of 256 over 30 letters is harmless here. */
export function idFromBytes(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, idLength), (byte) => idAlphabet[byte % idAlphabet.length]).join('');
}

/** Id at the end of the name; the whole stem if the name does not end in an id. `name` is the base name, with or without `.md`. */
export function idOfName(name: string): string {
  const stem = name.endsWith('.md') ? name.slice(0, -3) : name;
  const last = stem.slice(stem.lastIndexOf('-') + 1);
  return isId(last) || chosenId.test(last) ? last : stem;
}

/** The same for a path with `/`. */
export function idOfPath(path: string): string {
  return idOfName(path.slice(path.lastIndexOf('/') + 1));
}

/** An id that a person may choose: 8 letters and digits, at least one of each, so that a word or date at a name's end is no id. */
const chosenId = /^(?=.*\d)(?=.*[a-z])[0-9a-z]{8}$/;
const wholeId = new RegExp(`^[${idAlphabet}]{${idLength}}$`);

export function isId(text: string): boolean {
  return wholeId.test(text);
}

/** The part of a session id stored in records: unique enough, and short. */
export function shortSession(session: string): string {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(session) ? session.slice(0, 8) : session.slice(0, 40);
}

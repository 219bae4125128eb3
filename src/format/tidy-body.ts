/**
 * Normalizes a body: no surrounding blank lines, LF, well-formed text without NUL, and nothing that looks like a merge conflict or a
 * second front matter. Idempotent; applied on write and on read.
 */
export function tidyBody(text: string): string {
  let body = text;
  // For speed: test before replacing. A start without caches tidies thousands of bodies.
  if (body.includes('\r')) body = body.replace(/\r\n?/g, '\n');
  if (body.includes('\0')) body = body.replace(/\0/g, '');
  if (!body.isWellFormed()) body = body.toWellFormed();
  body = body.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
  if (!mayHoldMarker(body) && !body.startsWith('---')) return body;
  return body.replace(/^(?=(?:<{7}|>{7}|\|{7})(?: .*)?$)/gm, ' ').replace(/^---(?=\n|$)/, '***');
}

/** Whether a line of the text may be a conflict marker. */
export function mayHoldMarker(text: string): boolean {
  return text.includes('<<<<<<<') || text.includes('>>>>>>>') || text.includes('|||||||');
}

/**
 * The body as it is kept: no blank lines around it, LF, well-formed text without NUL, and nothing that would be taken for a
 * merge conflict or a second front matter. Idempotent; applied when a record is written and when it is read.
 */
export function tidyBody(text: string): string {
  let body = text;
  // A start without caches tidies thousands: what is not there is not replaced.
  if (body.includes('\r')) body = body.replace(/\r\n?/g, '\n');
  if (body.includes('\0')) body = body.replace(/\0/g, '');
  if (!body.isWellFormed()) body = body.toWellFormed();
  body = body.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
  if (!mayHoldMarker(body) && !body.startsWith('---')) return body;
  return body.replace(/^(?=(?:<{7}|>{7}|\|{7})(?: .*)?$)/gm, ' ').replace(/^---(?=\n|$)/, '***');
}

/** Whether a line of the text may be one of a merge conflict's. */
export function mayHoldMarker(text: string): boolean {
  return text.includes('<<<<<<<') || text.includes('>>>>>>>') || text.includes('|||||||');
}

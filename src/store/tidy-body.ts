/**
 * The body as it is kept: no blank lines around it, LF, well-formed text without NUL, and nothing that would be taken for a
 * merge conflict or a second front matter. Idempotent; applied when a record is written and when it is read.
 */
export function tidyBody(text: string): string {
  const body = text
    .replace(/\r\n?/g, '\n')
    .replace(/\0/g, '')
    .replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD')
    .replace(/^(?:[^\S\n]*\n)+/, '')
    .trimEnd();
  return body.replace(/^(?=(?:<{7}|>{7}|\|{7})(?: .*)?$)/gm, ' ').replace(/^---(?=\n|$)/, '***');
}

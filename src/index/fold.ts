export const notAscii = /[^\x00-\x7f]/;

/** Latin letters lose their accents; other scripts keep their marks. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/(?<=\p{Script=Latin})\p{M}+/gu, '')
    .replaceAll('ß', 'ss')
    .normalize('NFC');
}

import { once } from '../domain/once.ts';

export const notAscii = /[^\x00-\x7f]/;

/** Latin letters lose their accents; other scripts keep their marks. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/(?<=\p{Script=Latin})\p{M}+/gu, '')
    .replaceAll('ß', 'ss')
    .normalize('NFC');
}

const asciiClasses: Readonly<Record<string, string>> = { L: 'A-Za-z', Lu: 'A-Z', Ll: 'a-z', N: '0-9', M: '' };

/**
 * A pattern with `\p{L}`, `Lu`, `Ll`, `N` and `M` inside brackets, for a given text. ASCII text takes a form without Unicode's tables: to compile
 * those takes longer than to read a question.
 */
export function patternFor(source: string, flags = ''): (text: string) => RegExp {
  const full = once(() => new RegExp(source, `${flags}u`));
  const ascii = once(
    () =>
      new RegExp(
        source.replace(/\\p\{(Lu|Ll|[LNM])\}/g, (_, name) => asciiClasses[name]!),
        flags,
      ),
  );
  return (text) => (notAscii.test(text) ? full() : ascii());
}

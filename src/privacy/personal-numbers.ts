// Numbers that identify a person: telephones, bank accounts, cards and national ids. A defined checksum must match.

/** `digits`: without everything else. */
type Check = (digits: string, written: string) => boolean;

/** ISO/IEC 7812. */
function hasLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, isSecond = false; at >= 0; at--, isSecond = !isSecond) {
    const value = Number(digits[at]) * (isSecond ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return digits.length > 0 && sum % 10 === 0 && !/^(\d)\1+$/.test(digits);
}

/** ISO 13616: move the first four characters to the end, count letters from 10; the remainder by 97 must be 1. */
function isIban(written: string): boolean {
  const bare = written.replace(/[ -]/g, '');
  let rest = 0;
  for (const letter of bare.slice(4) + bare.slice(0, 4)) rest = Number(`${rest}${parseInt(letter, 36)}`) % 97;
  return bare.length >= 15 && rest === 1;
}

const rules: Readonly<Record<string, readonly [pattern: RegExp, isReal?: Check][]>> = {
  '[iban]': [[/\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b/g, (_, written) => isIban(written)]],
  '[card]': [
    [
      /(?<![\w.-])(?:[3-6]\d{3}([ -]?)\d{4}\1\d{4}\1\d{1,7}|3[47]\d{2}[ -]?\d{6}[ -]?\d{5})(?![\w-]|\.\d)/g,
      (digits) => digits.length >= 13 && digits.length <= 19 && hasLuhn(digits),
    ],
  ],
  '[id]': [
    // United States, Canada, United Kingdom.
    [/(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])/g],
    [/(?<![\w-])\d{3}[ -]\d{3}[ -]\d{3}(?![\w-])(?<=\b(?:sin|social insurance)\b[^\n]{0,40})/gi, hasLuhn],
    [/\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b/g],
    // Spain, Italy, France, Poland, Scandinavia, the Netherlands and Belgium, Germany.
    [
      /\b[\dXYZ]\d{7}[- ]?[A-HJ-NP-TV-Z]\b/g,
      (_, written) =>
        'TRWAGMYFPDXBNJZSQVHLCKE'[
          Number(written.slice(0, 8).replace(/[XYZ]/, (letter) => String('XYZ'.indexOf(letter)))) % 23
        ] === written.at(-1),
    ],
    [/\b[A-Z]{6}\d{2}[A-EHLMPR-T]\d{2}[A-Z]\d{3}[A-Z]\b/g],
    [
      /(?<![\w.-])[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d{2} ?\d{3} ?\d{3} ?\d{2}(?![\w-]|\.\d)/g,
      (digits) => 97 - (Number(digits.slice(0, 13)) % 97) === Number(digits.slice(13)),
    ],
    [/\b(?:\d{2})?\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[-+]\d{4}\b/g, (digits) => hasLuhn(digits.slice(-10))],
    [/\b(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}[-+A]\d{3}[0-9A-FHJ-NPR-Y]\b/g],
    [/\b\d{2}\.(?:0[1-9]|1[0-2])\.(?:0[1-9]|[12]\d|3[01])-\d{3}\.\d{2}\b/g],
    [
      /(?<![\w.-])\d(?:[ .]?\d){8,13}(?![\w-])(?<=\b(?:bsn|burgerservicenummer|steuer-?id|steueridentifikationsnummer|steuernummer|sozialversicherungsnummer|pesel|nip|personnummer|cpr|tax file number|tfn|aadhaar|my number|マイナンバー|national (?:id|insurance)|identity (?:card|number)|passport(?: (?:no|number))?)\b[^\n\d]{0,24}[\d .]{9,20})/gi,
    ],
    // Brazil, Chile, India, China, Korea, Mexico.
    [/\b\d{3}\.\d{3}\.\d{3}-\d{2}\b/g],
    [/\b\d{1,2}\.\d{3}\.\d{3}-[\dkK]\b/g],
    [/\b[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z]\b/g],
    [/(?<![\w.-])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\w)/g],
    [/(?<![\w-])\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-[1-8]\d{6}(?![\w-])/g],
    [/\b[A-Z][AEIOUX][A-Z]{2}\d{6}[HM][A-Z]{5}[A-Z0-9]\d\b/g],
  ],
  '[phone]': [
    // Telephones: with a country code, in North American format, or labelled as such.
    [
      /(?<![\w.+/-])(?:(?<!^)\+|\+(?=[\d ]{0,12}\d[ ./(-]\d)|00(?=[1-9]\d[ -]))[1-9]\d{0,2}(?:[ ./-]?\(?\d{1,5}\)?){2,6}(?![\w-]|\.\d)/gm,
      (digits, written) =>
        digits.length >= 9 && digits.length <= 15 && (/[ .()/-]/.test(written) || digits.length >= 10),
    ],
    [/(?<![\w.-])(?:\([2-9]\d{2}\) ?|[2-9]\d{2}-)[2-9]\d{2}-\d{4}(?![\w-])/g],
    [
      // The first lookahead only saves time.
      /(?=[(\d])(?<=(?:\b(?:tel|phone|mobile|cell|call|fax|telefon|telefono|teléfono|telefone|téléphone|handy|mobil|whatsapp|sms)|телефон|電話|电话|전화)(?:number|nummer|s|e)?[.:：]{0,2}\s{0,3}(?:(?:is|at|on|ist|unter|au|al|no|number)[.:]?\s){0,2})\(?\d{2,5}\)?(?:[ ./-]?\d{2,4}){2,4}(?![\w-]|\.\d)/giu,
      (digits) => digits.length >= 7,
    ],
  ],
};

const numeric = /\d[\d .()/-]{5,}|[A-Z]\d{2}/;

/** Replaces each such number by a mark. */
export function scrubNumbers(text: string): string {
  if (!numeric.test(text)) return text;
  let result = text;
  for (const [mark, all] of Object.entries(rules))
    for (const [pattern, isReal] of all)
      result = result.replace(pattern, (written: string) =>
        isReal === undefined || isReal(written.replace(/\D/g, ''), written) ? mark : written,
      );
  return result;
}

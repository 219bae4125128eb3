// Detects values in place of a secret that are not secrets: examples, variables, calls, types, words.

const stopWords =
  /example|placeholder|change[-_ ]?me|changethis|replace[-_ ]?(?:me|this|with)|your[-_ ]?(?:\w+[-_ ]?)?(?:key|token|secret|pass|api|own|value|id|user|app|host|name)|my[-_ ]?(?:secret|password|token|api|key)|x{4,}|\*{3,}|\.{3,}|…|dummy|redacted|insert[-_ ]|todo|not[-_ ]?(?:a[-_ ]?)?(?:real|secret|set)|sample|foobar|lorem|hidden|masked|deadbeef|test[-_ ]?(?:key|token|secret|password)|fake|mock|undefined|notarealkey|<[a-z]/i;

const wholeWords =
  /^(?:null|none|nil|u?int(?:8|16|32|64)(?:array|_t)?|bigu?int64array|float(?:32|64)(?:array)?|true|false|undefined|empty|required|optional|string|str|number|int|integer|bool|boolean|any|object|array|void|unknown|default|secret|secrets|password|passwd|pass|passphrase|pwd|token|tokens|key|keys|apikey|api[-_]?key|auth|basic|bearer|digest|plain|admin|root|user|username|guest|postgres|mysql|redis|mongo|localhost|prompt|manual|auto|enabled|disabled|yes|no|on|off|function|async|await|const|let|var|return|this|self|value|values|text|hidden|invalid|valid|correct|wrong|incorrect|missing|expired|reset|forgot|new|old|current|confirm|field|input|change|changed|foo|bar|baz|qux|test|tests|testing|demo|hello|world|password\d{0,4}!?|passw0rd|hunter2|letmein|qwerty|12345678?9?0?|abc123|secret123|pass123|test123|changeit|hunter22?)$/i;

/** A reference that is resolved at run time. */
const lookup =
  /^(?:\$\{?[A-Za-z_(!:]|\$\(|\$\[|%[A-Za-z_]\w*%|<[^>]*>?$|\{\{|\{%|#\{|\[\[|@\{|!Ref|!Sub|!Get|!secret|!vault|\$\$|op:\/\/|vault:|ref\+|arn:aws|secretref:|env[:(.[]|file:|kms:|ssm:|sm:\/\/|projects\/|process\.|import\.|os\.|ENV\[|System\.|config[.[(]|secrets?[.[(]|vars?[.[(]|self\.|this\.|props\.|options\.|args\.|req\.|data\.|local\.|module\.|github\.)/;

const marker = /\[REDACTED|^REDACTED/;

/** Signature of the sample token in tutorials. */
export const tutorialSignature = 'SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c';
/** A name of a token with digits counted up: `project-token-0123456789`. Passwords of people look like this, too. */
const countedUp = /^[a-z._-]{0,40}(?:token|key|secret)s?[-_.]?0?123(?:4(?:5(?:6(?:7(?:89?0?)?)?)?)?)?$/i;

/** True for a value (of any key) that cannot be a secret. */
export function isPlaceholder(value: string): boolean {
  if (value.length < 4 || marker.test(value) || lookup.test(value) || wholeWords.test(value)) return true;
  if (value === tutorialSignature || countedUp.test(value)) return true;
  // A long random value may contain a short word by chance.
  const isToken = value.length >= 24 && /^[\w.+/=~-]+$/.test(value) && !isWordy(value);
  return isToken ? isPlaceholderToken(value) : stopWords.test(value) || isMonotonous(value);
}

/** The same for a token of a known shape, where letters are random and short words appear by chance. */
export function isPlaceholderToken(body: string): boolean {
  if (isMonotonous(body)) return true;
  return /example|placeholder|changeme|x{5,}|\*{4,}|\.{4,}|your[-_]|redacted|insert[-_]|(?:^|[-_])(?:dummy|fake|sample|mock|notreal)(?:[-_]|$)/i.test(
    body,
  );
}

/** Few different letters, or a run through the alphabet or digits: not a real secret. */
export function isMonotonous(value: string): boolean {
  const letters = new Set(value.toLowerCase());
  if (letters.size <= (value.length >= 16 ? 4 : 2)) return true;
  const sample = value.slice(0, 256);
  let steps = 0;
  let covered = 0;
  for (let at = 1; at <= sample.length; at++) {
    const step = sample.charCodeAt(at) - sample.charCodeAt(at - 1);
    if (step === 1 || step === 0 || (step === -9 && sample[at] === '0')) steps++;
    else {
      if (steps >= 3) covered += steps + 1;
      steps = 0;
    }
  }
  return covered > sample.length / 2;
}

/** True for a name of a secret, such as `api_token`. */
export function isAboutSecret(value: string): boolean {
  return /^[a-z._ -]*(?:password|passwd|secret|token|key|credential|header|value|string|name)s?\d?$/i.test(value);
}

/** True for a path of a file, which may hold the secret. */
export function isPathLike(value: string): boolean {
  return /^(?:[/.~\\]|[a-z]:[/\\]|https?:|file:)|\.(?:json|ya?ml|txt|pem|key|env|[cm]?[jt]s|py|md)$/i.test(value);
}

/** True for names, phrases, paths, versions, numbers, dates: text that takes a token's position in code. */
export function isWordy(text: string): boolean {
  const value = text.slice(0, 256);
  if (/^[\d.,:+-]+$/.test(value)) return true;
  if (/^(?:https?|file|data|chrome|node|npm|git|ssh|urn):/.test(value) && !/[?&#@]/.test(value)) return true;
  if (/[A-Za-z\d]{20}/.test(value) && isScattered(value.replace(/[^A-Za-z\d]+/g, ' '))) return false;
  const runs = value.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? [];
  const digitRuns = value.match(/\d+/g) ?? [];
  const letters = runs.reduce((sum, run) => sum + run.length, 0);
  if (letters === 0) return true;
  const spoken = runs.filter(isSpoken).reduce((sum, run) => sum + run.length, 0);
  const digitChars = digitRuns.reduce((sum, run) => sum + run.length, 0);
  if (spoken / letters < 0.75) return false;
  return digitRuns.length <= 1 + Math.floor(runs.length / 3) && digitChars <= Math.max(4, letters / 3);
}

/** Whether a run of letters could be a word: has vowels, and no long run of consonants. */
function isSpoken(run: string): boolean {
  const lowerRun = run.toLowerCase();
  if (run.length <= 2) return false;
  const vowels = lowerRun.match(/[aeiouy]/g)?.length ?? 0;
  if (run.length <= 4)
    return (
      vowels > 0 ||
      /^(?:sql|xml|css|html|http|https|jwt|ssh|tls|ssl|dns|tcp|udp|gcp|aws|npm|sdk|cfg|src|str|ctx|cmd|tmp|rpc|mfa|csrf|xsrf|hmac|rsa|md)$/.test(
        lowerRun,
      )
    );
  return (
    vowels / run.length > 0.15 &&
    vowels / run.length <= 0.7 &&
    !/[bcdfghjklmnpqrstvwxz]{5,}|[jqxz]{2}|q[^u]/.test(lowerRun)
  );
}

/** True if digits and letters alternate repeatedly in one long piece, which names do not. */
function isScattered(value: string): boolean {
  return value
    .split(' ')
    .some((piece) => piece.length >= 20 && (piece.replace(techName, '').match(/\d+(?=\D)/g)?.length ?? 0) >= 3);
}

const techNames =
  /^(?:base|sha|md|utf|aes|rsa|oauth|http|ipv|x|es|v|argon|ed|p|ecma|hs|rs|iso|rfc|bcrypt|scrypt|pbkdf|bip|pkcs|ntlm|des|crc|log\dj|k\ds|s3|ec2|web|i18n)[-_]?\d+(?:[-_ ]?[a-z]{1,12})?$/i;

/** True for an algorithm, a format, a version: `sha256-hashed`, `argon2id`. */
export function isTechName(value: string): boolean {
  return techNames.test(value);
}

const techName =
  /base\d+|sha\d+|utf\d+|u?int\d+|md\d|x\d\d|v\d+|oauth\d|ipv\d|i18n|l10n|a11y|k8s|s3|ec2|e2e|h\d|p\d\d/gi;

export function isMixedCase(value: string): boolean {
  return /[a-z]/.test(value) && /[A-Z]/.test(value);
}

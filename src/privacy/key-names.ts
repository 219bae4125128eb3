// Judges a value by its name. Names are split into words: `AWS_SECRET_ACCESS_KEY`, `awsSecretAccessKey`, `aws.secret-access-key`.

/** `weak`: the value must also look random. */
export type KeyKind = 'password' | 'token' | 'weak';

const passwordWord =
  /(?:password|passwd|pwd|passphrase|passcode|passwort|kennwort|motdepasse|contrasena|senha|wachtwoord|haslo|parola|losenord|heslo|jelszo|salasana)s?$|^mdp$|^w?psk$|^(?:db|pg|my|ssh|ftp|smtp|mail|root|admin|user|mysql|redis|ldap|bind|keystore|key|store|ks|ts|sudo|wifi|http)?(?:pass|pw)$/;
const tokenWord =
  /(?:token|secret|apikey|secretkey|accesskey|authkey|privatekey|credential|authorization|bearer|apitoken|authtoken|accesstoken)s?$|^(?:dsn|jwt|pat|cookie|cookies|webhook|sid|sessionid|salt|auth|authentication|creds|cred|signature|setcookie|connectionstring|connstr|license|pin)$/;
/** A name with such an ending describes the secret and does not hold it. */
const aboutWord =
  /^(?:type|types|name|names|field|fields|id|ids|length|len|size|count|counts|url|uri|path|paths|file|files|dir|folder|expiry|expires|expiration|ttl|age|regex|pattern|label|placeholder|prefix|suffix|limit|budget|index|idx|header|headers|param|params|option|options|policy|rules?|version|format|alg|algorithm|hash|hint|error|errors|message|msg|text|title|description|manager|service|provider|store|storage|reader|helper|util|utils|class|kind|kinds|start|end|position|pos|line|column|offset|range|list|set|map|stream|usage|used|price|cost|ref|arn|region|env|var|variable|host|port|user|username|email|state|status|valid|enabled|required|source|target|method|mode|scheme|handler|callback|fn|func|test|spec|doc|docs|page|view|form|input|output|button|modal|dialog|screen|reset|change|strength|min|max|rotation|round|rounds|iterations)s?$/;
/** Names that begin so hold no secret, or only sometimes. */
const describing = /^(?:public|max|min|num|no|has|is|show|hide|forgot|reset|invalid)$/;
const describingToken = /^(?:total|input|output|next|prev|page|sort|primary|foreign|partition|sec|cache|csrf|xsrf)$/;
const mayBeToken = /^(?:next|csrf|xsrf|reset|input|output|cache)$/;
const keyOwners =
  /^(?:api|access|secret|private|encryption|encrypt|signing|sign|auth|account|master|app|application|license|service|server|admin|client|deploy|webhook|session|storage|subscription|jwt|hmac|aes|crypto|cookie|shared|ssh|root|write|ingest|host|function|functions|integration|rest|stripe|openai|anthropic|google|aws|azure|gcp|datadog|dd|mapbox|algolia|sendgrid|mailgun|twilio|firebase|cloudflare|heroku|pusher|sentry|segment|mixpanel|amplitude|newrelic|relic|mistral|cohere|gemini|deepseek|groq|hf|tmdb|weather|maps|steam|riot|fernet|django|flask|rails|laravel|nextauth|user|security|data|developer|dev|consumer|tmp|wallet|mnemonic|seed|rapidapi|x|ocp|apim|live|prod|production|partner|merchant|payment|publishable|write|read|bot|sdk|project|org|team|key|salt|backup|restic|age|pgp|gpg|tls|ssl)$/;

const environment =
  /^(?:\d+|prod|production|live|dev|staging|test|stg|old|new|base64|b64|primary|secondary|value|raw|plain|base)$/;

/** Kind of secret that a value of this name would be; undefined for other names. `before` is the text left of the name. */
export function judgeKey(name: string, before: string): KeyKind | undefined {
  const words = splitName(name);
  while (words.length > 1 && environment.test(words.at(-1) ?? '')) words.pop();
  const last = words.at(-1);
  if (last === undefined || aboutWord.test(last)) return undefined;
  const previous = words.at(-2) ?? /([A-Za-z]{2,20})[ \t]$/.exec(before)?.[1]?.toLowerCase();
  const first = words.length > 1 ? (words[0] ?? '') : '';
  if (describing.test(first) || (describingToken.test(first) && !passwordWord.test(last)))
    return mayBeToken.test(first) && !passwordWord.test(last) && tokenWord.test(last) ? 'weak' : undefined;
  if (passwordWord.test(last)) return 'password';
  if ((last === 'word' && previous === 'pass') || words.join('').endsWith('motdepasse')) return 'password';
  if (/^(?:phrase|string|str)s?$/.test(last))
    return /^(?:pass|connection|conn)$/.test(previous ?? '') ? 'token' : undefined;
  if (tokenWord.test(last))
    return last.startsWith('licen') || last === 'pin' || last === 'signature' ? 'weak' : 'token';
  if (last === 'session') return 'weak';
  if (/^keys?$/.test(last)) return keyOwners.test(previous ?? '') ? 'token' : 'weak';
  if (/keys?$/.test(last)) return keyOwners.test(last.replace(/keys?$/, '')) ? 'token' : undefined;
  return words.length === 1 && /^(?:api|auth|access)(?:secret|token|key)/.test(last) ? 'token' : undefined;
}

function splitName(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map((word) => word.replace(/(?<=\D)\d+$/, ''))
    .filter((word) => word !== '');
}

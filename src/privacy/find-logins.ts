// Finds secrets by what stands around them: in command lines, headers, URLs, .netrc files, cookies and password files, beside a user's
// name or a key's id.

import { isPasswordLike } from './find-phrases.ts';
import { isBoundary, matchAt, matchesIn, type Found } from './find-shapes.ts';
import { isAboutSecret, isMonotonous, isPlaceholder, isWordy, tutorialSignature } from './placeholder.ts';

/** A test, and patterns: global, with one named group, `<rule>_rule`, which is the value and ends the match. Every repetition is bounded. */
type Rule = readonly [(value: string, text: string, start: number) => boolean, ...RegExp[]];

const isChosen = (value: string): boolean =>
  value.length >= 4 && !isPlaceholder(value) && !/^(?:[$%<{]|-|\[)/.test(value);
const isRandom = (value: string): boolean => !isPlaceholder(value) && !isWordy(value);
const isRandomEnough = (value: string): boolean => isRandom(value) && (/\d/.test(value) || value.length >= 24);
const isOddOrLong = (value: string): boolean =>
  isChosen(value) && !/^\d{1,5}$|^[./~]/.test(value) && (/[\d\W_]/.test(value) || value.length >= 8);
const isMixed = (value: string): boolean => /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value);
const isSqlPassword = (value: string): boolean =>
  isChosen(value) && !isAboutSecret(value) && (!/\s/.test(value) || /\d/.test(value));

/** Long random letters after a prefix: the token format of most providers. Ids are shorter, or their prefix names no kind of token. */
const isPrefixed = (value: string): boolean => {
  const tail = value.slice(value.lastIndexOf('_') + 1);
  // A leading 0 is a format version, used in ids.
  if (tail.startsWith('0') || isPlaceholder(value) || isMonotonous(tail) || isWordy(tail)) return false;
  const isVaried = isMixed(tail) && (tail.match(/\d/g)?.length ?? 0) >= 3;
  return (
    (isVaried && tail.length >= 32) ||
    (/\d/.test(tail) && /_(?:live|prod|secret|sk|key|tok|token|pat|api|rt)_/.test(value))
  );
};

function isHeaderToken(value: string, minChars: number): boolean {
  const isLong = value.length >= 24 || (/\d/.test(value) && /[A-Za-z]/.test(value));
  return value.length >= minChars && isLong && isRandom(value) && !isMonotonous(value);
}

function isBasic(value: string): boolean {
  return (
    /^[A-Za-z0-9+/_-]{6,}={0,2}$/.test(value) &&
    /^[\x20-\x7e]*:[\x20-\x7e]*$/.test(decoded(value)) &&
    decoded(value).length > 4
  );
}

function decoded(value: string): string {
  return Buffer.from(value, 'base64').toString('latin1');
}

/** A placeholder, a port, a template, a pattern, or a line that ends within. */
function isPlainUrlWord(value: string): boolean {
  if (value.length < 4 || /\\[nrtSsWwdD]|\$\{|\[REDACTED|^\d{1,5}(?:$|\/)|\[\^|\(\?|\)[?*]/.test(value)) return true;
  return /^(?:[$<{:]|%s|#\{|%[A-Z_]+%|(?:\*+|x+|\.+|pass(?:word|wd)?|pwd?|secret|token|user|your[-_]?\w*|my[-_]?pass\w*|placeholder|example|changeme|\w*password(?:_?here)?)$)/i.test(
    value,
  );
}

const rules: readonly Rule[] = [
  [
    (value) => isHeaderToken(value, 10),
    /\bBearer(?:\s{1,3}|\\?["']?,?\s{0,3}\\?["']|\+)(?:token=|key=)?\\?["']?(?<bearer_token_rule>[A-Za-z0-9+/=_.~%:-]{7,4095}[A-Za-z0-9+/=_~-])/gi,
  ],
  [
    (value) => isHeaderToken(value, 20),
    /\b(?:Digest|Token|ApiKey|Bot|OAuth|AWS4-HMAC-SHA256)(?:\s{1,3}|\\?["']?,?\s{0,3}\\?["']|\+)(?:token=|key=)?\\?["']?(?<bearer_token_rule>[A-Za-z0-9+/=_.~%:-]{7,4095}[A-Za-z0-9+/=_~-])/gi,
  ],
  [
    isBasic,
    /\bBasic(?:\s{1,3}|\\?["']?,?\s{0,3}\\?["']|\+)(?:token=|key=)?\\?["']?(?<basic_auth_rule>[A-Za-z0-9+/=_.~%:-]{7,4095}[A-Za-z0-9+/=_~-])/gi,
  ],
  [
    (value) => isRandom(value) && /\d/.test(value.replace(/%[0-9a-f]{2}/gi, '')),
    /(?<=[?&;"'\s])(?:X-Amz-(?:Signature|Credential|Security-Token)|X-Goog-(?:Signature|Credential)|AWSAccessKeyId|Signature|sig|sv_sig|se_sig|token|access_token|id_token|refresh_token|auth|auth_token|api_?key|apikey|key|password|passwd|pwd|secret|client_secret|code|sessionid|session_id|sid|jwt|signature|hmac|state_token|private_token|oauth_token|hapikey|appid|app_key|ticket|sso|otp|X-Plex-Token|subscription-key)=(?<signed_url_rule>[A-Za-z0-9%+/_.~:-]{10,4096}={0,2})/gi,
  ],
  [
    isChosen,
    /\b(?:machine|login|account|default)\s{1,8}(?:\S{1,128}\s{1,16}(?:login|account)\s{1,8})?\S{1,128}\s{1,16}password\s{1,8}(?<netrc_rule>[^\s"'`\\]{4,256})/g,
    /\s(?:-u|--user)[ =](?<=\b(?:lftp|ncftp|winscp)\b[^\n|;&]{0,160})\\{0,8}["']?[^\s,"'`]{1,64},(?<login_option_rule>[^\s"'`\\,]{4,256})/g,
    /(?:\b(?:sqlplus|sqlcl|sqlldr|rman|expdp|impdp)\s[^\n|;&]{0,80}?|\bjdbc:oracle:\w{2,5}:)[\w$#]{1,64}\/\\{0,8}["']?(?<login_option_rule>[^\s"'`\\@/]{4,256})(?=\\{0,8}["']?@)/gi,
    /\bnet use\s(?:\S{1,64}\s){1,2}(?<login_option_rule>[^\s/"'`|;&-][^\s"'`|;&]{3,255})(?=\s\/user:)/gi,
    /\bpass(?:in|out)?[ =]{1,2}\\{0,8}["']?pass:(?<login_option_rule>[^\s"'`\\]{4,256})/g,
    /\s-U\s{0,2}\\{0,8}["']?[\w.\\-]{1,64}%(?<login_option_rule>[^\s"'`\\]{4,256})/g,
  ],
  [
    (value) => isChosen(value) && !/^(?:\d{1,5}|\/\/.*|\d{1,5}:\w*)$/.test(value),
    /[\s"'](?:-u|-U|--user|--proxy-user|--auth|-a|--creds|--basic-auth|--http-user)(?:\s{1,3}|=|(?<=-u))\\{0,8}["']?[^\s:"'`@/\\=[]{1,64}:\\{0,8}["']?(?<login_option_rule>[^\s"'`\\]{4,256})/g,
  ],
  [
    (value) => isOddOrLong(value) && !/\.\w{2,4}$/.test(value),
    /\b(?:mysql|mysqldump|mysqladmin|mysqlimport|mariadb|mariadb-dump|mycli|sshpass|mongo|mongosh|mongodump|sqlcmd|7z|zip|unzip|unrar|rar)\b[^\n|;&]{0,160}?\s-[pP][ ]?\\{0,8}["']?(?<login_option_rule>[^\s"'`\\|;&-][^\s"'`\\|;&]{3,255})/g,
  ],
  [
    (value) => isOddOrLong(value) && !value.startsWith('-'),
    /\b(?:redis-cli|docker login|podman login|helm registry login|az login|az acr login|smbclient|ldapsearch|ldapmodify|cf login|oc login|psql|(?<!-)https?|htpasswd|rabbitmqctl|mosquitto_pub|mosquitto_sub|impala-shell|beeline|snowsql|cqlsh|cypher-shell|rdesktop|isql|bcp|useradd|usermod|az sql|kinit|runas|net use)\b[^\n|;&]{0,160}?\s(?:-a|-p|-P|-w|-b|--pass|--password-stdin <<<|-auth|-Password)[ =]{1,2}\\{0,8}["']?(?<login_option_rule>[^\s"'`\\|;&]{4,256})/g,
  ],
  [
    (value) => isChosen(value) && /[\d\W_]/.test(value),
    // Piped into a command that reads a password from its standard input.
    /(?:\b(?:echo|printf)\s(?:-\w{1,3}\s|\\{0,8}["']?%s(?:\\{1,8}n)?\\{0,8}["']?\s){0,2}|<<<\s?)\\{0,8}["']?(?:\w{1,32}:)?(?<login_option_rule>[^\s"'`|;&\\<>]{4,256})(?:(?<=(?:\bsudo\s[^|;&\n]{0,80}-S\b|--?pass(?:word|phrase)?-(?:stdin|fd)\b|\bkinit\b|passwd\b)[^|;&\n]{0,160}<<<[^|;&\n]{0,300})|(?=\\{0,8}["']?\s?\|[^|;&\n]{0,80}\s(?:sudo\s[^|;&\n]{0,24}-S\b|-S\s|--?pass(?:word|phrase)?-(?:stdin|fd)\b|passwd\b|chpasswd\b|smbpasswd\b|cryptsetup\b|--with-token\b|kinit\b|secrets?\s(?:set|put|create)\b|env\sadd\b)))/g,
    /\b(?:openssl enc\b[^\n|;&]{0,160}?\s-k\s|ssh-keygen\b[^\n|;&]{0,160}?\s-N\s|x?freerdp\b[^\n|;&]{0,160}?\s\/p:|snmp\w{1,12}\b[^\n|;&]{0,160}?\s-[AX]\s|gh secret set\b[^\n|;&]{0,160}?\s-b\s?|htpasswd\s(?:-\w{1,6}\s){0,3}-\w{0,5}b\w{0,5}\s(?:[^\s|;&]{1,128}\s){1,2}|wpa_passphrase\s\S{1,64}\s)\\{0,8}["']?(?<login_option_rule>[^\s"'`\\|;&]{4,256})/g,
  ],
  [
    (value) => /\d/.test(value) && isPasswordLike(value, true),
    // `auth=("admin", "…")`, `HTTPBasicAuth("admin", "…")`
    /(?:\bauth\\{0,8}["']?\s{0,2}[=:]\s{0,2}[([]|(?:[bB]asic_?[aA]uth|[cC]redentials)\()\s{0,2}\\{0,8}["'][^"'\\\n]{1,64}\\{0,8}["'],\s{0,2}\\{0,8}["'](?<login_option_rule>[^"'\\\n]{4,256})(?=\\{0,8}["']\s?[)\]])/g,
  ],
  [
    (value) => isOddOrLong(value) && /\d/.test(value) && !value.startsWith('-'),
    // `npm config set //registry/:_authToken …`, `wrangler secret put NAME <<< …`
    /(?:\b(?:config(?:ure)?|user-secrets|secrets?|env)\s(?:set|add|put)|\b(?:poetry|git|bundle|composer)\sconfig)\s(?:--?[\w-]{1,20}\s){0,2}\\{0,8}["']?[\w.:/@-]{0,80}?(?:[tT]oken|TOKEN|[sS]ecret|SECRET|[pP]assword|PASSWORD|_key|_KEY)[\w.-]{0,24}\\{0,8}["']?(?:\s[a-z]{4,12}(?=\s<<<))?\s(?:<<<\s?)?\\{0,8}["']?(?<login_option_rule>[^\s"'`\\|;&<>]{6,512})/g,
  ],
  [
    (value) => isChosen(value) && !isAboutSecret(value),
    /\b(?:requirepass|masterauth)\s{1,4}\\{0,8}["']?(?<login_option_rule>[^\s"'`\\]{4,256})/g,
  ],
  [
    (value) => isRandom(value) && isMixed(value) && !/^[~^]?\d/.test(value),
    // An address without a scheme: `deploy:…@db.example.org`.
    /:(?<=(?<![\w/:@.%=&?#-])[\w.-]{2,32}:)(?<url_password_rule>[^\s"'`:@/\\<>()[\]{}]{8,64})(?=@[a-z][\w-]{0,62}(?:\.[a-z][\w-]{0,62}|[\s:/]|$))/g,
  ],
  [
    (value) => !isPlainUrlWord(value),
    /:(?:\/\/|\\\/\\\/)[^\s:/@"'`<>\\[\]{}|^]{0,128}:(?<url_password_rule>[^\s"'`<>]{1,256}?)(?=@[\w.\-[\]{}$()*]{1,256}(?:[:/?#\\,;)\]}|&\s"'`<>]|$)(?![^\s"'`<>/?#]{0,256}@))/g,
  ],
  [
    // A token in place of the user name.
    (value) => isRandom(value) && /\d/.test(value),
    /:(?:\/\/|\\\/\\\/)(?<url_password_rule>[\w.~%+-]{16,512})(?=@)/g,
  ],
  [
    (value) => !isPlaceholder(value.slice(-24)) && !value.includes(tutorialSignature),
    // Also truncated, and in five parts.
    /(?<jwt_rule>eyJ(?<=(?:^|[^A-Za-z0-9]|\\[nrt])eyJ)[A-Za-z0-9_-]{14,8192}\.[A-Za-z0-9_-]{10,8192}(?:\.[A-Za-z0-9_-]{0,8192}){0,3})/g,
  ],
  [
    isSqlPassword,
    /\bIDENTIFIED\s{1,8}(?:WITH\s{1,8}\S{1,40}\s{1,8})?(?:BY|AS)\s{1,8}(?:PASSWORD\s{1,8}|VALUES\s{1,8})?(?:\\{0,8}["'])?(?<sql_password_rule>[^\s"'`;\\]{4,256})/g,
    /\bpassword(?<=\b(?:user|role|login|with|encrypted)\b[^;"']{0,80}password)\s{1,8}[EN]?\\{0,8}'(?<sql_password_rule>[^'\n\\]{4,256})/gi,
    /\b(?:with\s{1,8}|set\s)password(?:\s{1,8}for\s[^;=\n]{1,120})?\s{0,8}=\s{0,8}(?:password\s?\(\s?)?[EN]?\\{0,8}'(?<sql_password_rule>[^'\n\\]{4,256})/gi,
  ],
  [
    (value) => isSqlPassword(value) && (/[^a-z_]/.test(value) || value.length >= 12),
    /\bidentified(?<=\b(?:user|role|grant)\b[^;]{0,120}identified)\s{1,8}(?:with\s{1,8}\S{1,40}\s{1,8})?(?:by|as)\s{1,8}(?:password\s{1,8})?\\{0,8}["'](?<sql_password_rule>[^"'\n\\]{4,256})/gi,
  ],
  [
    () => true,
    /(?<password_hash_rule>\$(?:2[abxy]\$\d\d\$[./A-Za-z0-9]{53}|(?:apr1|1)\$[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{22}|[567y]\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{1,32}\$(?:[./A-Za-z0-9]{1,32}\$)?[./A-Za-z0-9]{43,86}|argon2(?:id|i|d)\$v=\d{1,3}\$[^\s"'`:\\]{20,256}))/g,
    /(?<password_hash_rule>\{(?<=:\{)S?SHA(?:256|512)?\}[A-Za-z0-9+/]{20,100}={0,2})/g,
  ],
  [
    isPrefixed,
    /(?<![A-Za-z0-9_-])(?<prefixed_token_rule>[a-z][a-z0-9]{1,11}_(?:[a-z0-9]{2,10}_){0,2}[A-Za-z0-9]{24,200})(?![A-Za-z0-9])/g,
  ],
  [
    isRandomEnough,
    /(?:sess(?:ion)?(?:_?id)?|sid|auth|token|jwt|remember(?:_me)?|xsrf|login|identity|PSID)[\w.-]{0,24}=(?=[^\s;,&"']{16})(?<cookie_rule>[A-Za-z0-9%._~+/:|-]{20,4096}={0,2})/gi,
    /\b(?<asana_token_rule>[01]\/\d{16}:[0-9a-f]{32})\b/g,
    /(?:hooks|webhooks?|outlook\.office(?:365)?\.com|discord(?:app)?\.com\/api\/webhooks|hooks\.slack\.com|api\.telegram\.org\/bot\d{6,12})(?:\.[a-z]{2,12}){0,3}\/[^\s"'`<>\\]{0,160}?(?<=\/)(?<url_path_token_rule>[A-Za-z0-9_-]{24,128})(?=$|[\s"'`<>\\,;)\]}/?])/g,
  ],
  [
    // `login admin:…`, `credentials are admin / …`
    (value) => isPasswordLike(value.replace(/[.:?*_…]+$/, ''), false),
    /\b(?:(?:log|sign)(?:ged|ed)?[ -]?in|logon|credentials?|creds|account|user(?:name)?|zugang(?:sdaten)?|anmeldung|benutzer(?:name)?|konto|identifiants?|compte|credenciales|cuenta|usuario|credenciais|conta|utente|accesso)\b(?:[^\n:/|,]{0,24}[\s:(]{1,3})?[\w.@+-]{2,40}(?:\s?(?:\/|\||,)\s|:|\s(?:with|using|mit|avec|con|com|and|und|et|y|e)\s)(?<password_rule>[^\s"'`<>()[\]{},;|«»“”]{8,64})/gi,
    /(?:учётн\S+|логин|账号|用户名|ログイン|계정|usuário|contraseña)[^\n\w]{0,24}[\w.@+-]{2,40}(?:\s?(?:\/|\||,)\s|:|\s(?:и|和|と|와)\s)(?<password_rule>[^\s"'`<>()[\]{},;|«»“”]{8,64})/giu,
  ],
  [isRandom, /\b(?<mailgun_key_rule>[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8})\b/g],
  [
    (value, text, start) => isRandom(value) && isBoundary(text, start),
    /(?<discord_bot_rule>[MNO][A-Za-z\d_-]{22,27}\.[\w-]{6}\.[\w-]{27,40})(?![A-Za-z0-9])/g,
  ],
  [
    (value) => new Set(value.split(' ')).size >= 9,
    /\b(?:mnemonic|(?:seed|recovery|secret)[ _-]?phrase)\W{1,12}(?<seed_phrase_rule>(?:[a-z]{3,8} ){11,23}[a-z]{3,8})(?![a-z])/gi,
  ],
  [
    (value) => /^[\x20-\x7e]+:[\x20-\x7e]+$/.test(decoded(value)),
    /["']_?auth\\{0,8}["']\s{0,4}:\s{0,4}\\{0,8}["'](?<docker_auth_rule>[A-Za-z0-9+/]{8,1024}={0,2})(?=\\{0,8}["'])/g,
  ],
];

/** Logins that begin in `[from, to)`. */
export function findLogins(text: string, from: number, to: number): Found[] {
  const found: Found[] = [];
  for (const [isSecret, ...patterns] of rules)
    for (const pattern of patterns)
      for (const { index, 0: whole, groups = {} } of matchesIn(pattern, text, from, to)) {
        const [name = '', written = ''] = Object.entries(groups)[0] ?? [];
        const start = index + whole.length - written.length;
        const value = text[start + written.length] === '@' ? written : written.replace(/[,;)\]}]+$/, '');
        if (isSecret(value, text, start))
          found.push({ rule: name.slice(0, -'_rule'.length).replaceAll('_', '-'), start, end: start + value.length });
      }
  return found;
}

const accessKeyId = /A(?:KIA|SIA)[A-Z2-7]{16}(?![A-Za-z0-9])/g;
const secretKey = /[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])/y;

/** Finds AWS secret keys near an access key id, under any name. */
export function findPairs(text: string, from: number, to: number): Found[] {
  const found: Found[] = [];
  for (const { index } of matchesIn(accessKeyId, text, from, to)) {
    const limit = Math.min(text.length, index + 180);
    for (let at = Math.max(0, index - 160); at < limit; at++) {
      if (!isBoundary(text, at) || /[+/=]/.test(text.charAt(at - 1)) || !matchAt(secretKey, text, at)) continue;
      const value = text.slice(at, at + 40);
      if (isMixed(value) && !isMonotonous(value) && !/example/i.test(value))
        found.push({ rule: 'aws-secret-key', start: at, end: at + 40 });
    }
  }
  return found;
}

// Passwords in sentences, answers and normalised texts.
import { expect, test } from 'vitest';
import { asksForSecret, secretsInAnswer } from '../../src/privacy/answers.ts';
import { showControls } from '../../src/privacy/invisible.ts';
import { redact } from '../../src/privacy/redact.ts';
import { alnum, digits, seededRandom, upper } from '../helpers/fake-secrets.ts';

const sentences: readonly ((password: string) => string)[] = [
  (p) => `Use the password ${p} for the staging database`,
  (p) => `the root password ("${p}") no longer works`,
  (p) => `The database password has been changed to ${p} yesterday`,
  (p) => `log in with ${p} as the password`,
  (p) => `${p} is the password for the replica`,
  (p) => `login deploy:${p} was refused`,
  (p) => `the credentials are deploy / ${p}`,
  (p) => `lftp -u deploy,${p} ftp.example.org`,
  (p) => `Das Kennwort für den Testserver lautet ${p}`,
  (p) => `nimm ${p} als Passwort`,
  (p) => `La contraseña de la base de datos es ${p}`,
  (p) => `Le mot de passe de la base est « ${p} »`,
  (p) => `A senha do banco é ${p}`,
  (p) => `la password del database è ${p}`,
  (p) => `het wachtwoord is ${p}`,
  (p) => `hasło do bazy to ${p}`,
  (p) => `пароль от базы ${p}`,
  (p) => `数据库密码是${p}，请使用`,
  (p) => `資料庫密碼：${p}`,
  (p) => `データベースのパスワードは${p}です`,
  (p) => `비밀번호는 ${p} 입니다`,
  (p) => `Lösenordet är ${p}`,
  (p) => `Veritabanı şifresi ${p} olarak ayarlandı`,
  (p) => `Passwort:\n  ${p}\n`,
  (p) => `Kennwort:\n\n\`\`\`\n${p}\n\`\`\`\n`,
  (p) => `{"stdout":"ready\\nPasswort ist ${p}\\nok"}`,
  (p) => `The password for the replica? It's ${p}`,
  (p) => `you can sign in as root using ${p}`,
  (p) => `Das Passwort der Datenbank wurde geändert, es lautet jetzt ${p}`,
  (p) => `pon ${p} como clave de la base`,
  (p) => `Contraseña para staging: ${p}`,
  (p) => `A senha foi alterada para ${p}`,
  (p) => `usa ${p} come password`,
  (p) => `hasłem jest ${p}`,
  (p) => `root密码${p}`,
  (p) => `使用${p}作为密码`,
  (p) => `把 ${p} 设为数据库密码`,
  (p) => `新しいパスワードに${p}を設定してください`,
  (p) => `새 비번은 ${p}`,
  (p) => `adatbázis jelszava ${p}`,
  (p) => `رقم كلمة مرور القاعدة هي ${p}`,
  (p) => `kodeord: ${p}`,
  (p) => `лозинка: ${p}`,
];

/** Chosen by people: a word, a year. Only where the sentence announces a password. */
const chosenSentences: readonly ((password: string) => string)[] = [
  (p) => `the password is ${p}`,
  (p) => `Use the password ${p} there`,
  (p) => `Passwort ${p}`,
  (p) => `Das Kennwort heißt jetzt ${p}`,
  (p) => `Cambié la contraseña a ${p}`,
  (p) => `utilise ${p} comme mot de passe`,
  (p) => `senha do banco: ${p}`,
  (p) => `hasło na ${p}`,
  (p) => `поменял пароль на ${p}`,
  (p) => `密码改成了${p}`,
  (p) => `パスワード「${p}」`,
  (p) => `비밀번호를 ${p}로 바꿨습니다`,
  (p) => `the db password was changed to ${p} yesterday`,
  (p) => `Mot de passe : « ${p} »`,
  (p) => `пароль: «${p}»`,
  (p) => `contraseña de la base de datos: ${p}`,
  (p) => `psw: ${p}`,
  (p) => `parolă: ${p}`,
  (p) => `رمز عبور: ${p}`,
  (p) => `npm config set //registry.example.org/:_authToken ${p}`,
  (p) => `aws configure set aws_secret_access_key ${p} --profile shop`,
  (p) => `poetry config pypi-token.shop ${p}`,
  (p) => `wrangler secret put API_TOKEN <<< "${p}"`,
  (p) => `echo -n "${p}" | gh secret set DEPLOY_KEY`,
  (p) => `vercel env add DB_PASSWORD production <<< ${p}`,
  (p) => `gh secret set DB_PASSWORD -b${p}`,
  (p) => `htpasswd -b .htpasswd admin ${p}`,
];

/** Commands and notations that hold a password without a name for it. */
const commands: readonly ((password: string) => string)[] = [
  (p) => `echo ${p} | sudo -S true`,
  (p) => `printf '%s' '${p}' | docker login -u me --password-stdin`,
  (p) => `docker login -u me --password-stdin <<< "${p}"`,
  (p) => `echo 'root:${p}' | chpasswd`,
  (p) => `sqlplus scott/${p}@db`,
  (p) => `sftp deploy:${p}@files.example.org`,
  (p) => `openssl enc -k ${p} -in a`,
  (p) => `CONFIG SET requirepass ${p}`,
  (p) => `ENV DB_PASSWORD ${p}`,
  (p) => `gh secret set DB_PASSWORD --body "${p}"`,
  (p) => `client.setPassword("${p}")`,
  (p) => `<td>Password</td><td>${p}</td>`,
  (p) => `DB_PASSWORD → ${p}`,
  (p) => `#define WIFI_PASSWORD "${p}"`,
  (p) => `{"ParameterKey":"DbPassword","ParameterValue":"${p}"}`,
  (p) => `requests.get(url, auth=('admin', '${p}'))`,
  (p) => `{"auth":["admin","${p}"]}`,
  (p) => `kind: Secret\ndata:\n  password: ${p}xy==`,
];

/** A random value that is no everyday word. */
const passwordOf = (seed: number): string => {
  const r = seededRandom(seed);
  return (
    r.text(upper.slice(0, 26), 1) + r.text(alnum, 3) + r.text(digits, 2) + r.text('bcdfghjkmqx', 4) + r.text(digits, 2)
  );
};

test('removes a password from a sentence, in many languages', () => {
  for (const seed of [1, 2, 3, 4, 5])
    for (const say of sentences) {
      const password = passwordOf(seed);
      expect(redact(say(password)).text, say(password)).not.toContain(password);
    }
  const chosen = ['sommer', 'winter', 'garden', 'ocean', 'ocean7Garden19x'].map((word, at) =>
    /\d/.test(word) ? word : `${word}${2017 + at}`,
  );
  for (const password of chosen)
    for (const say of chosenSentences) expect(redact(say(password)).text, say(password)).not.toContain(password);
});

test('removes a password from commands and notations', () => {
  for (const seed of [1, 2, 3])
    for (const say of commands) {
      const password = passwordOf(seed);
      expect(redact(say(password)).text, say(password)).not.toContain(password);
    }
});

test('leaves sentences about passwords', () => {
  for (const text of [
    'The password must be at least 12 characters long and is hashed with argon2id.',
    'We derive a key from password and salt using PBKDF2-HMAC-SHA256.',
    'The password reset form in src/auth/reset2.ts calls hashPassword2(user).',
    'password policy v2.3.1 applies; see https://example.org/docs/p4ssw0rd-rules',
    'Move the token check of the login to middleware/auth.ts:42 and log in again.',
    'the user admin / editor roles',
    'パスワードは8文字以上にする',
    'Das Passwort wird mit bcrypt gespeichert und nach 90 Tagen geändert.',
    'La contraseña se guarda con argon2id en la tabla users2.',
    '密码使用SHA256保存，见 src/auth/hash2.ts',
    'use the form field as password input; login2.tsx calls setPassword(value)',
    '| v2026.5.27 | PASS | 2,231ms | 635.3MB |',
    '| `password` | Shared |',
    'git config credential.helper store; npm config set registry https://registry.example.org/npm2/',
    'the password was reset by user42 in the form password2Field',
    `client = boto3.Session(Credentials("us-east-1", "dynamodb")); auth=('user', 'pass')`,
    '#define TOKEN_PLUS "plus2"',
    'ssh-copy-id --ssh-key ~/.ssh/id_ed25519 host',
  ])
    expect(redact(text).text).toBe(text);
});

test('masks a value wherever it recurs once it is found', () => {
  const password = passwordOf(6);
  const text = `DB_PASSWORD=${password}\nError: login with ${password} was refused\n${password}`;
  expect(redact(text).text).not.toContain(password);
});

test('finds secrets that a terminal, a browser or a parser would join', () => {
  const token = `ghp_${seededRandom(7).text(alnum, 36)}`;
  const [a, b] = [token.slice(0, 15), token.slice(15)];
  for (const text of [
    `refused ${a}\u001b[31m${b}\u001b[0m now`,
    `refused ${a}\\u001b[1;31m${b} now`,
    `refused ${a}\u200b${b} now`,
    `refused ${a}\u00ad${b} now`,
    `refused ${token.replace('_', '%5F')} now`,
    `refused ${token.replace('_', '\\u005f')} now`,
    `refused ${token.replace('_', '&#95;')} now`,
  ])
    expect(redact(text).text, text).toMatch(/^refused \[REDACTED:[\w-]+\](?:\u001b\[0m)? now$/);
  const known = passwordOf(8);
  expect(redact(`got ${known.slice(0, 4)}\u2060${known.slice(4)}!`, { knownValues: [known] }).text).toBe(
    'got [REDACTED:known-value]!',
  );
});

test('detects questions that ask for a password, and the password in the answer', () => {
  const password = passwordOf(9);
  for (const question of [
    'Which database password should I use?',
    'Please enter the API key',
    'Welches Passwort soll ich nehmen?',
    'どのパスワードを使いますか？',
    'What is the PIN?',
  ])
    expect(asksForSecret(`Done so far.\n${question}`), question).toBe(true);
  expect(asksForSecret('The password is set.\n\nWhich port shall I take?\n\nAnd why?')).toBe(false);
  expect(secretsInAnswer(password)).toEqual([password]);
  expect(secretsInAnswer(`take "${password}", please`)).toEqual([password]);
  expect(secretsInAnswer('4711')).toEqual(['4711']);
  expect(secretsInAnswer('the one from the vault, not base64')).toEqual([]);
});

test('escapes characters that would control a terminal', () => {
  expect(showControls('a\u001b]0;pwn\u0007\u001b[2Jb\r\u202ec\u009b1m\td\n')).toBe(
    'a\\x1b]0;pwn\\x07\\x1b[2Jb\\u202ec\\x9b1m\td\n',
  );
  expect(showControls('\u001b[1mours\u001b[0m')).toBe('\u001b[1mours\u001b[0m');
  expect(showControls('a\u200bb\u00adc\u{e0041}d\u2060 👩‍👩‍👧 ❤️ می‌خواهم\n')).toBe(
    'a\\u200bb\\xadc\\udb40\\udc41d\\u2060 👩‍👩‍👧 ❤️ می‌خواهم\n',
  );
});

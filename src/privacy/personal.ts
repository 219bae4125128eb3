// Removes personal data from shared memory: home paths, e-mail addresses, names. Git records authors where needed.

import { scrubNumbers } from './personal-numbers.ts';
import { escapeLiteral } from './shapes.ts';

const email =
  /(?<![A-Za-z0-9._%+/:@-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-]|\.[A-Za-z0-9])/g;
/** Addresses of services, and examples. */
const nobody =
  /^(?:git|noreply|no-reply|donotreply|example|user|users|you|your|me|name|foo|test)@|@(?:[\w-]+\.)*(?:example|test|invalid|localhost)(?:\.(?:com|org|net))?$|@users\.noreply\.github\.com$|\.(?:png|jpe?g|gif|svg|js|ts|css|mjs|json|webp)$/i;
const otherHomes =
  /(?<![\w.-])(?:\/(?:home|Users)|[A-Za-z]:(?:\\{1,2}|\/)Users)(?:\\{1,2}|\/)(?!Shared\b|Public\b|runner\b)[A-Za-z0-9._-]{1,64}(?=[\\/"'`\s:;,)\]}>]|$)/g;
const dullName =
  /^(?:root|user|admin|ubuntu|runner|node|app|dev|git|home|test|vscode|docker|nobody|www|build|src|main)$/i;

/**
 * Home directories become `~`, e-mail addresses `[email]`, the user's name in prose `[user]`; see also scrubNumbers. IP addresses are kept.
 * `home`: absolute, '' when unknown. `userName`: removed in paths and as a word; not if shorter than 3 letters or generic, such as `root`.
 */
export function scrubPersonal(text: string, { home, userName = '' }: { home: string; userName?: string }): string {
  const spellings = homeSpellings(home).map(escapeLiteral).join('|');
  let result = spellings === '' ? text : text.replace(new RegExp(`(?:${spellings})(?![\\w-])`, 'g'), '~');
  result = result.replace(otherHomes, '~');
  if (result.includes('@')) result = result.replace(email, (found) => (nobody.test(found) ? found : '[email]'));
  result = scrubNumbers(result);
  if (userName.length < 3 || dullName.test(userName)) return result;
  return result.replace(new RegExp(`(?<![\\w-])${escapeLiteral(userName)}(?![\\w-])`, 'g'), '[user]');
}

/** Spellings of a home path: plain, with doubled backslashes (JSON), with forward slashes, as in a file URL, with escaped slashes. */
function homeSpellings(home: string): string[] {
  const bare = home.replace(/[\\/]+$/, '');
  if (bare.length < 4) return [];
  const others = [
    bare.replaceAll('\\', '\\\\'),
    bare.replaceAll('\\', '/'),
    encodeURI(bare),
    bare.replaceAll('/', '\\/'),
  ];
  return [bare, ...others];
}

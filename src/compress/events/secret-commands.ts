// Commands whose output must not be stored: only their use is recorded. A compound command is judged by its parts; in doubt, a part counts
// as secret.
import { isEnvName, isSecretPath } from '../../privacy/private-paths.ts';

/** Words before the actual command: `sudo -E`, `env A=b`, `time`, `xargs -n1`. */
const wrapper =
  /^(?:sudo|doas|command|builtin|exec|time|nice|nohup|stdbuf|xargs|watch|timeout|then|do|else|if|while|!|\{|eval)$/;

/** Commands that print secrets. Matched at the start of a part, without wrappers and variables, with single spaces. */
const tellers: readonly RegExp[] = [
  /^(?:set|compgen -v|printenv\b.*|(?:export|declare|typeset)(?: -\w*[px]\w*)?)$/,
  /^gh (?:secret |variable |auth (?:token|status\b.*(?:-t\b|--show-token)))/,
  /^glab (?:auth|config get|variable|token)/,
  /^git credential(?:-\w+)?(?: |$)/,
  /^git config .*(?:token|password|extraheader|credential)/,
  /^vault (?:read|kv|print|token|unwrap|login|write|operator|lease|list)/,
  /^(?:op|bw|lpass|pass|gopass|keepassxc-cli|secret-tool|rbw|dcli|nordpass|keyring|passage|doppler|infisical|chamber|teller|berglas|envchain|aws-vault|saml2aws|akeyless|conjur|credstash|envkey|hcp vault-secrets)(?: |$)/,
  /^security (?:find|dump|export)-/,
  /^(?:kubectl|oc|k|k3s kubectl|microk8s kubectl) (?:.* )?(?:get|describe|edit|view|create|apply) (?:.* )?(?:secrets?|sealedsecrets?)\b/,
  /^(?:kubectl|oc|k) (?:.* )?config view\b.*--raw/,
  /^(?:kubectl|oc|k) (?:.* )?exec .* (?:env|printenv)\b/,
  /^(?:kubectl|oc) create token\b/,
  /^oc whoami (?:-t|--show-token)/,
  /^aws (?:.* )?(?:configure|secretsmanager (?:get|batch-get)|ssm get-param|sts (?:get-session|assume|get-federation)|iam create-access-key|ecr(?:-public)? get-|codeartifact get-|sso get-|eks get-token|rds generate-db-auth|kms decrypt|lambda get-function|redshift get-cluster-cred)/,
  /^gcloud (?:.* )?(?:print-(?:access|identity)-token|secrets versions access|service-accounts keys create|auth (?:login|application-default|print)|config config-helper|sql generate-login-token)/,
  /^az (?:.* )?(?:get-access-token|keyvault secret|keys? (?:list|renew|show)|show-connection-string|list-keys|list-credentials|credential|create-for-rbac|appsettings|config list|get-credentials|generate-sas|admin-key|query-key)/,
  /^(?:heroku|railway|render|netlify|vercel|fly|flyctl|wrangler|supabase|eas|amplify|cf|scalingo|clever|dokku|nanobox) (?:.* )?(?:config|vars?|variables?|env|secrets?|auth(?::| )?token|tokens?|pull|env:\w+)\b/,
  /^(?:sops|age|gpg|openssl|ansible-vault|git-crypt|kubeseal|rage) .*(?:-d\b|--decrypt|decrypt|--export-secret|rsa\b|pkey\b|genrsa|pkcs12|genpkey|rand\b|view|edit|unlock)/,
  /^docker (?:(?:.* )?(?:inspect|compose config|exec .* (?:env|printenv)|run .* (?:env|printenv)$)|secret|login)/,
  /^(?:docker-compose|docker compose|podman-compose) (?:.* )?config\b/,
  /^(?:podman|nerdctl) (?:inspect|secret)/,
  /^(?:terraform|tofu|pulumi|terragrunt) (?:.* )?(?:output|state (?:show|pull)|show|config|stack (?:export|output))\b/,
  /^(?:npm|pnpm|yarn) (?:.* )?(?:token|config (?:list|ls|get .*(?:auth|token|password))|profile)\b/,
  /^(?:poetry|pip|uv) config (?:.*(?:token|password|http-basic)|--list|list)/,
  /^(?:stripe|twilio|sentry-cli|circleci|doctl|linode-cli|hcloud|scw|ibmcloud|oci) (?:.* )?(?:config|login|info|auth|token|iam|account-keys?)\b/,
  /^(?:systemctl show-environment|launchctl getenv|ps\b.* e\w*$|ps [a-z]*e[a-z]*ww?)/,
  /^ssh-(?:add -L|keygen)\b/,
  /^(?:mkcert|wg genkey|wg show|wg-quick|htpasswd|pwgen|mkpasswd|openssl rand)\b/,
  /^(?:dotenv|env-cmd|direnv) (?:.* )?(?:export|print|list|get|dump)\b/,
  /^(?:php artisan|rails|rake|bin\/rails) (?:credentials|secrets|env|config:show|secret)\b/,
  /^(?:set|get-childitem|gci|dir|ls) env:/i,
  /^get-(?:secret|credential)\b/i,
  /^(?:login|passwd|chpasswd|mysql_config_editor)\b/,
];

const readers =
  /^(?:cat|bat|batcat|less|more|head|tail|view|vi|vim|nvim|nano|emacs|code|strings|xxd|od|hexdump|base64|base32|nl|tac|rev|sort|uniq|cut|awk|gawk|sed|grep|egrep|fgrep|rg|ag|ack|jq|yq|dasel|tee|cp|mv|scp|rsync|source|\.|diff|cmp|comm|paste|column|fold|tr|dd|type|get-content|gc|git|curl|wget|openssl|ssh-keygen|gpg|zcat|gunzip|tar|unzip|zip|python3?|node|ruby|perl|php|xargs|while|for|read|mapfile|readarray|echo|printf|export|set|find|env|docker|kubectl|install|ln|pbcopy|xclip|wl-copy|clip|fx|glow|mdcat)$/;

const secretVariable =
  /\$(?:env:)?\{?!?#?[A-Za-z0-9_]*(?:TOKEN|SECRET|PASS(?:WORD|WD|PHRASE)?|PWD_|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|CREDENTIALS?|_KEY|_AUTH|DATABASE_URL|_DSN|_PAT)(?:[A-Za-z0-9_]*)\b/i;

/** An inline script that prints the whole environment. */
const dumper =
  /\b(?:python3?|node|ruby|perl|php|deno|bun|tsx)\b.*(?:os\.environ\b(?!\.get|\[)|process\.env\b(?!\.|\[)|\bENV\b\.(?:to_h|each|inspect)|%ENV|getenv\(\))/;

/** True when the command is likely to print secrets: its use is recorded, its output is not. */
export function isSecretCommand(command: string): boolean {
  return dumper.test(command) || splitParts(command).some(isSecretPart);
}

function isSecretPart(part: string): boolean {
  const words = stripWrappers(part.split(/\s+/).filter((word) => word !== ''));
  if (words.length === 0) return false;
  const name = baseName(words[0] ?? '');
  const plain = [name, ...words.slice(1)].join(' ');
  if (name === 'env')
    return words.length === 1 || words.slice(1).every((word) => /^(?:-\w*|--\w[\w-]*|\w+=.*)$/.test(word));
  if (tellers.some((pattern) => pattern.test(plain))) return true;
  if (/^(?:echo|printf|print|write-output|write-host|cat|base64|tee)$/i.test(name) && secretVariable.test(part))
    return true;
  if (words[1]?.startsWith('<<') && secretVariable.test(part)) return true;
  if (!readers.test(name) && !/[<>]/.test(part)) return false;
  // Only what it writes to is a file.
  if (name === 'echo' || name === 'printf') return isSecretWord(/>\s*([^\s>]+)/.exec(part)?.[1] ?? '');
  const rest = words.slice(1);
  // The search pattern of grep is not a file.
  if (/^(?:[ef]?grep|rg|ag|ack)$/.test(name))
    rest.splice(
      rest.findIndex((word) => !word.startsWith('-')),
      1,
    );
  return rest.some(isSecretWord);
}

/** Whether an argument names a secret file, including `--from-file=.env`, `HEAD:.env` and `@key.pem`. */
function isSecretWord(word: string): boolean {
  return word.split(/[=:,@<>()"'`{}]+/).some((piece) => {
    if (piece === '' || piece.startsWith('-')) return false;
    if (/(?:^|\/)\.(?:e(?:nv?)?)?[*?]/.test(piece) && !/^\.?\/?\*$/.test(piece)) return true;
    if (/[*?]/.test(piece))
      return isEnvName(piece.slice(piece.lastIndexOf('/') + 1).replace(/[*?]+/g, 'x')) || isSecretPath(piece);
    return isSecretPath(piece);
  });
}

function stripWrappers(words: readonly string[]): string[] {
  let at = 0;
  let wrapped = false;
  while (at < words.length) {
    const word = words[at] ?? '';
    if (/^[A-Za-z_]\w*\+?=/.test(word)) at++;
    else if (wrapper.test(baseName(word))) {
      wrapped = true;
      at++;
    } else if (wrapped && (word.startsWith('-') || /^\d+[smh]?$/.test(word))) at++;
    else if (baseName(word) === 'env' && words.slice(at + 1).some((next) => !/^-|^\w+=/.test(next))) {
      wrapped = true;
      at++;
    } else break;
  }
  return words.slice(at);
}

function baseName(word: string): string {
  const bare = word.replace(/^["'\\]+|["']+$/g, '');
  return bare.slice(bare.lastIndexOf('/') + 1);
}

/** Splits at `;`, `&`, `|`, newlines, subshells and substitutions, including quoted commands of `bash -c` and `ssh`. */
function splitParts(command: string): string[] {
  const folded = command.replace(/\\\r?\n/g, ' ');
  const parts = folded.split(/[;\n\r|&`]+|\$\(|<\(|>\(|[()]/);
  const quoted =
    /\b(?:(?:ba|z|da|k|fi)?sh|pwsh|powershell|cmd)(?:\.exe)?\b[^;|&]{0,40}?\s(?:-\w*c|\/c|-Command)\s|\bssh\s|\beval\s|\bsu\s/i.test(
      folded,
    );
  if (!quoted) return parts.map((part) => part.trim());
  const inner = [...folded.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g)].map((match) => match[1] ?? match[2] ?? '');
  return [...parts, ...inner.flatMap((text) => text.split(/[;\n|&`]+|\$\(|[()]/))].map((part) => part.trim());
}

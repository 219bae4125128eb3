// Files whose content must not be stored: only their use is recorded.

const publicSuffix = /(?:^|[.\-_])(?:example|sample|template|dist|defaults?|schema)$/;

const secretNames: readonly RegExp[] = [
  /\.(?:pem|key|p12|pfx|jks|keystore|truststore|kdbx?|ppk|pkcs12|p8|der|asc|gpg|ovpn|agekey|tfstate|keychain(?:-db)?|mobileprovision|psafe3|rdp)$/,
  /\.(?:tfvars|tfstate)(?:\.json|\.backup|\..*\.backup)?$/,
  /^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?(?:[.\-_][\w.-]*)?$/,
  /^ssh_host_[a-z0-9]+_key$/,
  /^\.?(?:npmrc|netrc|_netrc|pypirc|yarnrc|pgpass|my\.cnf|mylogin\.cnf|s3cfg|boto|htpasswd|htdigest|dockercfg|dockerconfigjson|git-credentials|vault-token|terraformrc|rclone\.conf|msmtprc|fetchmailrc|authinfo|cargo-credentials|databrickscfg|snowsql|tugboat|gem_credentials|envrc|flaskenv|dev\.vars)$/,
  /credentials?(?:$|[.\-_])/,
  /(?:^|[.\-_])secrets?(?:\.[\w-]+)?\.(?:ya?ml|json|toml|ini|env|txt|properties|conf|cfg|xml|php|enc|py|rb)$/,
  /^(?:service[-_]?account|gcp[-_]?key|firebase[-_]?adminsdk|google[-_]?services?)[\w.-]*\.json$/,
  /^(?:passwords?|passwd|tokens?|api[-_]?keys?)\.(?:txt|json|ya?ml|csv|env)$/,
  /^kubeconfig(?:[.\-_].*)?$|\.kubeconfig$/,
  /^(?:master|production|staging)\.key$/,
  /^(?:wp-config\.php|local\.settings\.json|appsettings\.(?:production|staging)\.json)$/,
  /^\.?(?:bash_history|zsh_history|python_history|psql_history|mysql_history|node_repl_history|rediscli_history)$/,
];

const secretFolder =
  /^(?:\.ssh|\.gnupg|\.aws|\.azure|\.kube|\.docker|\.gcloud|\.oci|\.vault|\.password-store|\.secrets|\.envs|secrets|\.terraform\.d|\.doppler|\.infisical|\.age|\.sops|\.bluemix|\.fly|\.heroku|\.snowflake)$/;

/** One pattern: to compile eight takes a process that looks at few paths longer than all else here. */
const secretTail = new RegExp(
  `(?:^|/)(?:${[
    /\.config\/(?:gcloud|gh|hub|op|doctl|sops|rclone|stripe|heroku|fly|netlify|vercel|configstore|age|containers\/auth\.json)(?:\/|$)/,
    /\.claude\/(?:\.credentials\.json|\.claude\.json)$/,
    /etc\/(?:shadow|gshadow|sudoers|ssl\/private|kubernetes|letsencrypt)(?:\/|$|-)/,
    /proc\/[^/]+\/environ$/,
    /(?:run|var\/run)\/secrets\//,
    /\.(?:cargo|gem|m2|gradle|composer|bundle|config\/composer|subversion\/auth)\/(?:credentials(?:\.toml)?|settings(?:-security)?\.xml|gradle\.properties|auth\.json|config)$/,
    /library\/keychains\//,
    /\.kamal\/secrets(?:[.-][\w-]+)?$/,
  ]
    .map(({ source }) => source)
    .join('|')})`,
);

/** Source code about credentials (`credentials.ts`, `test_credentials.py`) is not a credential. */
const sourceName =
  /\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|kt|cs|php|swift|scala|c|h|cpp|hpp|md|mdx|rst|html?|css|vue|svelte|ex|exs|lock|snap)$/;

/** True when the file's content must never be kept; judged by the path alone (any separators, any case). */
export function isSecretPath(path: string): boolean {
  const parts = path
    .trim()
    .replace(/^["']|["']$/g, '')
    .replaceAll('\\', '/')
    .toLowerCase()
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  const name = parts.at(-1) ?? '';
  if (isEnvName(name)) return true;
  if (publicSuffix.test(name) && !secretFolder.test(parts.at(-2) ?? '')) return false;
  if (name.endsWith('.pub') && !secretFolder.test(parts.at(-2) ?? '')) return false;
  const whole = parts.join('/');
  if (secretTail.test(whole)) return true;
  const folder = parts.slice(0, -1).find((part) => secretFolder.test(part));
  if (folder !== undefined && !(folder === 'secrets' && sourceName.test(name))) return true;
  if (secretFolder.test(name) && name !== 'secrets') return true;
  if (sourceName.test(name) && name !== 'wp-config.php' && !/\bsecrets?\.(?:py|php|rb)$/.test(name)) return false;
  return secretNames.some((pattern) => pattern.test(name));
}

/** `.env`, `.env.local`, `prod.env`, `.env.production.local`, `.dev.vars`; not `.env.example` or `environment.ts`. */
export function isEnvName(name: string): boolean {
  const lower = name.toLowerCase();
  if (
    !/^(?:\.env(?:rc|ironment)?(?:[.\-_ ].*)?~?|env\.(?:local|prod\w*|dev\w*|staging|test|ya?ml|json|toml)|[\w.-]+\.env(?:\.[\w-]+)?|\.(?:dev\.)?vars(?:\.[\w-]+)?)$/.test(
      lower,
    )
  )
    return false;
  if (/\.(?:[cm]?[jt]sx?|py|md|d\.ts|go|rs)$/.test(lower)) return false;
  return !publicSuffix.test(lower) && !/\.(?:example|sample|template|dist|defaults?|schema)(?:\.|$)/.test(lower);
}

const settingsFiles =
  /(?:^|\/)(?:(?:(?:docker-)?compose|application|bootstrap|appsettings|values|database|parameters|vault|local|gradle|key|keystore|signing|config[._-]local|settings[._-]local|local[_-]settings|\.?mise|\.?mcp|flyway|liquibase)(?:[.\-_][\w.-]*)?\.(?:ya?ml|properties|json|toml|ini|conf|cfg|py)|[\w.@-]+\.(?:service|xcconfig)|\.?pg_service\.conf|\.actrc|(?:group|host)_vars\/[\w./-]+\.ya?ml|\.vscode\/(?:settings|launch|tasks)\.json)$/;

/** Settings in which a password may stand among much that is none: `docker-compose.yml`, `application-prod.properties`, `.mcp.json`. */
export function isSettingsPath(path: string): boolean {
  return settingsFiles.test(path.toLowerCase());
}

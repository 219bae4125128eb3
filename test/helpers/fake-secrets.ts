// Secrets that nobody ever had, made at run time from a seed: literal ones in a source would trip push protection.
// Prefixes and lengths are the providers' public ones.

export interface Random {
  /** 0 inclusive to `below` exclusive. */
  int(below: number): number;
  pick<T>(items: readonly T[]): T;
  text(alphabet: string, length: number): string;
}

/** The same seed gives the same secrets (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const int = (below: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
  const pick = <T>(items: readonly T[]): T => {
    const item = items[int(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  };
  const text = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet.charAt(int(alphabet.length))).join('');
  return { int, pick, text };
}

export const digits = '0123456789';
export const hex = '0123456789abcdef';
export const lower = 'abcdefghijklmnopqrstuvwxyz0123456789';
export const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
export const alnum = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
export const base64 = alnum + '+/';
export const url64 = alnum + '-_';
const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export interface FakeType {
  /** Must be found every single time. */
  isCritical?: true;
  /** A name that stands beside the value; kinds that are told by their name alone need it. */
  name: string;
  make(random: Random): string;
}

const base64Of = (text: string): string => Buffer.from(text).toString('base64');
const urlBase64Of = (text: string): string => Buffer.from(text).toString('base64url');

/** Tokens whose own shape gives them away, anywhere. */
export const shapedTypes: Readonly<Record<string, FakeType>> = {
  awsAccessKey: {
    isCritical: true,
    name: 'aws_access_key_id',
    make: (r) => r.pick(['AKIA', 'ASIA']) + r.text(base32, 16),
  },
  githubPat: {
    isCritical: true,
    name: 'github_token',
    make: (r) => r.pick(['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_']) + r.text(alnum, 36),
  },
  githubFine: { isCritical: true, name: 'gh_pat', make: (r) => `github_pat_${r.text(alnum, 22)}_${r.text(alnum, 59)}` },
  gitlabPat: { name: 'gitlab_token', make: (r) => r.pick(['glpat-', 'gldt-', 'glrt-', 'glptt-']) + r.text(url64, 20) },
  slackBot: {
    isCritical: true,
    name: 'slack_token',
    make: (r) => `${r.pick(['xoxb', 'xoxp'])}-${r.text(digits, 12)}-${r.text(digits, 12)}-${r.text(alnum, 24)}`,
  },
  slackApp: {
    isCritical: true,
    name: 'slack_app',
    make: (r) => `xapp-1-A${r.text(upper, 10)}-${r.text(digits, 13)}-${r.text(hex, 64)}`,
  },
  slackWebhook: {
    isCritical: true,
    name: 'slack_url',
    make: (r) => `https://hooks.slack.com/services/T${r.text(upper, 8)}/B${r.text(upper, 8)}/${r.text(alnum, 24)}`,
  },
  stripe: {
    isCritical: true,
    name: 'stripe_key',
    make: (r) => r.pick(['sk_live_', 'rk_live_', 'sk_test_']) + r.text(alnum, r.pick([24, 99])),
  },
  stripeWebhook: { isCritical: true, name: 'stripe_hook', make: (r) => `whsec_${r.text(alnum, 32)}` },
  openai: {
    isCritical: true,
    name: 'openai_api_key',
    make: (r) => `sk-${r.text(alnum, 20)}T3BlbkFJ${r.text(alnum, 20)}`,
  },
  openaiProject: {
    isCritical: true,
    name: 'openai_key',
    make: (r) => `sk-proj-${r.text(url64, 74)}T3BlbkFJ${r.text(url64, 74)}`,
  },
  anthropic: { isCritical: true, name: 'anthropic_api_key', make: (r) => `sk-ant-api03-${r.text(url64, 93)}AA` },
  jwt: {
    isCritical: true,
    name: 'id_token',
    make: (r) =>
      [
        urlBase64Of('{"alg":"HS256","typ":"JWT"}'),
        urlBase64Of(JSON.stringify({ sub: r.text(digits, 10), jti: r.text(alnum, 12) })),
        r.text(url64, 43),
      ].join('.'),
  },
  npm: { isCritical: true, name: 'npm_token', make: (r) => `npm_${r.text(alnum, 36)}` },
  googleApi: { isCritical: true, name: 'google_api_key', make: (r) => `AIza${r.text(url64, 35)}` },
  googleOauth: { isCritical: true, name: 'client_secret', make: (r) => `GOCSPX-${r.text(url64, 28)}` },
  googleAccess: { isCritical: true, name: 'access_token', make: (r) => `ya29.${r.text(url64, 60)}` },
  pypi: { name: 'pypi_token', make: (r) => `pypi-AgEIcHlwaS5vcmc${r.text(url64, 70)}` },
  docker: { name: 'docker_pat', make: (r) => `dckr_pat_${r.text(url64, 27)}` },
  vault: { name: 'vault_token', make: (r) => `hvs.${r.text(url64, 90)}` },
  terraform: { name: 'tf_token', make: (r) => `${r.text(alnum, 14)}.atlasv1.${r.text(url64, 64)}` },
  sendgrid: { name: 'sendgrid_key', make: (r) => `SG.${r.text(url64, 22)}.${r.text(url64, 43)}` },
  mailgun: { name: 'mailgun_key', make: (r) => `key-${r.text(hex, 32)}` },
  mailchimp: { name: 'mailchimp_key', make: (r) => `${r.text(hex, 32)}-us${1 + r.int(20)}` },
  telegram: { name: 'telegram_bot', make: (r) => `${1 + r.int(9)}${r.text(digits, 9)}:AA${r.text(url64, 33)}` },
  discord: {
    name: 'discord_token',
    make: (r) => `${r.pick(['M', 'N', 'O'])}${r.text(alnum, 25)}.${r.text(alnum, 6)}.${r.text(alnum, 38)}`,
  },
  discordWebhook: {
    name: 'hook',
    make: (r) => `https://discord.com/api/webhooks/${r.text(digits, 18)}/${r.text(url64, 68)}`,
  },
  shopify: { name: 'shopify_token', make: (r) => r.pick(['shpat_', 'shpss_', 'shpca_', 'shppa_']) + r.text(hex, 32) },
  square: { name: 'square_token', make: (r) => `sq0atp-${r.text(url64, 22)}` },
  digitalocean: { name: 'do_token', make: (r) => `dop_v1_${r.text(hex, 64)}` },
  databricks: { name: 'databricks_token', make: (r) => `dapi${r.text(hex, 32)}` },
  planetscale: { name: 'pscale', make: (r) => `pscale_${r.pick(['tkn', 'pw'])}_${r.text(url64, 43)}` },
  supabase: { name: 'supabase_token', make: (r) => `sbp_${r.text(hex, 40)}` },
  linear: { name: 'linear_key', make: (r) => `lin_api_${r.text(alnum, 40)}` },
  notion: { name: 'notion_token', make: (r) => r.pick([`secret_${r.text(alnum, 43)}`, `ntn_${r.text(alnum, 46)}`]) },
  figma: { name: 'figma_token', make: (r) => `figd_${r.text(url64, 40)}` },
  airtable: { name: 'airtable_pat', make: (r) => `pat${r.text(alnum, 14)}.${r.text(hex, 64)}` },
  atlassian: { name: 'jira_token', make: (r) => `ATATT3xFfGF0${r.text(url64, 171)}=${r.text(upper, 8)}` },
  sentry: { name: 'sentry_token', make: (r) => `sntrys_eyJ${r.text(alnum, 100)}_${r.text(alnum, 43)}` },
  newrelic: { name: 'newrelic_key', make: (r) => `NRAK-${r.text(upper, 27)}` },
  grafana: { name: 'grafana_token', make: (r) => `glsa_${r.text(alnum, 32)}_${r.text(hex, 8)}` },
  doppler: { name: 'doppler_token', make: (r) => `dp.pt.${r.text(alnum, 43)}` },
  pulumi: { name: 'pulumi_token', make: (r) => `pul-${r.text(hex, 40)}` },
  age: { name: 'age_key', make: (r) => `AGE-SECRET-KEY-1${r.text('QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L', 58)}` },
  huggingface: { name: 'hf_token', make: (r) => `hf_${r.text(alnum, 34)}` },
  replicate: { name: 'replicate_token', make: (r) => `r8_${r.text(alnum, 37)}` },
  groq: { name: 'groq_key', make: (r) => `gsk_${r.text(alnum, 52)}` },
  perplexity: { name: 'pplx_key', make: (r) => `pplx-${r.text(alnum, 48)}` },
  xai: { name: 'xai_key', make: (r) => `xai-${r.text(alnum, 80)}` },
  tailscale: { name: 'ts_key', make: (r) => `tskey-auth-${r.text(alnum, 12)}-${r.text(alnum, 32)}` },
  postman: { name: 'postman_key', make: (r) => `PMAK-${r.text(hex, 24)}-${r.text(hex, 34)}` },
  rubygems: { name: 'gem_key', make: (r) => `rubygems_${r.text(hex, 48)}` },
};

/** Values that only their name gives away. */
export const namedTypes: Readonly<Record<string, FakeType>> = {
  awsSecret: { isCritical: true, name: 'aws_secret_access_key', make: (r) => r.text(base64, 39) + r.text(alnum, 1) },
  azureStorage: { name: 'account_key', make: (r) => `${r.text(base64, 86)}==` },
  twilio: { name: 'twilio_auth_token', make: (r) => r.text(hex, 32) },
  datadog: { name: 'datadog_api_key', make: (r) => r.text(hex, 32) },
  cloudflare: { name: 'cloudflare_api_token', make: (r) => r.text(url64, 40) },
  mistral: { name: 'mistral_api_key', make: (r) => r.text(alnum, 32) },
  cohere: { name: 'cohere_api_key', make: (r) => r.text(alnum, 40) },
  heroku: {
    name: 'heroku_api_key',
    make: (r) => [8, 4, 4, 4, 12].map((length) => r.text(hex, length)).join('-'),
  },
  secretKey: { name: 'session_secret', make: (r) => r.text(base64, 44) },
  walletKey: { name: 'wallet_private_key', make: (r) => `0x${r.text(hex, 64)}` },
  password: {
    name: 'db_password',
    make: (r) =>
      `${r.text(alnum, 5)}${r.pick(['!', '#', '$', '%', '*', '-', '_', '+'])}${r.text(alnum, 5)}${r.text(digits, 2)}`,
  },
  plainPassword: { name: 'admin_password', make: (r) => `${r.text(alnum, 10)}${r.text(digits, 1)}` },
};

/** A private key block; `isCut` leaves the end away, as output that was truncated does. */
export function fakePrivateKey(random: Random, kind: string, isCut: boolean): string {
  const lines = Array.from({ length: 12 }, () => random.text(base64, 64));
  const head = `-----BEGIN ${kind}-----`;
  return [head, ...lines, ...(isCut ? [] : [`${random.text(base64, 30)}==`, `-----END ${kind}-----`])].join('\n');
}

export { base64Of, urlBase64Of };

// The token shapes of the providers, from their public descriptions: one row a provider, one entry a kind of token.

/** An alphabet (the inside of a character class) and a count of letters; without `max`: at least `min`. */
export type Part = readonly [alphabet: string, min: number, max?: number];

export interface Shape {
  /** The rule's name in markers, findings and tests. */
  id: string;
  /** Literal start of the token, or the literal that follows `lead`. */
  prefix: string;
  /** The part after the prefix: literals and parts. */
  body: readonly (string | Part)[];
  /** The part of the token before the prefix. */
  lead: Part | undefined;
}

/**
 * Entries are `NAME PATTERN`, with two spaces between them; the rule is called provider-name. `<alnum 36>` are 36 letters of an alphabet,
 * `36+` at least and `36-40` from to; `hex-` is hex with a dash. All else is literal. `*`: one rule for each of
 * the prefixes, which names it.
 */
const table = `
github         pat ghp_<alnum 36+>  oauth gho_<alnum 36+>  app-user ghu_<alnum 36+>  app ghs_<dotted 36+>
               refresh ghr_<alnum 36+>  fine-grained github_pat_<word 36+>  app-v1 v1.<hex 40>
gitlab         pat glpat-<dotted 20+>  deploy gldt-<url 20+>  runner glrt-<dotted 20+>
               runner-registration GR1348941<url 20+>  ci-job glcbt-<dotted 20+>
               * glptt-|glft-|glimt-|glagent-|glsoat-|gloas-|glffct-<url 20+>
               session _gitlab_session=<alnum 32+>
bitbucket      app ATBB<alnum 28+>
atlassian      * ATATT3|ATOA|ATCTT3<url= 60+>
npm            token npm_<alnum 36+>
pypi           token pypi-<url 50+>
rubygems       key rubygems_<hex 48+>
crates         token cio<alnum 32>
nuget          key oy2<lower 43>
clojars        token CLOJARS_<lower 60+>
packagist      token packagist_<lower 40+>
jfrog          key AKCp<alnum 60+>  reference cmVmdGtuO<alnum 50+>
docker         * dckr_pat_|dckr_oat_<url 27+>
circleci       * CCIPAT_|CCIPRJ_<word 30+>
buildkite      api bkua_<lower 40+>  agent bkaj_<dotted 30+>
sonar          * squ_|sqp_|sqa_<lower 40+>
sourcegraph    token sgp_<word 40+>
snyk           token snyk_uat.<dotted 30+>
semgrep        token swp_<url 30+>
codecov        token codecov_<alnum 30+>
nx             cloud nxc_<url 40+>
aws            * AKIA|ASIA|ABIA|ACCA<base32 16>  bedrock-key ABSK<pad 109+>
               bedrock-short bedrock-api-key-<pad 40+>  mws amzn.mws.<hex- 36+>
               * IQoJb3JpZ2lu|FwoGZXIvYXdz<pad 60+>
amazon         lwa-secret amzn1.oa2-cs.v1.<hex 64+>
google         api-key AIza<url 35+>  oauth-secret GOCSPX-<url 28+>  access ya29.<dotted 30+>
               refresh 1//0<url 40+>  hmac GOOG1<upper 24+>  auth-code 4/0A<url 60+>
               chat-webhook chat.googleapis.com/v1/spaces/<url/?=&% 50+>
azure          client-secret <dotted~ 4>Q~<dotted~ 31-34>  account-key AccountKey=<pad 40+>
               shared-access SharedAccessKey=<pad 20+>  storage-key <base64 76>+ASt<base64 6>==
               devops-pat <alnum 76>AZDO<alnum 4>  function-key <url 44-46>AzFu<url 6+>==
               search-key <alnum 42>AzSe<alnum 6+>  cosmos-key <base64 76>ACDb<base64 6+>==
               openai-key <alnum 60-72>AAABACOG<alnum 4+>  sas sig=<url% 40+>
alibaba        key LTAI<alnum 16+>
tencent        key AKID<alnum 32+>
digitalocean   * dop_v1_|doo_v1_|dor_v1_<hex 60+>
heroku         key HRKU-<url 36+>
fly            * fm1_|fm1r_|fm1a_|fm2_<pad 60+>  personal fo1_<url 30+>
vercel         * vck_|vcp_|vci_|vca_|vcr_<alnum 24+>  blob vercel_blob_rw_<word 24+>
netlify        token nfp_<alnum 36+>
cloudflare     * cfut_|cfat_|cfk_<word 40+>  origin-ca v1.0-<hex- 100+>
render         key rnd_<alnum 28+>
yandex         key AQVN<url 35+>  iam t1.<url= 1+>.<url= 86+>  static YCAJ<url 21+>  secret YCM<url 36-40>
ibm            function ApiKey-<anyhex- 36+>
oracle         session ST$<dotted 40+>
vault          service hvs.<url 24+>  batch hvb.<url 60+>  recovery hvr.<url 24+>  old s.<alnum 24>
terraform      cloud <alnum 14>.atlasv1.<url= 60+>
pulumi         token pul-<hex 40+>
doppler        personal dp.pt.<alnum 40+>  service dp.st.<dotted 40+>  * dp.ct.|dp.scim.|dp.audit.<alnum 40+>
infisical      service st.<hex 24>.<dotted 20+>
onepassword    service ops_eyJ<pad 60+>  secret A3-<upper 6>-<upper- 20+>
age            secret AGE-SECRET-KEY-1<bech32 50+>
wireguard      key PrivateKey = <pad 44+>
tailscale      key tskey-<url 20+>
ngrok          key ak_2<alnum 24+>
openshift      token sha256~<url 40+>
rancher        * token-<lower 5>:<lower 50+>
harness        * pat.<url 22>.<alnum 24>.<alnum 20+>
prefect        * pnu_|pnb_<lower 36+>
dynatrace      token dt0c01.<upper 24>.<upper 64+>
zuplo          key zpka_<word 30+>
databricks     token dapi<hex- 32+>  oauth dose<hex 32>
planetscale    * pscale_pw_|pscale_tkn_|pscale_oauth_<dotted= 32+>
supabase       token sbp_<word 40+>  secret sb_secret_<url 20+>
neon           key napi_<lower 40+>  password npg_<alnum 12+>
aiven          password AVNS_<url 18+>
mongodb        service mdb_sa_sk_<url 40+>
axiom          * xaat-|xapt-<hex- 36+>
pinecone       key pcsk_<word 40+>
prisma         key prisma_<word= 40+>
elastic        cloud essu_<pad 60+>
openai         * sk-proj-|sk-svcacct-|sk-admin-|sk-None-<url 40+>  key sk-<alnum 20+>
               session sess-<alnum 40+>
anthropic      key sk-ant-<url 20+>
openrouter     key sk-or-<url 32+>
litellm        key sk-litellm-<url 16+>
langfuse       key sk-lf-<hex- 36+>
hugging-face   * hf_|api_org_<alnum 30+>
replicate      token r8_<alnum 37+>
groq           key gsk_<alnum 40+>
perplexity     key pplx-<alnum 40+>
xai            key xai-<alnum 70+>
fireworks      key fw_<alnum 20+>
together       key tgp_v1_<url 40+>
cerebras       key csk-<lower 40+>
nvidia         key nvapi-<url 50+>
langsmith      key lsv2_<word 40+>
wandb          key wandb_v1_<word 40+>
elevenlabs     key sk_<hex 48>
tavily         key tvly-<url 28+>
firecrawl      key fc-<hex 32>
e2b            key e2b_<hex 40+>
jina           key jina_<word 40+>
voyage         key pa-<url 43>
modal          * ak-|as-<alnum 22>
runpod         key rpa_<upper 40+>
slack          * xoxb-|xoxp-|xoxe-|xoxe.xox<alnum- 20+>  * xoxa-|xoxr-|xoxs-|xoxo-<alnum- 8+>
               client xoxc-<alnum- 20+>  cookie xoxd-<pad%- 20+>  app xapp-<alnum- 30+>
               webhook hooks.slack.com/<az 7-9>/<base64 30+>
discord        webhook /api/webhooks/<digit 16-20>/<url 40+>
teams          webhook .webhook.office.com/webhook<alnum/@- 60+>
zapier         webhook hooks.zapier.com/hooks/catch/<alnum/ 12+>
telegram       bot <digit 8-11>:AA<url 32-34>
twilio         * SK|AC<hex 32>
sendgrid       key SG.<url 16+>.<url 30+>
mailgun        * key-|pubkey-<lower 32>
mailchimp      key <hex 32>-us<digit 1-2>
brevo          * xkeysib-|xsmtpsib-<url 70+>
resend         key re_<alnum 8+>_<alnum 20+>
postman        key PMAK-<alnum- 50+>
easypost       * EZAK|EZTK<alnum 54+>
pushbullet     key o.<alnum 32>
stripe         * sk_live_|sk_test_|rk_live_|rk_test_|sk_prod_|rk_prod_<alnum 10+>  webhook whsec_<pad 24+>
square         access sq0atp-<url 22+>  secret sq0csp-<url 40+>
paypal         * access_token$production$|access_token$sandbox$<lower 16>$<hex 32+>
plaid          * access-production-|access-sandbox-|access-development-<hex- 36+>
gocardless     token live_<url 40+>
flutterwave    secret FLWSECK<url 16+>
mollie         * live_<alnum 30>
razorpay       live rzp_live_<alnum 14+>
duffel         token duffel_<az 4>_<url= 40+>
shippo         * shippo_live_|shippo_test_<hex 40+>
lob            * live_<hex 35>
frameio        token fio-u-<url= 60+>
shopify        * shpat_|shpca_|shppa_|shpss_|shpua_<alnum 32+>
linear         * lin_api_|lin_oauth_<alnum 36+>  webhook lin_wh_<alnum 30+>
notion         token ntn_<alnum 40+>  * secret_<alnum 43+>
figma          * figd_|figo_<url 36+>
airtable       * pat<alnum 14>.<hex 60+>
clickup        token pk_<digit 6-9>_<upper 32+>
trello         token ATTA<anyhex 60+>
hubspot        token pat-<lower 2-4>-<hex- 36+>
intercom       token dG9rO<pad 50+>
contentful     token CFPAT-<url 40+>
typeform       token tfp_<dotted 40+>
readme         key rdme_<lower 60+>
sanity         token skS<alnum 70+>
algolia        mcp algolia_<hex 32+>
cal            key cal_live_<hex 32+>
ory            access ory_at_<dotted 40+>  api ory_apikey_<alnum 30+>
launchdarkly   * sdk-|api-<hex 8>-<hex- 27+>
statsig        * secret-<alnum 40+>
settlemint     * sm_pat_|sm_aat_|sm_sat_<alnum 16+>
scalingo       token tk-us-<url 48+>
facebook       * EAAC|EAAM<alnum 60+>
instagram      token IGQV<url 80+>
twitter        bearer AAAAAAAAAAAAAAAAAAAA<alnum% 60+>
linkedin       secret WPL_AP1.<dotted 16+>
dropbox        short sl.<url 130+>  token sl.u.<url 100+>
mapbox         secret sk.eyJ<dotted 40+>
maxmind        key <word 36>_mmk
sentry         org sntrys_<pad 40+>  user sntryu_<hex 40+>
newrelic       user NRAK-<upper 27+>  browser NRJS-<hex 19+>  admin NRAA-<hex 27+>  license NRAL<hex 36+>
new-relic      * NRII-|NRIQ-<url 32+>
grafana        cloud glc_<pad 32+>  service glsa_<word 32+>  api eyJrIjoi<pad 40+>
datadog        app ddapp_<alnum 30+>
honeycomb      * hcaik_|hcbik_<lower 50+>
posthog        * phx_|phs_<alnum 36+>
logfire        token pylf_v<word 40+>
incidentio     key inc_<alnum 60+>
pagerduty      key u+<url 18>
onesignal      key os_v2_<lower 60+>
beamer         key b_<url 44>
`;

const alphabets: Readonly<Record<string, string>> = {
  az: 'a-z',
  digit: '0-9',
  hex: '0-9a-f',
  anyhex: '0-9a-fA-F',
  lower: 'a-z0-9',
  upper: 'A-Z0-9',
  alnum: 'A-Za-z0-9',
  word: 'A-Za-z0-9_',
  url: 'A-Za-z0-9_\\-',
  dotted: 'A-Za-z0-9_.\\-',
  base32: 'A-Z2-7',
  base64: 'A-Za-z0-9+\\/',
  pad: 'A-Za-z0-9+\\/=',
  bech32: 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L',
};

export const shapes: readonly Shape[] = readTable();

function readTable(): Shape[] {
  let provider = '';
  return table.split('\n').flatMap((line) => {
    const [first, ...entries] = line.split(/ {2,}/);
    provider = first || provider;
    return entries.flatMap((entry) => readEntry(provider, entry));
  });
}

function readEntry(provider: string, entry: string): Shape[] {
  const [name, pattern] = [entry.slice(0, entry.indexOf(' ')), entry.slice(entry.indexOf(' ') + 1)];
  const pieces = pattern.split(/(?=<)|(?<=>)/).map(readPiece);
  const lead = typeof pieces[0] === 'object' ? pieces[0] : undefined;
  const [prefixes, ...body] = lead === undefined ? pieces : pieces.slice(1);
  return String(prefixes)
    .split('|')
    .map((prefix) => ({
      id: `${provider}-${name === '*' ? nameOf(prefix) : name}`,
      prefix,
      body,
      lead,
    }));
}

function nameOf(prefix: string): string {
  return prefix
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '-')
    .replace(/-$/, '');
}

function readPiece(piece: string): string | Part {
  const part = /^<([a-z]+(?:\d\d)?)(\S*) (\d+)(?:(\+)|-(\d+))?>$/.exec(piece);
  if (part === null) return piece;
  const [, name = '', others = '', min, isOpen, max = min] = part;
  const alphabet = (alphabets[name] ?? '') + escapeLiteral(others);
  return isOpen ? [alphabet, Number(min)] : [alphabet, Number(min), Number(max)];
}

export function escapeLiteral(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

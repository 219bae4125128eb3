// The real clients of other agents, headless and offline: how each is told of the model that plays a script, how it is started, and what
// its tools are called. A row holds for the version named in it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostName } from '../../src/agents/hosts.ts';
import type { ToolUse } from './fake-model.ts';

interface Place {
  repo: string;
  home: string;
  /** Of the model. */
  url: string;
}

export interface HostClient {
  npm: string;
  /** Below node_modules. */
  program: string;
  /** A program of its own; else a script for Node. */
  isNative?: boolean;
  /** The oldest major version of Node that it runs on, where that is none of ours. */
  minNode?: number;
  /** Path below the home → its text; a folder that repomem's own setup left there is kept. */
  settings?(place: Place): Record<string, string>;
  /** A command that comes first. */
  prepare?(place: Place): string[];
  args(prompt: string): string[];
  env?(place: Place): Record<string, string>;
  tools: {
    read(path: string): ToolUse;
    edit(path: string, before: string, after: string): ToolUse;
    run(command: string): ToolUse;
    /** The tool of repomem's MCP server. */
    search(query: string): ToolUse;
  };
  /** Ends what the client leaves running. */
  after?(home: string): void;
}

const key = 'not-a-key';
const json = (value: unknown): string => JSON.stringify(value);
const call = (name: string, input: Record<string, unknown>): ToolUse => ({ name, input });

/** A provider as Pi and OpenClaw are told of one. */
const openAiProvider = (url: string) => ({
  baseUrl: `${url}/v1`,
  apiKey: key,
  api: 'openai-completions',
  models: [{ id: 'model', name: 'model' }],
});

const claudeTools: HostClient['tools'] = {
  read: (file_path) => call('Read', { file_path }),
  edit: (file_path, old_string, new_string) => call('Edit', { file_path, old_string, new_string }),
  run: (command) => call('Bash', { command, description: 'Run it' }),
  search: (query) => call('mcp__repomem__search', { query }),
};

const piTools = {
  read: (path: string) => call('read', { path }),
  edit: (path: string, oldText: string, newText: string) => call('edit', { path, edits: [{ oldText, newText }] }),
};

export const hostClients: Partial<Record<HostName, HostClient>> = {
  'claude-code': {
    npm: '@anthropic-ai/claude-code@2.1.329',
    program: '.bin/claude',
    isNative: true,
    args: (prompt) => ['-p', prompt, '--dangerously-skip-permissions', '--output-format', 'json'],
    env: ({ url }) => ({
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: key,
      IS_SANDBOX: '1',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
    }),
    tools: claudeTools,
  },
  qwen: {
    npm: '@qwen-code/qwen-code@0.24.4',
    program: '@qwen-code/qwen-code/cli-entry.js',
    settings: () => ({
      '.qwen/settings.json': json({
        security: { auth: { selectedType: 'openai' } },
        privacy: { usageStatisticsEnabled: false },
        general: { enableAutoUpdate: false },
      }),
    }),
    args: (prompt) => ['--yolo', '-o', 'json', prompt],
    env: ({ url }) => ({ OPENAI_API_KEY: key, OPENAI_BASE_URL: `${url}/v1`, OPENAI_MODEL: 'model' }),
    tools: {
      read: (file_path) => call('read_file', { file_path }),
      edit: (file_path, old_string, new_string) => call('edit', { file_path, old_string, new_string }),
      run: (command) => call('run_shell_command', { command, is_background: false }),
      search: (query) => call('mcp__repomem__search', { query }),
    },
  },
  codex: {
    npm: '@openai/codex@0.171.0',
    program: '@openai/codex/bin/codex.js',
    settings: ({ repo, url }) => ({
      '.codex/config.toml': [
        // Another name gets other tools.
        'model = "gpt-5.5"',
        'model_provider = "script"',
        'approval_policy = "never"',
        'sandbox_mode = "danger-full-access"',
        '[model_providers.script]',
        'name = "script"',
        `base_url = "${url}/v1"`,
        'wire_api = "responses"',
        'env_key = "MODEL_KEY"',
        `[projects."${repo}"]`,
        'trust_level = "trusted"',
        '',
      ].join('\n'),
    }),
    args: (prompt) => ['exec', '--json', '--dangerously-bypass-hook-trust', prompt],
    env: () => ({ MODEL_KEY: key }),
    tools: {
      read: (path) => call('exec_command', { cmd: `cat ${path}` }),
      edit: (path, before, after) => ({
        name: 'apply_patch',
        input: {},
        raw: `*** Begin Patch\n*** Update File: ${path}\n@@\n-${before}\n+${after}\n*** End Patch`,
      }),
      run: (cmd) => call('exec_command', { cmd }),
      search: (query) => ({ ...call('search', { query }), namespace: 'mcp__repomem' }),
    },
  },
  copilot: {
    npm: '@github/copilot@1.0.102',
    program: '@github/copilot/npm-loader.js',
    args: (prompt) => ['--allow-all-tools', '--allow-all-paths', '--trust-folder', '--no-color', '-p', prompt],
    env: ({ url }) => ({
      COPILOT_PROVIDER_BASE_URL: `${url}/v1`,
      COPILOT_PROVIDER_TYPE: 'openai',
      COPILOT_PROVIDER_WIRE_API: 'completions',
      COPILOT_PROVIDER_API_KEY: key,
      // The model's name decides the tools.
      COPILOT_MODEL: 'claude-sonnet-4.5',
      COPILOT_OFFLINE: 'true',
      COPILOT_AUTO_UPDATE: 'false',
    }),
    tools: {
      read: (path) => call('view', { path }),
      edit: (path, old_str, new_str) => call('edit', { path, old_str, new_str }),
      run: (command) => call('bash', { command, description: 'Run it' }),
      search: (query) => call('repomem-search', { query }),
    },
  },
  gemini: {
    npm: '@google/gemini-cli@0.61.0',
    program: '@google/gemini-cli/bundle/gemini.js',
    settings: () => ({
      '.gemini/settings.json': json({
        security: { auth: { selectedType: 'gemini-api-key' } },
        general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
        privacy: { usageStatisticsEnabled: false },
      }),
    }),
    args: (prompt) => ['--yolo', '--skip-trust', '-m', 'gemini-2.5-pro', '-o', 'json', '-p', prompt],
    env: ({ url }) => ({
      GEMINI_CLI_TRUST_WORKSPACE: 'true',
      GEMINI_API_KEY: key,
      GOOGLE_GEMINI_BASE_URL: url,
    }),
    tools: {
      read: (file_path) => call('read_file', { file_path }),
      edit: (file_path, old_string, new_string) =>
        call('replace', { file_path, instruction: 'Change it', old_string, new_string }),
      run: (command) => call('run_shell_command', { command }),
      search: (query) => call('mcp_repomem_search', { query }),
    },
  },
  opencode: {
    npm: 'opencode-ai@1.18.33',
    program: 'opencode-ai/bin/opencode.exe',
    isNative: true,
    args: (prompt) => ['run', '--auto', '--format', 'json', prompt],
    env: ({ url }) => ({
      OPENCODE_CONFIG_CONTENT: json({
        provider: {
          script: {
            npm: '@ai-sdk/openai-compatible',
            name: 'script',
            options: { baseURL: `${url}/v1`, apiKey: key },
            models: { model: { name: 'model', tool_call: true, limit: { context: 200_000, output: 8_000 } } },
          },
        },
        model: 'script/model',
        small_model: 'script/model',
        autoupdate: false,
        share: 'disabled',
        permission: { '*': 'allow' },
      }),
      npm_config_fetch_retries: '0',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    }),
    tools: {
      read: (filePath) => call('read', { filePath }),
      edit: (filePath, oldString, newString) => call('edit', { filePath, oldString, newString }),
      run: (command) => call('bash', { command, description: 'Run it' }),
      search: (query) => call('repomem_search', { query }),
    },
  },
  pi: {
    npm: '@earendil-works/pi-coding-agent@1.6.0',
    program: '@earendil-works/pi-coding-agent/dist/bundle/cli.js',
    minNode: 22,
    settings: ({ url }) => ({
      '.pi/agent/models.json': json({
        providers: {
          script: openAiProvider(url),
        },
      }),
    }),
    args: (prompt) => '--provider script --model model --offline --approve --mode json -p'.split(' ').concat(prompt),
    env: () => ({ PI_OFFLINE: '1', PI_TELEMETRY: '0' }),
    tools: {
      ...piTools,
      run: (command) => call('bash', { command }),
      search: (query) => call('mcp__repomem__search', { query }),
    },
  },
  cline: {
    npm: 'cline@3.0.65',
    program: 'cline/bin/cline',
    prepare: ({ url }) => ['auth', '-p', 'openai', '-k', key, '-b', `${url}/v1`, '-m', 'model'],
    args: (prompt) => ['--json', '--auto-approve', 'true', prompt],
    env: () => ({ CLINE_NO_AUTO_UPDATE: '1' }),
    tools: {
      read: (path) => call('read_files', { files: [{ path }] }),
      edit: (path, old_text, new_text) => call('editor', { path, old_text, new_text }),
      run: (command) => call('run_commands', { commands: [command] }),
      search: (query) => call('repomem__search', { query }),
    },
    after(home) {
      const file = join(home, '.cline/data/locks/hub/production.json');
      if (existsSync(file)) process.kill((JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid);
    },
  },
  openclaw: {
    npm: 'openclaw@2026.9.6',
    program: 'openclaw/openclaw.mjs',
    minNode: 24,
    settings: ({ repo, home, url }) => {
      const plugin = join(home, '.local/share/repomem/marketplace/repomem/src/agents/openclaw/plugin');
      // As its owner sets it by the commands that `repomem init` names.
      const plugins = {
        load: { paths: [plugin] },
        entries: { repomem: { enabled: true, hooks: { allowConversationAccess: true } } },
      };
      return {
        '.openclaw/openclaw.json': json({
          models: { mode: 'merge', providers: { script: openAiProvider(url) } },
          agents: { defaults: { model: { primary: 'script/model' }, workspace: repo, skipBootstrap: true } },
          ...(existsSync(plugin) && { plugins }),
        }),
      };
    },
    args: (prompt) => 'agent --local --agent main --json --timeout 90 --message'.split(' ').concat(prompt),
    env: () => ({ OPENCLAW_NO_RESPAWN: '1' }),
    tools: {
      ...piTools,
      run: (command) => call('exec', { command }),
      // Tools of plugins are listed by name; this one calls them.
      search: (query) => call('tool_call', { id: 'repomem__search', args: { query } }),
    },
  },
};

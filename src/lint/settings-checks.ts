// Checks settings and modes with the same code that reads them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Problem } from '../domain/record.ts';
import { loadSettings } from '../settings/settings.ts';
import type { LoadedSettings } from '../settings/settings.ts';
import type { LintFinding, LintItem, Severity } from './lint-finding.ts';

export const settingsPath = '.claude-mem/settings.yaml';
const modePath = /^\.claude-mem\/modes\/([^/]+)\.yaml$/;

export async function checkObeyed(item: LintItem): Promise<LintFinding[]> {
  const bytes = item.bytes;
  if (!bytes) return [];
  if (item.path === settingsPath) return (await readAsSettings(bytes)).problems.map((one) => findingOf(item.path, one));
  const name = modePath.exec(item.path)?.[1];
  if (name === undefined) return [];
  // Loads the YAML library, which most commits do not need.
  const { parseMode } = await import('../compress/mode.ts');
  return parseMode(bytes.toString('utf8'), item.path, name).problems.map((one) => findingOf(item.path, one));
}

/** Parses the bytes as a reviewed project file, without this machine's settings. */
export async function readAsSettings(bytes: Uint8Array): Promise<Pick<LoadedSettings, 'settings' | 'problems'>> {
  const folder = mkdtempSync(join(tmpdir(), 'repomem-lint-'));
  try {
    const projectFile = join(folder, 'settings.yaml');
    writeFileSync(projectFile, bytes, { mode: 0o600 });
    return await loadSettings({ userFile: join(folder, 'none'), projectFile, vars: {}, projectIsTrusted: true });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function findingOf(path: string, { line, code, reason }: Problem): LintFinding {
  const severity: Severity = code === 'unknown-key' || code === 'unknown-type' ? 'warning' : 'error';
  // Reasons name the temporary copy that was read: remove it.
  const plain = reason.replace(/^\S*settings\.yaml(?::\d+)*: /, '');
  const cure =
    code === 'user-only'
      ? 'take it out: it belongs into the settings of each user'
      : 'mend the line; `repomem settings` lists every key with what it takes';
  return { path, ...(line !== undefined && { line }), severity, code, reason: plain, cure };
}

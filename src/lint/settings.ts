// Settings and modes: files that are obeyed rather than read. They are checked by the very code that reads them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Problem } from '../domain/record.ts';
import { loadSettings } from '../settings/settings.ts';
import type { LoadedSettings } from '../settings/settings.ts';
import type { LintFinding, LintItem, Severity } from './finding.ts';

export const settingsPath = '.claude-mem/settings.yaml';
const modePath = /^\.claude-mem\/modes\/([^/]+)\.yaml$/;

export async function checkObeyed(item: LintItem): Promise<LintFinding[]> {
  const bytes = item.bytes;
  if (!bytes) return [];
  if (item.path === settingsPath) return (await readAsSettings(bytes)).problems.map((one) => findingOf(item.path, one));
  const name = modePath.exec(item.path)?.[1];
  if (name === undefined) return [];
  // The YAML library, which most commits do not need.
  const { parseMode } = await import('../compress/mode.ts');
  return parseMode(bytes.toString('utf8'), item.path, name).problems.map((one) => findingOf(item.path, one));
}

/** What a project file with these bytes would say, were it reviewed; nothing of this machine is mixed in. */
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
  // Reasons name the file that was read, which is a copy.
  const plain = reason.replace(/^\S*settings\.yaml(?::\d+)*: /, '');
  const cure =
    code === 'user-only'
      ? 'take it out: it belongs into the settings of each user'
      : 'mend the line; `repomem settings` lists every key with what it takes';
  return { path, ...(line !== undefined && { line }), severity, code, reason: plain, cure };
}

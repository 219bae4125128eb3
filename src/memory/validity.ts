// Cheap checks that cached verdicts are still valid: a key of git's state, ledger and settings, and one of the records' folders.
import { join } from 'node:path';
import type { Env } from '../domain/env.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { addGitState, makeKey, type StateKey } from '../git/state/state-key.ts';
import { settingVariables } from '../settings/settings.ts';
import { userSettingsFile } from '../settings/user-folder.ts';
import { settingsName } from '../store/locate.ts';

/** Settings, ledger, and all that git judges by: the same text, the same judgement. */
export function stateKeyOf(env: Env, paths: MemoryPaths): StateKey {
  const key = makeKey();
  key.add(env.version);
  for (const variable of settingVariables(env.vars)) key.add(variable);
  key.stat(userSettingsFile(env));
  key.stat(join(paths.memoryDir, settingsName));
  key.stat(join(paths.privateDir, 'ledger.jsonl'));
  addGitState(paths, key);
  return key.finish();
}

/** What shows that records came or went or are judged otherwise. */
export interface RecordsState {
  /** See stateKeyOf. */
  key: string;
  /** Folders of records, and files that are none. */
  watched: readonly string[];
  watchKey: string;
}

export function watchKeyOf(watched: readonly string[]): StateKey {
  const key = makeKey();
  for (const path of watched) key.stat(path);
  return key.finish();
}

/** `key`: the state key of now. */
export function isSameState(state: RecordsState, key: string): boolean {
  return state.key === key && watchKeyOf(state.watched).text === state.watchKey;
}

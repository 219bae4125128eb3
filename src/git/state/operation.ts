// Detects git's current operation by its state files.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export type Operation = 'rebase' | 'merge' | 'cherry-pick' | 'revert' | 'bisect';

export function operationOf(gitDir: string): Operation | undefined {
  const has = (name: string): boolean => existsSync(join(gitDir, name));
  if (has('rebase-merge') || has('rebase-apply')) return 'rebase';
  if (has('CHERRY_PICK_HEAD')) return 'cherry-pick';
  if (has('REVERT_HEAD')) return 'revert';
  if (has('MERGE_HEAD') || has('SQUASH_MSG')) return 'merge';
  return has('BISECT_LOG') ? 'bisect' : undefined;
}

// Detects a memory that is missing in this checkout, or that git does not store unchanged; reports both with remedies.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAbsentMemory } from '../../src/git/state/absent-memory.ts';
import { checkSharing } from '../../src/setup/doctor-sharing.ts';
import { scaffoldMemory } from '../../src/store/scaffold.ts';
import { listRecordFiles } from '../../src/store/list-files.ts';
import { placeAt } from '../git/places.ts';
import { tempRepo, type TempRepo } from '../helpers/temp-repo.ts';
import { commitAll, recordFile, recordPath } from '../memory/memory-at.ts';

let repo: TempRepo;
beforeEach(() => {
  repo = tempRepo({ 'src/a.ts': 'a\n' });
  scaffoldMemory(repo.dir);
});
afterEach(() => repo.remove());

describe('findAbsentMemory', () => {
  it('knows a sparse checkout, a commit from before the memory, and a repository without one', () => {
    repo.git('branch', 'before');
    expect(findAbsentMemory(repo.dir)).toBeUndefined();
    commitAll(repo, 'memory');
    expect(findAbsentMemory(repo.dir)).toBeUndefined();
    repo.git('checkout', '-q', 'before');
    expect(findAbsentMemory(repo.dir)).toBe('other-commit');
    repo.git('checkout', '-q', 'main');
    repo.git('sparse-checkout', 'set', '--cone', 'src');
    expect(findAbsentMemory(repo.dir)).toBe('sparse');
  });
});

describe('checkSharing', () => {
  const said = (): string => JSON.stringify(checkSharing(placeAt(repo.dir)));
  it.each(['.*', '.claude*', '*.md', '.claude-mem/', '/.claude-mem/observations'])('tells of the rule %s', (rule) => {
    expect(said()).toBe('[]');
    repo.write('.gitignore', `${rule}\n`);
    expect(said()).toContain(`.gitignore:1:${rule}`);
  });

  it.each(['*.yaml', '.claude-mem/settings.*'])(
    'tells that %s keeps the settings from others, until they are tracked',
    (rule) => {
      repo.write('.gitignore', `${rule}\n`);
      expect(said()).toContain(`settings.yaml (.gitignore:1:${rule})`);
      repo.git('add', '-f', '.claude-mem');
      expect(said()).toBe('[]');
    },
  );

  it('tells of a filter, which a memory made now keeps out', () => {
    repo.write('.gitattributes', '*.md filter=lfs diff=lfs merge=lfs -text\n');
    expect(said()).toBe('[]');
    repo.write('.claude-mem/.gitattributes', '* -text\n');
    expect(said()).toContain('the filter lfs');
  });
});

it('detects copies made by cloud drives, and keeps similar names', () => {
  const path = recordPath('b0000001');
  const stem = path.slice(0, -'.md'.length);
  const text = recordFile({ id: 'b0000001' });
  repo.write(path, text);
  const copies = [
    ' 2',
    ' (1)',
    ' copy',
    ' - Copy (2)',
    ' (Dev’s conflicted copy 2026-11-29)',
    '.sync-conflict-20261129-101010-ABC',
    ' - Kopie',
    ' (Konflikt-Kopie von Dev 2026-11-29)',
    '-DESKTOP-1A2B3C',
    '.orig',
    '~',
    '_conflict-20261129',
  ];
  for (const end of copies) writeFileSync(join(repo.dir, `${stem}${end}.md`), text);
  writeFileSync(join(repo.dir, `${stem.replace(/[^/]+$/, 'Copy of $&')}.md`), text);
  repo.write(recordPath('b0000002', 'part 2'), recordFile({ id: 'b0000002' }));
  repo.write('.claude-mem/observations/2026/11/by hand 2.md', text);
  const { files: names, problems } = listRecordFiles(placeAt(repo.dir));
  expect(names.map((one) => one.path.slice(one.path.lastIndexOf('/') + 1)).sort()).toEqual([
    '2026-11-20-note-b0000001.md',
    '2026-11-20-part 2-b0000002.md',
    'by hand 2.md',
  ]);
  expect(problems.filter(({ code }) => code === 'copy')).toHaveLength(copies.length + 1);
});

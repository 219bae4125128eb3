// Moves events from the spool into a claim and out of it again. A claim is a folder with the events of one session and the completed
// stages; any later compressor can continue it.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listSpool, spoolFiles, type SpoolFile } from '../../capture/spool.ts';
import { attempt, codeOf } from '../../domain/errors.ts';
import type { writeFileAtomic } from '../../store/atomic.ts';

export interface Claim {
  /** Random; the ids of its records are derived from it. */
  name: string;
  dir: string;
  spoolDir: string;
}

export type WriteFile = typeof writeFileAtomic;

/** For files beside the git dir: readable by their owner only. */
export const privateFile = { mode: 0o600, dirMode: 0o700 } as const;

/** Limit per claim; further events go to the next claim. */
const claimMaxEvents = 5_000;
const claimMaxBytes = 64 * 1024 * 1024;
const partialName = 'partial.json';

/** Nothing can be made of the claim, and a retry would not help. */
export class DeadClaim extends Error {}

/** A problem of the machine, not of the event: it may be temporary. */
export function isDiskError(error: unknown): boolean {
  return /^E(?:IO|MFILE|NFILE|ACCES|PERM|STALE|BUSY|AGAIN|NOMEM|ROFS|NOSPC|DQUOT)$/.test(codeOf(error) ?? '');
}

/** Throws all errors but a missing file or folder: a folder that cannot be read now is not empty. */
function unlessMissing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const listDir = (dir: string): string[] => unlessMissing(() => readdirSync(dir)) ?? [];

export function claimedFiles({ dir }: Claim): SpoolFile[] {
  return spoolFiles(join(dir, 'events'), listDir(join(dir, 'events')));
}

/** Unfinished claims, in order of creation. Also deletes finished ones that were left behind. */
export function listClaims(spoolDir: string): Claim[] {
  const claims: (Claim & { made: number })[] = [];
  for (const name of listDir(join(spoolDir, 'claims'))) {
    const claim = claimOf(spoolDir, name);
    if (name.startsWith('.done-')) rmSync(claim.dir, { recursive: true, force: true });
    else if (!name.startsWith('.')) claims.push({ ...claim, made: statSync(claim.dir).birthtimeMs });
  }
  return claims.sort((a, b) => a.made - b.made || (a.name < b.name ? -1 : 1));
}

function claimOf(spoolDir: string, name: string): Claim {
  return { name, dir: join(spoolDir, 'claims', name), spoolDir };
}

/** Claims the oldest new event and other events of its session. `sessionOf` must not throw. */
export function takeClaim(spoolDir: string, name: string, sessionOf: (file: SpoolFile) => string): Claim | undefined {
  const waiting = listSpool({ spoolDir });
  const [oldest] = waiting;
  if (oldest === undefined) return undefined;
  const session = sessionOf(oldest);
  const claim = claimOf(spoolDir, name);
  const events = join(claim.dir, 'events');
  mkdirSync(events, { recursive: true, mode: 0o700 });
  let [count, bytes] = [0, 0];
  for (const file of waiting) {
    if (file !== oldest && sessionOf(file) !== session) continue;
    if (count >= claimMaxEvents || (count > 0 && bytes + file.bytes > claimMaxBytes)) {
      writeFileSync(join(claim.dir, partialName), 'true', { mode: 0o600 });
      break;
    }
    renameSync(file.path, join(events, file.name));
    count++;
    bytes += file.bytes;
  }
  return claim;
}

/** More events of its session wait for the next claim. */
export const isPartial = (claim: Claim): boolean => existsSync(join(claim.dir, partialName));

/** A claim without events, for a session that counts as ended. */
export function claimWaiting(spoolDir: string, name: string, session: string, write: WriteFile): Claim {
  const claim = claimOf(spoolDir, name);
  writeStage(claim, 'waiting', session, write);
  return claim;
}

/** The stage's data; undefined if it was not completed, or is unreadable after a power cut: then it is done again. */
export function readStage<Stage>(claim: Claim, name: string): Stage | undefined {
  const text = unlessMissing(() => readFileSync(join(claim.dir, `${name}.json`), 'utf8'));
  return text === undefined ? undefined : attempt(() => JSON.parse(text) as Stage);
}

export function writeStage(claim: Claim, name: string, stage: unknown, write: WriteFile): void {
  write(join(claim.dir, `${name}.json`), JSON.stringify(stage), privateFile);
}

/** The rename marks the claim as done; listClaims deletes what a kill leaves behind. */
export function finishClaim(claim: Claim): void {
  const done = join(claim.spoolDir, 'claims', `.done-${claim.name}`);
  renameSync(claim.dir, done);
  rmSync(done, { recursive: true, force: true });
}

/** Sets an event aside with the reason; the reason is written first, so that no dead event lacks one. */
export function buryEvent(claim: Claim, file: SpoolFile, reason: string, write: WriteFile): void {
  const dead = join(claim.spoolDir, 'dead');
  mkdirSync(dead, { recursive: true, mode: 0o700 });
  write(join(dead, `${file.name}.reason`), `${reason}\n`, privateFile);
  renameSync(file.path, join(dead, file.name));
}

/** Sets all of a claim's events aside; deletes its stages. */
export function buryClaim(claim: Claim, reason: string, write: WriteFile): void {
  for (const file of claimedFiles(claim)) buryEvent(claim, file, reason, write);
  finishClaim(claim);
}

/** Moves dead events back to the spool; returns their number. */
export function retryDead(spoolDir: string): number {
  const dead = join(spoolDir, 'dead');
  const names = listDir(dead).filter((name) => !name.startsWith('.') && !name.endsWith('.reason'));
  mkdirSync(join(spoolDir, 'new'), { recursive: true, mode: 0o700 });
  for (const name of names) {
    renameSync(join(dead, name), join(spoolDir, 'new', name));
    rmSync(join(dead, `${name}.reason`), { force: true });
  }
  return names.length;
}

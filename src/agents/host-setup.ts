// What init and doctor know of a host: the files that it reads, how to see that it is here, what only its user can do.
import type { HostFile } from './host-files.ts';

export interface HostSetup {
  /** `readPackage` reads a file of the package. */
  files(readPackage: (path: string) => string): readonly HostFile[];
  /** Programs on the PATH, and folders below the home, of which one shows that the host is on this machine. */
  programs: readonly string[];
  homes: readonly string[];
  /** A file below the home that tells whether the host obeys the repository's hooks; absent where it asks nobody. */
  trust?: { path: string; isTrusted(text: string, root: string): boolean; cure: string };
  /** What init says at the end. */
  next: readonly string[];
  /** How far it was tried, where that is not with the client itself. */
  caveat?: string;
}

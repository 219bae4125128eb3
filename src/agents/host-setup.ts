// Host data for init and doctor: its files, how to detect it, steps for the user.
import type { HostFile } from './host-files.ts';

export interface HostSetup {
  /** `readPackage` reads a file of the package. */
  files(readPackage: (path: string) => string): readonly HostFile[];
  /** Programs on the PATH, and folders below the home; any of them shows that the host is installed. */
  programs: readonly string[];
  homes: readonly string[];
  /** A file below the home that records whether the host trusts the repository's hooks; absent when the host does not ask. */
  trust?: { path: string; isTrusted(text: string, root: string): boolean; cure: string };
  /** Notes that init prints at the end. */
  next: readonly string[];
  /** Limits of testing, if it was not tested with the client itself. */
  caveat?: string;
}

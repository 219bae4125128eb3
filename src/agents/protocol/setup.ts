import type { HostSetup } from '../host-setup.ts';

/** For adapters that others write: they bring their own files. */
export const setup: HostSetup = {
  files: () => [],
  programs: [],
  homes: [],
  next: ['repomem help protocol tells how.'],
};

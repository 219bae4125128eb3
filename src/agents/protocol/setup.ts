import type { HostSetup } from '../host-files.ts';

/** For third-party adapters, which bring their own files. */
export const setup: HostSetup = {
  files: () => [],
  programs: [],
  homes: [],
  next: ['repomem help protocol tells how.'],
};

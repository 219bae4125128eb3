// What to look for, as data: built-in modes beside the code, a repository's own under .claude-mem/modes.
import type { Mode } from '../compress/provider.ts';
import { observationTypes } from '../domain/types.ts';

const concepts = [
  'how-it-works',
  'why-it-exists',
  'what-changed',
  'problem-solution',
  'gotcha',
  'pattern',
  'trade-off',
];

export const codeMode: Mode = {
  name: 'code',
  types: Object.keys(observationTypes),
  concepts,
  guidance: '',
  minImportance: 0,
};

// The types of records: one row each.

export interface TypeInfo {
  /** One character of the Basic Multilingual Plane: surrogate pairs have broken hosts' JSON. */
  readonly icon: string;
  /** `always`: shared by default, keeps its weight. `fades`: local by default, its weight halves every 7 days. */
  readonly lasts: 'always' | 'fades';
  readonly meaning: string;
  /** 0 to 1: how likely a later session needs a record of this type. */
  readonly weight: number;
}

export const observationTypes = {
  decision: { icon: '⚖', lasts: 'always', weight: 0.95, meaning: 'a choice and its reason, with what was rejected' },
  gotcha: { icon: '⚠', lasts: 'always', weight: 1, meaning: 'a trap somebody would fall into again' },
  bugfix: { icon: '●', lasts: 'always', weight: 0.9, meaning: 'a cause and its cure' },
  architecture: { icon: '▣', lasts: 'always', weight: 0.85, meaning: 'how parts fit' },
  pattern: { icon: '≡', lasts: 'always', weight: 0.75, meaning: 'how things are done here' },
  'dead-end': { icon: '⊘', lasts: 'always', weight: 0.9, meaning: 'what was tried or ruled out, and why' },
  security: { icon: '⛨', lasts: 'always', weight: 1, meaning: 'a weakness or a rule that guards against one' },
  feature: { icon: '◆', lasts: 'always', weight: 0.7, meaning: 'something new that works now' },
  refactor: { icon: '↻', lasts: 'fades', weight: 0.5, meaning: 'the same behaviour, another shape' },
  change: { icon: '✓', lasts: 'fades', weight: 0.45, meaning: 'configuration, docs, chores' },
  discovery: { icon: '○', lasts: 'fades', weight: 0.5, meaning: 'something learned by reading' },
  progress: {
    icon: '…',
    lasts: 'fades',
    weight: 0.4,
    meaning: 'where work stands; coordination between people or agents',
  },
} satisfies Record<string, TypeInfo>;

export type ObservationType = keyof typeof observationTypes;

/** Type of any file in the store. */
export type RecordType = ObservationType | 'session' | 'tombstone';

export function isObservationType(type: string): type is ObservationType {
  return Object.hasOwn(observationTypes, type);
}

export function isDurable(type: RecordType): boolean {
  return type === 'tombstone' || (type !== 'session' && observationTypes[type].lasts === 'always');
}

const halfLifeDays = 7;
/** Without a floor, old facts could never be found again. */
export const fadeFloor = 0.25;

/** Weight by age: 1 for durable types; others halve every 7 days down to a quarter (format.md). Negative ages count as 0. */
export function fadeFactor(type: RecordType, ageDays: number): number {
  if (isDurable(type)) return 1;
  return Math.max(fadeFloor, 2 ** (-Math.max(0, ageDays) / halfLifeDays));
}

/** Days between an ISO time and now; 0 for times that cannot be parsed. */
export function ageInDays(created: string, now: Date): number {
  const age = (now.getTime() - Date.parse(created)) / 86_400_000;
  return Number.isFinite(age) ? age : 0;
}

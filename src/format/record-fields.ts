import { titleAskedChars, titleMaxChars, type MemoryRecord } from '../domain/record.ts';
import type { KindName } from './value-kinds.ts';

export interface RecordField {
  kind: KindName;
  /** For people; also the JSON Schema's description. */
  describe: string;
  /** Written with one line an item. */
  isBlock?: true;
  /** The key is valid only for records of this type. */
  only?: 'session' | 'tombstone';
}

/** The front matter's keys, in the order in which they are written. Reading, writing and the JSON Schemas use this table. */
export const recordFields = {
  type: { kind: 'type', describe: 'What sort of record it is.' },
  title: {
    kind: 'string',
    describe: `The line of the index: a statement with a name in it, at most ${titleMaxChars} characters, ${titleAskedChars} for choice.`,
  },
  description: { kind: 'string', describe: 'One sentence; in files without it the first paragraph of the body.' },
  request: { kind: 'string', describe: 'What the session was asked.', only: 'session' },
  created: { kind: 'date', describe: 'UTC, ISO 8601, whole seconds.' },
  started: { kind: 'date', describe: 'When the session started.', only: 'session' },
  ended: { kind: 'date', describe: 'When the session ended.', only: 'session' },
  branch: { kind: 'string', describe: 'The branch that it was made on.' },
  session: { kind: 'string', describe: 'The run of the host that it was made in.' },
  agent: { kind: 'string', describe: 'The host, such as claude-code.' },
  generated: { kind: 'generated', describe: 'Set on machine-written records: what wrote it.' },
  source: { kind: 'external', describe: 'Made from web pages or tool output of others.' },
  concepts: { kind: 'strings', describe: 'Tags for the kind of knowledge, such as gotcha or trade-off.' },
  cites: { kind: 'cites', isBlock: true, describe: 'What the record speaks of, as observed.' },
  aliases: { kind: 'strings', describe: 'Other words that somebody would search for.' },
  facts: {
    kind: 'strings',
    isBlock: true,
    describe: 'Short statements that stand alone; in files without them the list that ends the body.',
  },
  files: { kind: 'files', describe: 'Files that were read and modified.' },
  supersedes: { kind: 'strings', describe: 'Ids of records it replaces.' },
  contradicts: { kind: 'strings', describe: 'Ids of records it disagrees with, for review.' },
  forgets: { kind: 'strings', describe: 'Ids of records that must not be learned again.', only: 'tombstone' },
  'part-of': { kind: 'string', describe: 'Id of the digest that it was folded into.' },
  confidence: { kind: 'fraction', describe: 'From the evidence, 0 to 1.' },
} satisfies Record<string, RecordField>;

type RecordProperty = Exclude<keyof MemoryRecord, 'id' | 'body' | 'extra'>;

/** The table as a list, with each key's property of the record and its bit in a set of keys. */
export const recordFieldList = Object.entries<RecordField>(recordFields).map(
  ([key, field], index) =>
    [key, { ...field, property: (key === 'part-of' ? 'partOf' : key) as RecordProperty, bit: 1 << index }] as const,
);
export const recordFieldOf = new Map<string, (typeof recordFieldList)[number][1]>(recordFieldList);

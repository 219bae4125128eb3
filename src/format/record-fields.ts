import { titleAskedChars, titleMaxChars, type MemoryRecord } from '../domain/record.ts';
import type { KindName } from './value-kinds.ts';

export interface RecordField {
  property: Exclude<keyof MemoryRecord, 'id' | 'body' | 'extra'>;
  kind: KindName;
  /** For people; also the JSON Schema's description. */
  describe: string;
  /** Layout in `formatRecord`: one line per item, or all in one line. Absent for scalars. */
  layout?: 'block' | 'inline';
  /** The key is valid only for records of this type. */
  only?: 'session' | 'tombstone';
}

/** The front matter's keys, in the order in which they are written. Reading, writing and the JSON Schemas use this table. */
export const recordFields = {
  type: { property: 'type', kind: 'type', describe: 'What sort of record it is.' },
  title: {
    property: 'title',
    kind: 'string',
    describe: `The line of the index: a statement with a name in it, at most ${titleMaxChars} characters, ${titleAskedChars} for choice.`,
  },
  description: {
    property: 'description',
    kind: 'string',
    describe: 'One sentence; in files without it the first paragraph of the body.',
  },
  request: { property: 'request', kind: 'string', describe: 'What the session was asked.', only: 'session' },
  created: { property: 'created', kind: 'date', describe: 'UTC, ISO 8601, whole seconds.' },
  started: { property: 'started', kind: 'date', describe: 'When the session started.', only: 'session' },
  ended: { property: 'ended', kind: 'date', describe: 'When the session ended.', only: 'session' },
  branch: { property: 'branch', kind: 'string', describe: 'The branch that it was made on.' },
  session: { property: 'session', kind: 'string', describe: 'The run of the host that it was made in.' },
  agent: { property: 'agent', kind: 'string', describe: 'The host, such as claude-code.' },
  generated: {
    property: 'generated',
    kind: 'generated',
    layout: 'inline',
    describe: 'Set on machine-written records: what wrote it.',
  },
  source: {
    property: 'source',
    kind: 'external',
    describe: 'Made from web pages or tool output of others.',
  },
  concepts: {
    property: 'concepts',
    kind: 'strings',
    layout: 'inline',
    describe: 'Tags for the kind of knowledge, such as gotcha or trade-off.',
  },
  cites: { property: 'cites', kind: 'cites', layout: 'block', describe: 'What the record speaks of, as observed.' },
  aliases: {
    property: 'aliases',
    kind: 'strings',
    layout: 'inline',
    describe: 'Other words that somebody would search for.',
  },
  facts: {
    property: 'facts',
    kind: 'strings',
    layout: 'block',
    describe: 'Short statements that stand alone; in files without them the list that ends the body.',
  },
  files: { property: 'files', kind: 'files', layout: 'inline', describe: 'Files that were read and modified.' },
  supersedes: { property: 'supersedes', kind: 'strings', layout: 'inline', describe: 'Ids of records it replaces.' },
  contradicts: {
    property: 'contradicts',
    kind: 'strings',
    layout: 'inline',
    describe: 'Ids of records it disagrees with, for review.',
  },
  forgets: {
    property: 'forgets',
    kind: 'strings',
    layout: 'inline',
    describe: 'Ids of records that must not be learned again.',
    only: 'tombstone',
  },
  'part-of': { property: 'partOf', kind: 'string', describe: 'Id of the digest that it was folded into.' },
  confidence: { property: 'confidence', kind: 'fraction', describe: 'From the evidence, 0 to 1.' },
} satisfies Record<string, RecordField>;

/** The table as a list, for loops. */
export const recordFieldList: readonly (readonly [string, RecordField])[] = Object.entries(recordFields);

// The face of a source: what there is, and the reading of it. A source is one file and one row of the table in sources.ts.
import type { MemoryRecord } from '../domain/record.ts';
import type { Ground } from './ground.ts';
import type { Reading } from './item.ts';
import type { ImportReport } from './report.ts';

/** What a look found; nothing is read for it that takes long. */
export interface Found {
  /** Entries that seem to belong to this repository. */
  count: number;
  /** What one entry is, such as `observations`. */
  unit: string;
  /** ISO 8601 of the oldest one, where a look tells it. */
  oldest?: string;
  /** More for the person, such as when the host deletes it. */
  note?: string;
}

export interface Source {
  /** Only with `--from`: there is no usual place. */
  needsFrom?: boolean;
  /** Undefined where there is nothing. Throws nothing. */
  find(ground: Ground): Promise<Found | undefined>;
  /** Throws RepomemError for a source that cannot be read. */
  read(ground: Ground, options: ReadOptions): Promise<Reading>;
  /** Sources of whole sessions write them as the compressor does; others hand their items to the one writer. */
  write?(ground: Ground, report: ImportReport, options: RunOptions): Promise<void>;
}

export interface ReadOptions {
  /** ISO 8601 day: older entries are left out. */
  since?: string;
  max?: number;
  /** What gates and caps would leave out. */
  isAll: boolean;
}

export interface RunOptions extends ReadOptions {
  isDry: boolean;
  /** Share what was reviewed, lasts and still holds. */
  isSharing: boolean;
  /** Ask the user's model, where the source knows how. */
  withModel?: boolean;
  progress?(text: string): void;
  /** Of a dry run over several sources: what those before would bring, which is compared as if it were there. Filled. */
  planned?: MemoryRecord[];
}

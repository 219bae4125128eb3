import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Rooms whose tests start programs, a browser or whole clients. */
const long = /^test\/(?:e2e|viewer|cli|security|durability|git-states|actions|import)\//;

/** Rooms with long files first, that no worker is left alone with one at the end; within them as usual: known times, else sizes. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => long.test(relative(this.ctx.config.root, moduleId));
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

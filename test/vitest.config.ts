import { defineConfig } from 'vitest/config';
import { CountReporter } from './helpers/count-reporter.ts';
import { LongFirst } from './helpers/long-first.ts';

// Days are those of the user's time zone: here one for all.
process.env.TZ = 'UTC';

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/helpers/global-setup.ts',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What is waited for comes in its own time on a busy machine.
    expect: { poll: { timeout: 20_000 } },
    pool: 'forks',
    maxWorkers: '100%',
    sequence: { sequencer: LongFirst },
    reporters: ['default', new CountReporter()],
  },
});

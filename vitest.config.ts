import { defineConfig } from 'vitest/config';

/**
 * Four kinds of tests by the name of the file, run in this order:
 *   e2e      e2e/**\/*.test.ts and *.asterisk.test.ts   real Asterisk, sipp and browser; one file at a time, because they measure sound and time
 *   screens  e2e/**\/*.screens.test.ts                  the same house, but nothing is measured: several files at a time
 *   flows    *.flow.test.ts                             over a real Postgres (and Redis, Asterisk where the file starts one)
 *   unit     *.test.ts                                  pure or with fakes, many at once
 */
const sources = ['cti-server/src', 'dialer/src', 'recordings/src', 'launcher', 'asterisk-config', 'agent-console/src', 'bench'];
const files = (ending: string): string[] => sources.map((folder) => `${folder}/**/*${ending}`);
const screens = ['e2e/**/*.screens.test.ts'];
const exclude = ['**/node_modules/**', '**/build/**'];

export default defineConfig({
  test: {
    reporters: ['default', './launcher/test-reporter.ts'],
    projects: [
      {
        test: { name: 'unit', sequence: { groupOrder: 3 }, include: files('.test.ts'), exclude: [...exclude, ...files('.flow.test.ts'), ...files('.asterisk.test.ts')] },
      },
      {
        test: {
          name: 'flows',
          sequence: { groupOrder: 2 },
          // they wait more than they compute
          maxWorkers: 3,
          include: files('.flow.test.ts'),
          exclude,
          globalSetup: './launcher/test-postgres.ts',
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'screens',
          sequence: { groupOrder: 1 },
          include: screens,
          exclude,
          globalSetup: './launcher/test-postgres.ts',
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'e2e',
          sequence: { groupOrder: 0 },
          include: ['e2e/**/*.test.ts', ...files('.asterisk.test.ts')],
          exclude: [...exclude, ...screens],
          globalSetup: './launcher/test-postgres.ts',
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});

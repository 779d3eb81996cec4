import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const needsServices = [
  'tests/e2e/services/**/*.test.ts',
  'tests/e2e/browser/**/*.test.ts',
  'tests/ledger/postgres/**/*.test.ts',
];

/** What keeps its ledger where the project does: in a SQLite file, or in a PostgreSQL server that it starts. */
const onAnyLedger = [
  'tests/ledger/**/*.test.ts',
  'tests/budget/**/*.test.ts',
  'tests/advice/rewrite-store.test.ts',
  'tests/books/**/*.test.ts',
  'tests/records/**/*.test.ts',
  'tests/notices/**/*.test.ts',
  'tests/reports/reconciliation/**/*.test.ts',
  'tests/reports/savings/**/*.test.ts',
];

export default defineConfig({
  test: {
    // More than there are cores: most tests wait for processes that they have started, or for time to pass.
    maxWorkers: availableParallelism() + 1,
    // To load the same modules anew for each file takes up to three times the processor time; no test replaces a module.
    isolate: false,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/e2e/**', ...needsServices],
          // Enough for the longest on a machine with other work to do: none is there to measure time.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          exclude: needsServices,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'services',
          include: [...needsServices, ...onAnyLedger],
          exclude: ['tests/ledger/sqlite/**/*.test.ts'],
          globalSetup: 'tests/ledger/postgres/setup.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});

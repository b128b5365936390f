import { defineConfig } from 'vitest/config';

/** How many times as many cases as it says a law is tried on (`npm run test:long`). */
const times = Number(process.env['HEDDLE_TEST_TIMES'] ?? 1);

/** Files that take a minute each, of `npm run test:long` alone. Not by `exclude`: a config that has one takes none from the command line. */
const long = times > 1 ? [] : ['!**/*.long.test.ts'];

/** A project a room, so that `npm test` can time and budget each; forks, because isolated-vm cannot live in worker threads. */
const project = (name: string, include: string[], testTimeout = 60_000, globalSetup: string[] = []) => ({
  test: {
    name,
    include: [...include, ...long],
    testTimeout: testTimeout * times,
    // A condition is waited for as long as a busy machine needs; the second that is the default fails beside a load of 5.
    expect: { poll: { timeout: 20_000 } },
    setupFiles: times > 1 ? ['scripts/longer-laws.ts'] : [],
    globalSetup,
    hookTimeout: 60_000,
    pool: 'forks' as const,
    execArgv: ['--no-node-snapshot'],
  },
});

/** Keeps one embedded Postgres for the run, started by the first test that asks for a database. */
const database = ['server/db/testing-setup.ts'];
/** The programs of tests that start processes, bundled: they start in a third of the time. */
const programs = 'scripts/test-programs.js';

/** Files that mostly wait, for leases to run out or for processes, do so side by side, however few processors there are. */
const waiting = { maxWorkers: 2, sequence: { groupOrder: 1 } };

/** Files that load nearly the whole server do so once, not each for itself: a second of processor a file. Each has a database of its own. */
const together = { isolate: false };

export default defineConfig({
  test: {
    projects: [
      {
        test: { ...project('unit', ['flow/**/*.test.ts', 'house.test.ts', 'scripts/**/*.test.ts']).test, ...together },
      },
      { test: { ...project('nodes', ['nodes/**/*.test.ts']).test, ...together } },
      { test: { ...project('app', ['app/**/*.test.ts', 'e2e/**/*.test.ts']).test, ...together } },
      {
        test: {
          ...project(
            'server',
            ['server/**/*.test.ts', '!server/{sandbox,cells,compute}/**', '!server/**/*.faults.test.ts'],
            60_000,
            database,
          ).test,
          ...together,
        },
      },
      { test: { ...project('sandbox', ['server/{sandbox,cells,compute}/**/*.test.ts'], 60_000).test, ...waiting } },
      {
        test: {
          ...project('faults', ['server/**/*.faults.test.ts'], 120_000, [...database, programs]).test,
          ...waiting,
        },
      },
      { test: { ...project('examples', ['workflows-examples/**/*.test.ts'], 120_000, database).test, ...waiting } },
    ],
  },
});

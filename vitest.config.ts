import { defineConfig } from 'vitest/config';

/** A project a room, so that `npm test` can time and budget each; forks, because isolated-vm cannot live in worker threads. */
const project = (name: string, include: string[], testTimeout = 60_000, globalSetup: string[] = []) => ({
  test: {
    name,
    include,
    testTimeout,
    globalSetup,
    hookTimeout: 60_000,
    pool: 'forks' as const,
    execArgv: ['--no-node-snapshot'],
  },
});

/** Keeps one embedded Postgres for the run, started by the first test that asks for a database. */
const database = ['server/db/testing-setup.ts'];

export default defineConfig({
  test: {
    projects: [
      project('unit', ['flow/**/*.test.ts', 'house.test.ts', 'scripts/**/*.test.ts']),
      project('nodes', ['nodes/**/*.test.ts']),
      project('app', ['app/**/*.test.ts']),
      project('server', ['server/**/*.test.ts', '!server/sandbox/**', '!server/**/*.faults.test.ts'], 60_000, database),
      project('sandbox', ['server/sandbox/**/*.test.ts'], 60_000),
      project('faults', ['server/**/*.faults.test.ts'], 120_000, database),
      project('examples', ['workflows-examples/**/*.test.ts'], 120_000, database),
    ],
  },
});

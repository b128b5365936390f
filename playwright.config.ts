import { chmodSync, existsSync, mkdtempSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, defineConfig } from '@playwright/test';

const port = Number(process.env['HEDDLE_E2E_PORT'] ?? 4810);
const url = `http://localhost:${port}`;

const installed = (name: string) => `/usr/bin/${name}`;

/** A browser of the system, else Playwright's own, else a sentence that helps. */
function browser(): { executablePath?: string } {
  const wanted = process.env['CHROMIUM_PATH'];
  // Without a window nothing draws one: the shell takes two thirds of the processor time that the browser takes.
  const known = [
    wanted,
    ...['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'].map(installed),
  ];
  const found = known.find((file) => file && existsSync(file));
  if (found) return { executablePath: found };
  if (existsSync(chromium.executablePath())) return {};
  throw new Error(
    'No browser for the tests: install Chromium (apt-get install chromium-headless-shell, or chromium), or run npx playwright install chromium, or set CHROMIUM_PATH.',
  );
}

// Playwright reads this file again in each of its processes: they must agree on one home.
process.env['HEDDLE_E2E_HOME'] ??= newHome();

function newHome(): string {
  const home = mkdtempSync(path.join(tmpdir(), 'heddle-e2e-'));
  // Postgres must be able to enter it when the tests run as root and Postgres as its own account.
  chmodSync(home, 0o755);
  return home;
}

/** Journeys of `npm run test:long` alone, or those of `npm test`. */
const isLong = Number(process.env['HEDDLE_TEST_TIMES'] ?? 1) > 1;

/** How many journeys go on side by side: a page that is waited for leaves a processor to another. */
const side = availableParallelism() > 1 ? 2 : 1;

export default defineConfig({
  testDir: 'e2e',
  testMatch: isLong ? '**/*.long.e2e.ts' : '**/*.e2e.ts',
  testIgnore: isLong ? [] : '**/*.long.e2e.ts',
  timeout: 180_000,
  expect: { timeout: 15_000 },
  workers: side,
  // Each in a workspace of its own: by files, one went on alone with the last of them.
  fullyParallel: true,
  forbidOnly: Boolean(process.env['CI']),
  outputDir: 'test-results',
  reporter: [['list']],
  use: {
    baseURL: url,
    // What a press waits for at most; generous, for machines that are busy.
    actionTimeout: 20_000,
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    trace: 'off',
    launchOptions: {
      ...browser(),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
    },
  },
  webServer: {
    // The product as people start it, built when it is not fresh; node is exec'ed, so that the signal reaches it.
    command: `exec node scripts/start.js --port ${port}`,
    url: `${url}/readyz`,
    timeout: 180_000,
    reuseExistingServer: false,
    stdout: 'pipe',
    gracefulShutdown: { signal: 'SIGTERM', timeout: 30_000 },
    env: {
      HEDDLE_HOME: process.env['HEDDLE_E2E_HOME'],
      HEDDLE_LOG_LEVEL: 'warn',
      HEDDLE_ALLOW_HOSTS: Array.from({ length: side }, (_, index) => `127.0.0.1:${port + 1 + 2 * index}`).join(','),
      // Each journey has one of its own, and all are one person's.
      HEDDLE_WORKSPACES: '10000',
      HEDDLE_ADMIN_EMAIL: 'ines@example.com',
      HEDDLE_ADMIN_PASSWORD: 'a long enough password',
    },
  },
});

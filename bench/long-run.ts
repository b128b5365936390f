import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from '@playwright/test';
import type { Page } from '@playwright/test';
import { openDatabase } from '../server/db/connect.ts';
import { joinEmbeddedPostgres } from '../server/db/embedded.ts';
import { writeLongRun } from '../server/runs/testing/long-run.ts';
import { drawing, logIn } from './canvas.ts';
import { median } from './load.ts';
import { serve } from './served.ts';

// node scripts/with-node.js bench/long-run.ts: how long a run of 100,000 facts takes to be opened in the inspector, from asking for the page until
// its steps are listed and all of them are counted. Ends with 1 when that is over two seconds.

const turns = 25_000;
const mostMs = 2_000;

const home = mkdtempSync(path.join(tmpdir(), 'heddle-long-run-'));
chmodSync(home, 0o755);
try {
  await using served = await serve(home, { owner: drawing });
  const hold = await joinEmbeddedPostgres({ home });
  const database = await openDatabase({ url: hold.url, access: 'roles', app: 2, engine: 2 });
  const [row] = await database.engine.sql`select id from workspaces limit 1`;
  const { run, count } = await writeLongRun(database, String(row?.['id']), turns);
  await Promise.all([database.app.sql.end(), database.engine.sql.end()]);
  await hold.leave();
  const executablePath = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
    (file) => file && existsSync(file),
  );
  const browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const page = await browser.newPage({ baseURL: served.at, viewport: { width: 1440, height: 900 } });
  await logIn(page);
  const opens: number[] = [];
  for (let n = 0; n < 4; n++) opens.push(await opened(page, run));
  await browser.close();
  const ms = Math.round(median(opens.slice(1)));
  console.log(`${count} facts: opened in ${ms} ms (${opens.map(Math.round).join(', ')}); at most ${mostMs}`);
  process.exitCode = ms <= mostMs ? 0 : 1;
} finally {
  rmSync(home, { recursive: true, force: true });
}

/** Nothing listens beside it: a look into each answer would cost the two cores more than reading it. */
async function opened(page: Page, run: string): Promise<number> {
  await page.goto('about:blank');
  const from = performance.now();
  await page.goto(`/runs/${run}`, { waitUntil: 'commit' });
  await page
    .getByRole('option', { name: /25 k iterations/ })
    .first()
    .waitFor();
  const ms = performance.now() - from;
  const { requests, bytes } = await page.evaluate(() => {
    const asked = performance
      .getEntriesByType('resource')
      .filter((entry) => entry instanceof PerformanceResourceTiming && entry.name.includes('/facts?'));
    return {
      requests: asked.length,
      bytes: asked.reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).decodedBodySize, 0),
    };
  });
  console.log(`opened in ${Math.round(ms)} ms: ${requests} requests of facts, ${Math.round(bytes / 1024)} kB`);
  return ms;
}

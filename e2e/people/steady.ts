import type { Page } from '@playwright/test';

/** The moment at which every picture is taken. */
const now = new Date('2026-03-12T14:03:22Z');

/**
 * Makes what a page sees of the server the same every time: runs began at one moment and took one time, their ids are counted.
 * What happened stays as it is; only when, how long and under which number is ours.
 */
export async function keepSteady(page: Page): Promise<{ known: (runId: string) => string }> {
  const names = new Map<string, string>();
  const known = (id: string) => {
    const name = names.get(id) ?? `run_${String(names.size + 1204).padStart(16, '0')}`;
    names.set(id, name);
    return name;
  };
  const real = (url: string) => [...names].reduce((text, [id, name]) => text.replaceAll(name, id), url);
  // Playwright's own clock holds still, and Monaco, which waits for it to go on, would never be seen.
  await page.addInitScript((then) => {
    const ahead = then - Date.now();
    const Real = Date;
    globalThis.Date = new Proxy(Real, {
      construct: (of, given: unknown[]) =>
        Reflect.construct(of, given.length === 0 ? [Real.now() + ahead] : given) as Date,
      get: (of, name) => (name === 'now' ? () => Real.now() + ahead : Reflect.get(of, name)),
    });
  }, now.getTime());
  await page.route(/\/(api\/v1|trpc)\//, async (route) => {
    // A stream never ends: without its news the screens ask, which is all that a picture needs.
    if (/\/live\b/.test(route.request().url())) return route.fulfill({ contentType: 'text/event-stream', body: '' });
    const response = await route.fetch({ url: real(route.request().url()) });
    if (!response.headers()['content-type']?.includes('json')) return route.fulfill({ response });
    await route.fulfill({ response, body: steady(await response.text()).replaceAll(/run_\w+/g, known) });
  });
  return { known };
}

const before = (ms: number) => new Date(now.getTime() - ms).toISOString();

const steady = (json: string): string =>
  json
    .replaceAll(/"(startedAt|createdAt|updatedAt|at)":"[^"]*"/g, `"$1":"${before(73_000)}"`)
    .replaceAll(/"finishedAt":"[^"]*"/g, `"finishedAt":"${before(72_588)}"`)
    .replaceAll(/"durationMs":\d+/g, '"durationMs":412');

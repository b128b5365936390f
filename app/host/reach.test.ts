import { afterEach, beforeEach, expect, test, vi } from 'vitest';
let isUp = true;
const lost = () => Promise.reject(new TypeError('Failed to fetch'));
const backs = vi.fn<() => void>();
let send: (path: string) => Promise<Response>;

beforeEach(async () => {
  // What is known of the server is the page's: each story has a page of its own.
  vi.resetModules();
  ({ send } = await import('./send.ts'));
  (await import('./reach.ts')).onBack(backs);
  vi.useFakeTimers();
  vi.stubGlobal('localStorage', { getItem: () => null });
  vi.stubGlobal('fetch', (path: string) => {
    if (!isUp) return lost();
    return path === '/broken' ? lost() : Promise.resolve(new Response('', { status: path === '/proxy' ? 502 : 200 }));
  });
  isUp = true;
  backs.mockClear();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a server that was away is asked whether it is back, and those who wait for that are told once', async () => {
  isUp = false;
  await expect(send('/x')).rejects.toThrow();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(backs).not.toHaveBeenCalled();
  isUp = true;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(backs).toHaveBeenCalledTimes(1);
});

test('an answer to anything tells that it is back', async () => {
  isUp = false;
  await expect(send('/x')).rejects.toThrow();
  await vi.advanceTimersByTimeAsync(1_000);
  isUp = true;
  await send('/x');
  expect(backs).toHaveBeenCalledTimes(1);
});

test.each(['/broken', '/proxy'])('%s alone does not make it away while it lives', async (path) => {
  await send(path).catch(() => undefined);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(backs).not.toHaveBeenCalled();
});

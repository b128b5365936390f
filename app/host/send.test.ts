import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { send, sendAhead } from './send.ts';

const asked: string[] = [];

function answering(): void {
  asked.length = 0;
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path);
    return new Response(`${asked.length}`);
  });
}

beforeEach(() => vi.stubGlobal('localStorage', { getItem: () => null }));
afterEach(() => vi.unstubAllGlobals());

test('what was asked ahead is asked once, and serves who asks first; the next asks anew', async () => {
  answering();
  sendAhead('/ahead');
  sendAhead('/ahead');
  const texts = [await send('/ahead', { method: 'GET' }), await send('/ahead', { method: 'GET' })].map((it) =>
    it.text(),
  );
  expect([await Promise.all(texts), asked]).toEqual([
    ['1', '2'],
    ['/ahead', '/ahead'],
  ]);
});

test('an answer from before an action is not given after it', async () => {
  answering();
  sendAhead('/acted');
  await send('/acted', { method: 'POST' });
  expect(await (await send('/acted', { method: 'GET' })).text()).toBe('3');
});

test('what was asked ahead in vain fails for who asks, and for nobody else', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('away')));
  sendAhead('/away');
  await expect(send('/away', { method: 'GET' })).rejects.toThrow('away');
});

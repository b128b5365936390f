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

test('an answer that names the next has that asked for, some ahead of who takes them, who then goes on by himself', async () => {
  asked.length = 0;
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path);
    const after = Number(new URLSearchParams(path.split('?')[1]).get('after'));
    return new Response(path, { headers: after < 50 ? { link: `<?after=${after + 10}>; rel="next"` } : {} });
  });
  const parts = [0, 10, 20, 30].map((after) => `/parts?after=${after}`);
  sendAhead(parts[0]!);
  await vi.waitFor(() => expect(asked).toEqual(parts));
  const texts = await Promise.all(parts.map(async (part) => (await send(part, { method: 'GET' })).text()));
  expect([texts, asked]).toEqual([parts, parts]);
  // What was taken before it came is followed by nobody but who took it.
  sendAhead('/parts?after=0');
  await send('/parts?after=0', { method: 'GET' });
  await Promise.resolve();
  expect(asked.slice(parts.length)).toEqual(['/parts?after=0']);
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
  // It is there again, or this page would go on asking.
  answering();
  await send('/there');
});

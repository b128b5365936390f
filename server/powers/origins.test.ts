import { expect, test } from 'vitest';
import { Origins } from './origins.ts';

const at = 'https://api.example.com/v1/x?y';
const caller = (workspace: string, more: { timeoutMs?: number; signal?: AbortSignal } = {}) => ({
  workspace,
  lane: 'realtime' as const,
  timeoutMs: 10_000,
  signal: new AbortController().signal,
  ...more,
});
const turn = () => new Promise((resolve) => setImmediate(resolve));

function slowCalls(origins: Origins, count: number) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const under: string[] = [];
  const call = (workspace: string, url = at) =>
    origins.inTurn(url, caller(workspace), async () => {
      under.push(workspace);
      await promise;
    });
  const all = Array.from({ length: count }, () => call('a'));
  return { under, call, all, answer: resolve };
}

test('a service that one workspace calls as often as it can is there for another at once', async () => {
  const origins = new Origins(8);
  const { under, call, all, answer } = slowCalls(origins, 50);
  await turn();
  expect(under).toHaveLength(6);
  all.push(call('b'), call('a', 'https://other.example.com/'));
  await turn();
  expect(under.slice(6)).toEqual(['b', 'a']);
  answer();
  await Promise.all(all);
  expect([under.length, origins.size]).toEqual([52, 0]);
});

test('what waits for its turn waits no longer than its own time, and was surely not sent', async () => {
  const origins = new Origins(1);
  const { all, answer } = slowCalls(origins, 1);
  const late = origins.inTurn(at, caller('b', { timeoutMs: 20 }), async () => 'sent');
  await expect(late).rejects.toMatchObject({ code: 'http.timeout', done: 'no' });
  const abort = new AbortController();
  const cancelled = origins.inTurn(at, caller('b', { signal: abort.signal }), async () => 'sent');
  abort.abort(new Error('cancelled'));
  await expect(cancelled).rejects.toThrow('cancelled');
  answer();
  await Promise.all(all);
  expect(await origins.inTurn(at, caller('b'), async (left) => left)).toBe(10_000);
  expect(origins.size).toBe(0);
});

import { chmodSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'rolldown';
import { expect, it, onTestFinished, vi } from 'vitest';
import { computations } from '../../nodes/computations.ts';
import { feedEntries } from '../../nodes/connect/rss.ts';
import { jsonOfAnswer } from '../../nodes/connect/http-answer.ts';
import { itemsOfFile } from '../../nodes/data/file-formats.ts';
import { openCompute } from './compute.ts';
import type { Compute, ComputeOptions } from './compute.ts';

const open = (options: Partial<ComputeOptions> = {}): Compute => {
  const compute = openCompute({ memoryMb: 512, most: 1, ...options });
  onTestFinished(() => compute.close());
  return compute;
};
const { signal } = new AbortController();
const csv = { format: 'csv', delimiter: ',', header: true, types: 'text', as: 'text' } as const;
const feedOf = (entries: number) =>
  `<rss version="2.0"><channel>${'<item><title>a</title></item>'.repeat(entries)}</channel></rss>`;
/** Takes some seconds wherever it is done. */
const long = { text: feedOf(80_000), address: 'https://example.com/' };

/** The process that has all of a job and has not answered. */
const whenBusy = (compute: Compute): Promise<number> =>
  vi.waitFor(() => {
    const [pid] = compute.pids;
    if (pid === undefined || compute.computing !== 1) throw new Error('nothing is computed');
    return pid;
  }, patience);
const patience = { timeout: 50_000, interval: 20 };

it('gives what would have been made here, byte for byte, and the faults that would have been thrown', async () => {
  const elsewhere = open().for('acme');
  const text = `${JSON.stringify([1, -0.5, 'ü\0\ud800', { __proto__: null, a: [[]] }]).replace('1', '12345678901234567890')}`;
  expect(await elsewhere(jsonOfAnswer, { text }, signal)).toEqual(jsonOfAnswer.work({ text }));
  expect(await elsewhere(jsonOfAnswer, { text: '{' }, signal)).toEqual(jsonOfAnswer.work({ text: '{' }));
  const rows = `id,note\n${Array.from({ length: 5_000 }, (_, row) => `${row},"note ${row}"`).join('\n')}`;
  const given = { text: rows, reading: csv, keepsBad: false };
  expect(await elsewhere(itemsOfFile, given, signal)).toEqual(itemsOfFile.work(given));
  await expect(elsewhere(itemsOfFile, { ...given, text: 'a,b\n"1,2\n' }, signal)).rejects.toMatchObject({
    name: 'Fault',
    code: 'file.parse',
    mend: expect.any(String),
  });
});

it('knows every computation of this build', async () => {
  const elsewhere = open().for('acme');
  for (const { name } of computations) {
    const given = { text: feedOf(1), address: '', reading: csv, keepsBad: false };
    const made = elsewhere({ name, work: () => ({ items: [] }) }, given, signal);
    await expect(made).resolves.toHaveProperty('items');
  }
});

it('starts nothing before there is work, and lets it go when there is none', async () => {
  const compute = open({ idleMs: 1 });
  expect(compute.pids).toEqual([]);
  await compute.for('acme')(jsonOfAnswer, { text: '1' }, signal);
  await expect.poll(() => compute.pids).toEqual([]);
});

it('one process serves several workspaces in turn', async () => {
  const compute = open();
  await compute.for('acme')(jsonOfAnswer, { text: '1' }, signal);
  const before = compute.pids;
  await compute.for('other')(jsonOfAnswer, { text: '1' }, signal);
  expect(compute.pids).toEqual(before);
});

it('what one workspace computes for long keeps no other waiting, however few processors there are', async () => {
  const compute = openCompute({ memoryMb: 512 });
  onTestFinished(() => compute.close());
  const giveUp = new AbortController();
  const [first, second] = [0, 1].map(() => compute.for('acme')(feedEntries, long, giveUp.signal));
  for (const one of [first, second]) void one?.catch(() => undefined);
  const pid = await whenBusy(compute);
  process.kill(pid, 'SIGSTOP');
  expect(await compute.for('other')(jsonOfAnswer, { text: '1' }, signal)).toMatchObject({ items: [1] });
  expect(compute.pids).toContain(pid);
  giveUp.abort(new Error('the test is over'));
  await expect(second).rejects.toThrow('the test is over');
});

it('one that is killed in the middle has its work done again; a second time it is a fault, and others go on', async () => {
  const compute = open();
  const first = compute.for('acme')(feedEntries, long, signal);
  process.kill(await whenBusy(compute), 'SIGKILL');
  expect((await first).items.length).toBe(80_000);
  const second = compute.for('acme')(feedEntries, long, signal);
  void second.catch(() => undefined);
  const killed = await whenBusy(compute);
  process.kill(killed, 'SIGKILL');
  await vi.waitFor(() => expect(compute.pids).not.toContain(killed), patience);
  process.kill(await whenBusy(compute), 'SIGKILL');
  await expect(second).rejects.toMatchObject({ code: 'compute.killed' });
  expect(await compute.for('other')(jsonOfAnswer, { text: '1' }, signal)).toMatchObject({ items: [1] });
});

it('one that is stopped is killed when five times its time is over, and one that is given up at once', async () => {
  const compute = open({ withinMs: 1_000 });
  const stopped = compute.for('acme')(feedEntries, long, signal);
  process.kill(await whenBusy(compute), 'SIGSTOP');
  await expect(stopped).rejects.toMatchObject({ code: 'compute.limit', message: expect.stringContaining('1 s') });
  const giveUp = new AbortController();
  const given = compute.for('acme')(feedEntries, long, giveUp.signal);
  void given.catch(() => undefined);
  const pid = await whenBusy(compute);
  giveUp.abort(new Error('cancelled'));
  await expect(given).rejects.toThrow('cancelled');
  await vi.waitFor(() => expect(compute.pids).not.toContain(pid), patience);
});

it('one that runs out of memory is a fault that names the limit', async () => {
  const compute = open({ memoryMb: 64 });
  await expect(compute.for('acme')(feedEntries, { ...long, text: feedOf(300_000) }, signal)).rejects.toMatchObject({
    code: 'compute.limit',
    message: expect.stringContaining('64 MB'),
  });
  expect(await compute.for('acme')(jsonOfAnswer, { text: '1' }, signal)).toMatchObject({ items: [1] });
});

it('works from a bundle in a folder that nobody else may enter', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-compute-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  chmodSync(folder, 0o700);
  const runner = join(folder, 'compute-child.mjs');
  const input = join(import.meta.dirname, 'child.ts');
  await build({
    input,
    platform: 'node',
    tsconfig: false,
    output: { file: runner, format: 'esm' },
    logLevel: 'silent',
  });
  const elsewhere = open({ runner }).for('acme');
  expect((await elsewhere(feedEntries, { text: feedOf(2), address: '' }, signal)).items.length).toBe(2);
});

it('a feed of 9 MB and a table of a million rows hold this thread for no moment', { timeout: 180_000 }, async () => {
  const worked = () => process.threadCpuUsage().user / 1_000;
  const elsewhere = open({ memoryMb: 2_048 }).for('acme');
  const feed = feedOf(300_000);
  const rows = `a,b\n${'1,2\n'.repeat(999_999)}`;
  const held = async () => {
    let [longest, before] = [0, worked()];
    const looks = setInterval(() => {
      const now = worked();
      [longest, before] = [Math.max(longest, now - before), now];
    }, 5);
    expect((await elsewhere(feedEntries, { text: feed, address: '' }, signal)).items.length).toBe(300_000);
    const table = await elsewhere(itemsOfFile, { text: rows, reading: csv, keepsBad: false }, signal);
    clearInterval(looks);
    expect(table.items.length).toBe(999_999);
    return longest;
  };
  let longest = Infinity;
  // What holds does so each time; the collector of garbage, and caches that neighbours emptied, once.
  for (let time = 0; time < 3 && longest >= 250; time++) longest = Math.min(longest, await held());
  expect(longest).toBeLessThan(250);
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Child, fixture } from './child.fixture.ts';
import { inTurn } from './turn.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'heddle-turn-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('four processes that find a dead holder, then read, wait and write in turn, lose no count', async () => {
  mkdirSync(path.join(folder, 'turns'));
  writeFileSync(path.join(folder, 'turns/7'), '1 0'); // process 1, but not with the start time that it has
  const file = path.join(folder, 'number');
  writeFileSync(file, '0');
  const children = Array.from(
    { length: 4 },
    () => new Child(fixture, ['count', path.join(folder, 'turns'), file, '25']),
  );
  expect(await Promise.all(children.map((child) => child.ended()))).toEqual([0, 0, 0, 0]);
  expect(readFileSync(file, 'utf8')).toBe('100');
});

test('a killed holder loses its turn; a living one keeps it', async () => {
  await using holder = new Child(fixture, ['sit', folder]);
  expect(await holder.said()).toEqual({ holding: true });
  await expect(inTurn(folder, async () => 'mine', 100)).rejects.toThrow('Another process has held');
  await holder.kill();
  expect(await inTurn(folder, async () => 'mine')).toBe('mine');
});

test('work that throws gives the turn back', async () => {
  await expect(inTurn(folder, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await inTurn(folder, async () => 'next')).toBe('next');
});

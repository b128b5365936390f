import { beforeEach, expect, test, vi } from 'vitest';
import { storage } from '../canvas/testing/storage.ts';
import { findUntouched, keepUntouched } from './untouched.ts';

beforeEach(() => void vi.stubGlobal('localStorage', storage()));

const at = (revision: number) => () => Promise.resolve({ revision, document: {} });

test('each press of New workflow left one more empty workflow for ever: the one that nobody touched is opened again', async () => {
  expect(await findUntouched(at(1))).toBeUndefined();
  keepUntouched({ id: 'w1', revision: 1 });
  expect(await findUntouched(at(1))).toBe('w1');
  expect(await findUntouched(at(1))).toBe('w1');
});

test('what somebody wrote, here or elsewhere, is never taken for a new workflow', async () => {
  keepUntouched({ id: 'w1', revision: 1 });
  expect(await findUntouched(at(2))).toBeUndefined();
  // Not even when it is undone: it was somebody's.
  expect(await findUntouched(at(1))).toBeUndefined();
  keepUntouched({ id: 'w2', revision: 1 });
  expect(await findUntouched(() => Promise.reject(new Error('gone')))).toBeUndefined();
});

import { MutationObserver, notifyManager } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { openClient } from './client.ts';

test('a double click sends once: what was begun is under way before the next press can come', async () => {
  const sending = new MutationObserver(
    openClient(() => {}),
    { mutationFn: () => new Promise<void>(() => {}) },
  );
  let told = false;
  // As a component hears it.
  sending.subscribe(notifyManager.batchCalls(() => (told = sending.getCurrentResult().isPending)));
  void sending.mutate();
  await Promise.resolve();
  await Promise.resolve();
  expect(told).toBe(true);
});

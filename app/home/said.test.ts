import { expect, test } from 'vitest';
import { singly } from './said.ts';

test('a double click on New workflow made two workflows', async () => {
  let made = 0;
  const release: (() => void)[] = [];
  const make = singly(async (name: string) => {
    await new Promise<void>((resolve) => void release.push(resolve));
    return `${name} ${++made}`;
  });
  const both = [make('one'), make('one')];
  release.forEach((go) => go());
  expect(await Promise.all(both)).toEqual(['one 1', 'one 1']);
  // When it is over, or was refused, the next press is another.
  const later = make('two');
  release.at(-1)?.();
  expect(await later).toBe('two 2');
});

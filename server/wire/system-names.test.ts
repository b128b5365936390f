import { expect, test } from 'vitest';
import { askingSystem } from './system-names.ts';

test('of names that wait for the system, those that nobody outside answers for come first', async () => {
  const asked: string[] = [];
  const { promise: isLet, resolve: letGo } = Promise.withResolvers<void>();
  const ask = askingSystem(
    () => 0,
    async (name) => {
      asked.push(name);
      await isLet;
      return [];
    },
  );
  const told = ['a.lan', 'b.lan', 'c.lan', 'nas.local', 'nas'].map(ask);
  expect(asked).toEqual(['a.lan']);
  letGo();
  await Promise.all(told);
  expect(asked).toEqual(['a.lan', 'nas.local', 'nas', 'b.lan', 'c.lan']);
});

import { expect, test } from 'vitest';
import { whenThere } from './when-there.ts';

/** A server that is away so many times, and gives a part so that it loads after so many tries. */
function world(away: number, failures: number) {
  const said: string[] = [];
  let asked = 0;
  let tried = 0;
  let sheets = 0;
  const part = whenThere(
    () => (++tried > failures ? Promise.resolve('the panel') : Promise.reject(new Error('Failed to fetch'))),
    {
      isThere: () => Promise.resolve(++asked > away),
      soon: () => Promise.resolve(),
      say: ({ title }) => void said.push(title),
      sheets: () => Promise.resolve(void sheets++),
    },
  );
  return { part, said, sheets: () => sheets };
}

test('a panel that is opened offline comes when the network is back; the page stays, and it is said once', async () => {
  const { part, said, sheets } = world(5, 3);
  expect(await part()).toBe('the panel');
  // Each time its sheets are asked for too: it came without its look.
  expect(sheets()).toBe(3);
  expect(said).toEqual(['The server does not answer']);
});

test('a server that came back meanwhile is asked once more', async () => {
  const { part, said } = world(0, 1);
  expect(await part()).toBe('the panel');
  expect(said).toEqual([]);
});

test('a part that an updated server does not have any more is an error', async () => {
  await expect(world(0, 9).part()).rejects.toThrow('Failed to fetch');
});

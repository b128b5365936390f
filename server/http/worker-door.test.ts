import { expect, test } from 'vitest';
import { openWorkerDoor } from './worker-door.ts';

test('a worker says that it lives, and whether its database answers and it takes work', async () => {
  let isAway = false;
  const ready = async () => {
    if (isAway) throw new Error('away');
  };
  const door = await openWorkerDoor({ host: '127.0.0.1', port: 0, ready });
  const status = async (path: string) => (await fetch(`http://127.0.0.1:${door.port}${path}`)).status;
  try {
    expect([await status('/healthz'), await status('/readyz'), await status('/metrics')]).toEqual([200, 200, 404]);
    isAway = true;
    expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 503]);
    isAway = false;
    door.closing();
    expect(await status('/readyz')).toBe(503);
  } finally {
    await door.close();
  }
});

import { rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openHouse } from '../accounts/testing/house.ts';
import { walletHealth } from './health.ts';
import { openKeyring } from './keyring.ts';

test('doctor says where the key is, what to back up, and how much it no longer opens; it makes nothing', async () => {
  await using house = await openHouse();
  const { config, database } = house;
  const by = await house.key('owner');
  const keep = (name: string) =>
    house.call('POST', '/api/v1/credentials', by, { name, type: 'bearer', fields: { token: 'a token' } });
  await keep('one');
  await house.call('POST', '/api/v1/credentials', (await house.stranger()).by, {
    name: 'theirs',
    type: 'bearer',
    fields: { token: 'a token' },
  });
  const look = (masterKey?: string) => walletHealth(database, openKeyring({ home: config.home, masterKey }));
  const file = path.join(config.home, 'keys/master.key');
  expect(await look()).toMatchObject({
    masterKey: 'file',
    credentials: 2,
    locked: 0,
    words: [expect.stringContaining(`${file}. Copy it`), 'connections: 2'],
  });
  expect(await look('a key of some length')).toMatchObject({ masterKey: 'HEDDLE_MASTER_KEY', locked: 0 });
  rmSync(file);
  expect(await look()).toMatchObject({ masterKey: 'missing', credentials: 2, locked: 2 });
  expect(() => statSync(file)).toThrow('ENOENT');
  // The server goes on: what is locked is listed as such, and its secret can be entered again.
  const restarted = openKeyring({ home: config.home, masterKey: undefined });
  restarted.have();
  expect((await look()).locked).toBe(2);
});

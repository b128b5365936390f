import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findWorkspace } from '../accounts/find-workspace.ts';
import { openPlace } from '../triggers/testing/place.ts';
import type { TestServer } from '../triggers/testing/place.ts';

let place: TestServer;
beforeAll(async () => {
  place = await openPlace();
});
afterAll(() => place[Symbol.asyncDispose]());

const address = '/api/v1/credentials';
const keep = (name: string, length: number, type = 'bearer', field = 'token') =>
  place.call('POST', address, { name, type, fields: { [field]: 'x'.repeat(length) } });
const said = ({ status, json }: Awaited<ReturnType<typeof keep>>) => [status, json.error?.code];

test('the secrets that a workspace sends are bounded together: what looks for them in answers took 300 bytes for each of theirs', async () => {
  expect((await keep('Long', 8_193)).status).toBe(400);
  // Each comes with some letters of JSON: of six at once, three find room.
  for (let n = 0; n < 4; n++) expect((await keep(`Token ${n}`, 8_192)).status).toBe(201);
  const made = await Promise.all(Array.from({ length: 6 }, (_, n) => keep(`More ${n}`, 8_192)));
  expect(made.map(({ status }) => status).toSorted()).toEqual([201, 201, 201, 422, 422, 422]);
  expect(said(made.find(({ status }) => status === 422)!)).toEqual([422, 'connections-full']);
  // What is never sent is not looked for.
  expect((await keep('Signs', 20_000, 'hmac', 'secret')).status).toBe(201);
  const short = await keep('Short', 1_000);
  expect(short.status).toBe(201);
  const change = (length: number) =>
    place.call('PUT', `${address}/${short.json.id}`, { fields: { token: 'y'.repeat(length) } });
  expect(said(await change(8_192))).toEqual([422, 'connections-full']);
  expect((await change(900)).status).toBe(200);
});

test('a workspace that has as many connections as it may gets no other, and may change those that it has', async () => {
  const workspace = await findWorkspace(place.opened.ground.database.app.sql, 'main');
  const owner = postgres(place.opened.ground.database.url, { max: 1 });
  await owner`
    insert into credentials (id, workspace_id, name, type, fields, hosts, key_id, wrapped, sealed, created_by, updated_by)
    select 'cred_' || n, ${workspace}, 'Many ' || n, 'hmac', '{secret}', '{}', 'k', 'w', 's', 'u', 'u' from generate_series(1, 1000) n`;
  await owner.end();
  expect(said(await keep('One more', 8, 'hmac', 'secret'))).toEqual([422, 'connections-full']);
  const hosts = await place.call('PUT', `${address}/cred_1`, { fields: { secret: 'another one' } });
  expect(hosts.status, hosts.text).toBe(200);
});

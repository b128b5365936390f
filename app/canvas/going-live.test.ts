import { expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import { ApiError } from '../api/api-error.ts';
import { publishDraft, turnOn } from './going-live.ts';
import { grantsOf, reachesOf, schedulesOf } from './grants-of.ts';
import { catalogue } from './testing/cards.ts';
import { deskOver } from './testing/desk.ts';

const document = draw('hook:start.webhook -> price:data.set');

test('what was turned on is live, also when the line breaks before its document is read', async () => {
  const { desk, store } = deskOver(document);
  store.setState({ latest: 1 });
  const told: string[] = [];
  const remote = {
    ...desk.remote,
    publish: () => Promise.resolve({ version: 1, triggers: [] }),
    open: () => Promise.reject(new Error('The server did not answer.')),
  };
  await turnOn({ ...desk, remote, say: ({ title }) => void told.push(title) }, 1);
  expect(store.getState().published?.version).toBe(1);
  expect(told).toEqual(['Version 1 is live']);
});

test('what was turned on has its live document, so that changes are told', async () => {
  const { desk, store } = deskOver(document);
  store.setState({ latest: 1 });
  const opened = { id: 'w', revision: 1, document, latest: 1, published: { version: 1, document } };
  const remote = {
    ...desk.remote,
    publish: () => Promise.resolve({ version: 1, triggers: [] }),
    open: () => Promise.resolve(opened),
  };
  await turnOn({ ...desk, remote }, 1);
  expect(store.getState().published?.document).toEqual(document);
});

test('a path that is taken is said where one publishes, with the workflow that has it, and no message lies elsewhere', async () => {
  const { desk, store } = deskOver(document);
  const told: string[] = [];
  const refusal = {
    code: 'path-taken',
    message: 'The path orders belongs to another workflow.',
    mend: 'Choose another path.',
    details: { key: 'hook', path: 'orders', workflow: 'wf_1' },
  };
  const remote = { ...desk.remote, publish: () => Promise.reject(new ApiError(409, refusal)) };
  const looked = store.getState().history.document;
  const outcome = await publishDraft({ ...desk, remote, say: ({ title }) => void told.push(title) }, looked);
  expect(outcome).toEqual({
    message: 'The path orders belongs to another workflow. Choose another path.',
    workflow: 'wf_1',
  });
  expect(told).toEqual([]);
});

test('what publishing opens: the URLs of its starts, and the hosts that it may call', () => {
  const draft = draw('hook:start.webhook -> send:connect.http-request\nask:start.form -> send', {
    hook: { params: { path: 'orders/:id', methods: ['GET', 'POST'] } },
    ask: { params: { path: 'ask' }, settings: { disabled: true } },
    send: { params: { method: 'POST', url: 'https://api.example.com/orders' } },
  });
  const bases = { hooks: 'https://flows.example/hooks/main', forms: 'https://flows.example/forms/main' };
  expect(reachesOf(draft, bases)).toEqual([
    { key: 'hook', methods: 'GET, POST', url: 'https://flows.example/hooks/main/orders/:id' },
  ]);
  expect(grantsOf(draft, undefined, catalogue)).toContain('May call api.example.com.');
  expect(grantsOf(draft, draft, catalogue)).toEqual([]);

  const open = draw('hook:start.webhook -> send:connect.http-request', {
    send: { title: 'Tell the shop', params: { method: 'POST', url: '{{ $json.url }}' } },
  });
  expect(grantsOf(open, undefined, catalogue)).toContain(
    'May call any public host, because “Tell the shop” works the address out while it runs.',
  );
});

test('publishing said at which address a form is, and never when a schedule starts it', () => {
  const draft = draw('often:start.schedule -> a:data.set\noff:start.schedule -> a', {
    often: { title: 'Every morning', params: { rules: [{ unit: 'days', hour: 9 }] } },
    off: { params: { rules: [{ every: '5m' }] }, settings: { disabled: true } },
  });
  const now = Date.parse('2026-11-29T12:00:00Z');
  const told = { key: 'often', title: 'Every morning' };
  // A workflow that names no time zone runs in UTC, whatever the zone of the browser is.
  expect(schedulesOf(draft, catalogue, now)).toEqual([{ ...told, next: 'Mon 30 Nov, 09:00', zone: 'UTC' }]);
  const tokyo = { ...draft, settings: { timezone: 'Asia/Tokyo' } };
  expect(schedulesOf(tokyo, catalogue, now)).toEqual([{ ...told, next: 'Mon 30 Nov, 09:00', zone: 'Asia/Tokyo' }]);
  expect(schedulesOf({ ...draft, settings: { timezone: 'Nowhere/Land' } }, catalogue, now)).toEqual([]);
});

import { expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import { turnOn } from './going-live.ts';
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

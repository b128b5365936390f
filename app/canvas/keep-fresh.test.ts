import { expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import { edit } from './editing.ts';
import { discardChanges } from './going-live.ts';
import { glance, refresh } from './keep-fresh.ts';
import type { OpenedWorkflow } from '../api/remote.ts';
import { layOver } from './saving.ts';
import { deskOver } from './testing/desk.ts';

const ours = draw('hook:start.webhook -> price:data.set');
const theirs = draw('hook:start.webhook -> price:data.set -> reply:control.respond');

function tabOver(opened: OpenedWorkflow, meanwhile = () => {}) {
  const { desk, store } = deskOver(ours);
  const remote = { ...desk.remote, open: () => (meanwhile(), Promise.resolve(opened)) };
  return { store, come: () => refresh({ store, remote, layOver: (told) => layOver(store, told, () => {}) }) };
}

test('what another tab turned off is off here too, when somebody comes back to this one', async () => {
  const { store, come } = tabOver({ id: 'w', revision: 1, document: ours, latest: 1 });
  store.setState({ published: { version: 1, document: ours }, latest: 1 });
  await come();
  expect(store.getState().published).toBeUndefined();
  expect(store.getState().latest).toBe(1);
});

test('what another tab published is live here too', async () => {
  const { store, come } = tabOver({ id: 'w', revision: 1, document: ours, latest: 2, published: { version: 2 } });
  await come();
  expect(store.getState().published?.version).toBe(2);
});

test('what another tab changed is on the canvas, and can be worked on', async () => {
  const { store, come } = tabOver({ id: 'w', revision: 4, document: theirs });
  await come();
  expect(store.getState().history.document.nodes).toHaveLength(3);
  expect(store.getState().draft.revision).toBe(4);
});

test('what is written here and not stored yet is left alone: saving merges it', async () => {
  const { store, come } = tabOver({ id: 'w', revision: 4, document: theirs });
  edit(store, { do: 'set-name', name: 'Mine' }, 'Rename the workflow');
  await come();
  expect(store.getState().history.document.name).toBe('Mine');
  expect(store.getState().draft.revision).toBe(1);
});

test('a live document that could not be read is read when somebody comes back, so that changes are told', async () => {
  const { store, come } = tabOver({
    id: 'w',
    revision: 1,
    document: ours,
    latest: 1,
    published: { version: 1, document: ours },
  });
  store.setState({ published: { version: 1, document: undefined }, latest: 1 });
  await come();
  expect(store.getState().published?.document).toEqual(ours);
});

test('titles that another tab published with the same version are live here too', async () => {
  const titled = draw('hook:start.webhook -> price:data.set', { price: { title: 'Prices' } });
  const { store, come } = tabOver({
    id: 'w',
    revision: 1,
    document: ours,
    latest: 1,
    published: { version: 1, document: titled },
  });
  store.setState({ published: { version: 1, document: ours }, latest: 1 });
  await come();
  expect(store.getState().published?.document).toEqual(titled);
  // A document that could not be read just now is not forgotten.
  const { store: other, come: again } = tabOver({
    id: 'w',
    revision: 1,
    document: ours,
    latest: 1,
    published: { version: 1, document: undefined },
  });
  other.setState({ published: { version: 1, document: titled }, latest: 1 });
  await again();
  expect(other.getState().published?.document).toEqual(titled);
});

test('two windows side by side: one went on saying that version 1 is live after the other had published, and Discard went back to it', async () => {
  const opened = { id: 'w', revision: 1, document: ours, latest: 3, published: { version: 3, document: theirs } };
  const { desk, store } = deskOver(ours);
  const asked: string[] = [];
  const stands = { revision: 1, published: 1 };
  const remote = {
    ...desk.remote,
    open: () => (asked.push('open'), Promise.resolve(opened)),
    standing: () => Promise.resolve({ ...stands }),
  };
  const at = { ...desk, remote };
  store.setState({ published: { version: 1, document: ours }, latest: 1 });
  await glance(at);
  expect(asked).toEqual([]);
  stands.published = 3;
  await glance(at);
  expect(asked).toEqual(['open']);
  expect(store.getState().published?.version).toBe(3);
  // Pressed before it was asked again.
  store.setState({ published: { version: 1, document: ours }, latest: 1 });
  await discardChanges(at);
  expect(store.getState().history.document.nodes).toHaveLength(3);
});

test('a change that somebody else stored is on the canvas soon; what is written here meanwhile waits for its own saving', async () => {
  const { desk, store } = deskOver(ours);
  const remote = {
    ...desk.remote,
    open: () => Promise.resolve({ id: 'w', revision: 4, document: theirs }),
    standing: () => Promise.resolve({ revision: 4, published: null }),
  };
  const at = { ...desk, remote, layOver: (told: Parameters<typeof desk.layOver>[0]) => layOver(store, told, () => {}) };
  edit(store, { do: 'set-name', name: 'Mine' }, 'Rename the workflow');
  await glance(at);
  expect(store.getState().draft.revision).toBe(1);
  const quiet = deskOver(ours);
  await glance({ ...at, store: quiet.store, layOver: (told) => layOver(quiet.store, told, () => {}) });
  expect(quiet.store.getState().history.document.nodes).toHaveLength(3);
});

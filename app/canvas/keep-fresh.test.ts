import { expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import { edit } from './editing.ts';
import { refresh } from './keep-fresh.ts';
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

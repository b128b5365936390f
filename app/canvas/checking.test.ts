import { expect, test, vi } from 'vitest';
import { check } from '../../flow/check/check.ts';
import { draw } from '../../flow/testing/draw.ts';
import { keepChecked } from './checking.ts';
import { openEditor } from './editor-state.ts';
import { known } from './testing/cards.ts';

test('a credential that is not there is an Issue as soon as the names are known, and none before', async () => {
  const auth = { kind: 'header', credential: 'Shop' };
  const document = draw('hook:start.webhook', { hook: { params: { path: 'orders', auth } } });
  const store = openEditor({ id: 'w', document, revision: 1, published: undefined, issues: [] }, known);
  const looks: (() => void)[] = [];
  const idle = (work: () => void) => {
    looks.push(work);
    return () => void looks.splice(looks.indexOf(work), 1);
  };
  const stop = keepChecked(store, idle, () => Promise.resolve(check));
  const look = async () => {
    looks.splice(0).forEach((work) => work());
    await vi.waitFor(() => expect(store.getState().issues).not.toBe(issues));
    issues = store.getState().issues;
    return issues.filter(({ code }) => code === 'credential-missing').map(({ where }) => where);
  };
  let { issues } = store.getState();
  expect(await look()).toEqual([]);
  store.setState({ credentials: [{ name: 'Stock', type: 'bearer' }] });
  expect(await look()).toEqual([{ node: 'hook', param: 'auth.credential' }]);
  store.setState({ credentials: [{ name: 'Shop', type: 'bearer' }] });
  expect(await look()).toEqual([]);
  store.setState({ said: 'something else' });
  expect(looks).toEqual([]);
  stop();
});

test('nothing is loaded for an empty canvas, whatever becomes known meanwhile', () => {
  const document = { heddle: 1 as const, name: 'New', nodes: [], edges: [] };
  const store = openEditor({ id: 'w', document, revision: 1, published: undefined, issues: [] }, known);
  const looks: (() => void)[] = [];
  const idle = (work: () => void) => {
    looks.push(work);
    return () => undefined;
  };
  keepChecked(store, idle, () => Promise.reject(new Error('It was loaded.')));
  store.setState({ credentials: [] });
  expect(looks).toEqual([]);
});

test('a call that begins the workflow itself again is a warning at its node, once it is known what the others call', async () => {
  const calling = { type: 'control.call', params: { workflow: 'w_ship' } };
  const document = draw('in:start.called -> ship:control.call', { ship: calling });
  const store = openEditor({ id: 'w', document, revision: 1, published: undefined, issues: [] }, known);
  const stop = keepChecked(
    store,
    (work) => {
      const timer = setTimeout(work);
      return () => clearTimeout(timer);
    },
    () => Promise.resolve(check),
  );
  const told = () => store.getState().issues.filter(({ code }) => code === 'endless-recursion');
  const ship = (always: boolean) => ({
    id: 'w_ship',
    name: 'Ship',
    isPublished: true,
    calls: [{ node: 'n', workflow: 'w', always }],
  });
  store.setState({ workflows: [ship(true), { id: 'w', name: 'Drawing', isPublished: true, calls: [] }] });
  await vi.waitFor(() => expect(told()).toHaveLength(1));
  expect(told()[0]).toMatchObject({
    level: 'warning',
    where: { node: 'ship', param: 'workflow' },
    message: expect.stringContaining('which runs “Ship”, which runs this workflow again'),
  });
  store.setState({ workflows: [ship(false)] });
  await vi.waitFor(() => expect(told()).toEqual([]));
  stop();
});

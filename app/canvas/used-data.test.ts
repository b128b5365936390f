import { describe, expect, test, vi } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { samplesFor } from '../inspector/samples.ts';
import { stepOf } from '../inspector/testing/steps.ts';
import { select } from './editing.ts';
import { keepHearing } from './listening.ts';
import { pinBeyondRun } from './pinning.ts';
import { deskOver } from './testing/desk.ts';
import { nodesOfUsedRun, usedDataOf, usedWords, withPinsThatCount } from './used-data.ts';

const pin = [{ total: 250 }];
const ran = [{ total: '250' }];
const drawing: Workflow = {
  ...draw('hook:start.webhook -> price:data.set -> tell:connect.http-request\nagain:start.webhook -> price'),
  pins: { hook: pin },
};
const steps = [
  stepOf('hook', { output: { out: ran } }),
  stepOf('price', { output: { out: ran } }),
  stepOf('tell', { status: 'failed' }),
];

/** An editor with the data of a run that began at `hook` and failed at `tell`. */
function loaded(document = drawing) {
  const { desk, store, run } = deskOver(document);
  store.setState({
    shown: { id: 'run_03vmcg', run: undefined, steps, document },
    usedRun: 'run_03vmcg',
    usedData: usedDataOf({ start: 'hook' }, steps),
  });
  const items = () => {
    const { history, catalogue } = store.getState();
    const counting = withPinsThatCount(history.document, nodesOfUsedRun(store.getState()));
    return samplesFor(counting, catalogue, steps, 'price', { workflow: { id: 'w', name: 'W' }, now: 0 }).items;
  };
  return { desk, store, run, items, words: () => usedWords(store.getState()) };
}

describe('the bar said “Using data of run”, and the results were of a pin', () => {
  test('what the run had is what fields are tried with and what the panel shows; let go, it is the pin again', async () => {
    const { store, run, items, words } = loaded();
    expect([items(), pinBeyondRun(store.getState(), 'hook')]).toEqual([ran, undefined]);
    expect(words()).toBe('Using data of run 03vmcg');
    await run('run.clear-data');
    expect([items(), pinBeyondRun(store.getState(), 'hook')]).toEqual([pin, pin]);
  });

  test('a pin of a node that the run has nothing of counts, and the bar says so', () => {
    const { store, words } = loaded({ ...drawing, pins: { hook: pin, price: pin, tell: pin } });
    expect(pinBeyondRun(store.getState(), 'tell')).toEqual(pin);
    expect(words()).toBe('Using data of run 03vmcg, and 1 pin where it has none');
  });

  test('from another trigger the run is not used: the bar says so, and pins count', () => {
    const { store, items, words } = loaded();
    select(store, { nodes: new Set(['again']) });
    expect(words()).toBe('Data of run 03vmcg is not used from this trigger');
    expect(items()).toEqual(pin);
  });

  test('a test call that was listened for is what is tried with: the run is let go', async () => {
    vi.stubGlobal('addEventListener', () => {});
    const { desk, store, items } = loaded();
    const asked: (() => void)[] = [];
    const said: unknown[] = [];
    const heard = () => Promise.resolve({ state: 'heard', call: { total: 9 } } as never);
    Object.assign(desk, {
      later: (work: () => void) => (asked.push(work), () => {}),
      say: (toast: unknown) => void said.push(toast),
      remote: { heard },
    });
    keepHearing(desk);
    store.setState({ listening: { key: 'hook', id: 'l', url: '', method: 'POST', until: 0, runs: false } as never });
    asked.at(-1)?.();
    await vi.waitFor(() => expect(said).toHaveLength(1));
    expect([store.getState().usedRun, items()]).toEqual([undefined, [{ total: 9 }]]);
    expect(JSON.stringify(said)).toContain('Data of run 03vmcg is not used any more.');
    vi.unstubAllGlobals();
  });

  test('a node of a loop leaves nothing that could stand in for its pin', () => {
    const turns = [stepOf('price', { path: '/each:0', output: { out: ran } })];
    expect([...usedDataOf({ start: 'hook' }, turns).nodes]).toEqual(['hook']);
  });
});

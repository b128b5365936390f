import { describe, expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import { pinBeyondRun, shownOutput } from './pinning.ts';
import { chooseTurn } from './shown-step.ts';
import type { RunStep } from '../api/run-shapes.ts';
import { deskOver } from './testing/desk.ts';

const drawing = draw('hook:start.webhook -> price:data.set');
const gave = [{ json: { price: 3 } }] as never;
const wrote = [{ json: { price: 4 } }] as never;

/** What the data panel shows of a pin, over a run in which the node gave `gave`, or without one. */
function shown(pin: never | undefined, isRun: boolean) {
  const { store } = deskOver(pin === undefined ? drawing : { ...drawing, pins: { price: pin } });
  const step: RunStep = {
    id: 's',
    key: 'price',
    type: 'data.set',
    path: '',
    attempt: 1,
    status: 'finished',
    startedAt: 0,
    finishedAt: 0,
    input: {},
    output: { out: gave },
    logs: [],
  };
  if (isRun) store.setState({ shown: { id: 'run_1', run: undefined, steps: [step], document: drawing } });
  return pinBeyondRun(store.getState(), 'price');
}

describe('what is pinned is what one sees', () => {
  test('without a run it is the pin', () => expect(shown(wrote, false)).toEqual(wrote));
  test('written after the run it is the pin, and no old output under the word “Pinned”', () =>
    expect(shown(wrote, true)).toEqual(wrote));
  test('pinned from the run it is the run, which has more to tell', () => expect(shown(gave, true)).toBeUndefined());
  test('nothing pinned is nothing', () => expect(shown(undefined, false)).toBeUndefined());
});

test('what is pinned of a node in a loop is the iteration that is looked at: the step that sums them up gave nothing, and nothing was pinned', () => {
  const { store } = deskOver(
    draw('go:start.manual -> each:control.loop.in\neach.each -> price:data.set\nprice -> each.next'),
  );
  const one = (path: string, more: object): RunStep => ({
    id: `price${path}`,
    key: 'price',
    type: 'data.set',
    path,
    attempt: 1,
    status: 'finished',
    startedAt: 0,
    finishedAt: 0,
    input: {},
    output: {},
    logs: [],
    ...more,
  });
  const steps = [
    ...[2, 4, 6].map((double, turn) => one(`/each:${turn}`, { output: { out: [{ double }] } })),
    one('', { turns: [0, 1, 2].map((turn) => ({ at: `/each:${turn}`, in: 1, out: { out: 1 } })) }),
  ];
  store.setState({ shown: { id: 'run_1', run: undefined, steps, document: store.getState().history.document } });
  const given = () => shownOutput(store.getState(), 'price');
  expect(given()).toEqual([{ double: 6 }]);
  store.setState(chooseTurn(store.getState(), 'price', '/each:0'));
  expect(given()).toEqual([{ double: 2 }]);
  // Another node, or another run, has iterations of its own.
  store.setState({ shown: { ...store.getState().shown!, id: 'run_2' } });
  expect(given()).toEqual([{ double: 6 }]);
});

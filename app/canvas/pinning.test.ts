import { describe, expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import { pinBeyondRun } from './pinning.ts';
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

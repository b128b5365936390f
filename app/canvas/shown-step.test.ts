import { expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import { cameAfter, shownStep } from './shown-step.ts';
import type { RunStep as Step } from '../api/run-shapes.ts';
import { stepOf } from '../inspector/testing/steps.ts';

const step = (path: string, output: Step['output'] = { out: [{ path }] }) => stepOf('mark', { path, output });
const sum: Step = { ...step('', {}), turns: [{ in: 1, out: { out: 1 }, at: '/each:0' }] };
const rounds = [step('/each:0'), step('/each:1'), step('/each:2')];

test('after a loop the last iteration of a node is shown, and the others can be gone to', () => {
  expect(shownStep([...rounds, sum], undefined)).toEqual({ step: rounds[2], turns: rounds });
  expect(shownStep([...rounds, sum], '/each:0').step).toBe(rounds[0]);
});

test('of an iteration that was tried again the last attempt counts', () => {
  const again = { ...step('/each:1'), attempt: 2 };
  expect(shownStep([...rounds, again], '/each:1')).toEqual({ step: again, turns: [rounds[0], again, rounds[2]] });
});

test('a loop as a whole, and a node outside of loops, have no iterations to go through', () => {
  const loop: Step = { ...sum, output: { done: [{ n: 1 }] } };
  expect(shownStep([...rounds, loop], undefined)).toEqual({ step: loop, turns: [] });
  expect(shownStep([step('')], undefined).turns).toEqual([]);
  expect(shownStep([], undefined)).toEqual({ step: undefined, turns: [] });
});

test('a node that was added after the run was said to have got no items in it, and not to have run in it', () => {
  const document = draw('start:start.manual -> mark');
  const shown = { id: 'run_1', run: undefined, steps: [], document };
  expect(cameAfter('later', shown)).toBe(true);
  expect(cameAfter('mark', shown)).toBe(false);
  expect(cameAfter('later', undefined)).toBe(false);
});

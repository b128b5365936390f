import { expect, test } from 'vitest';
import { offer, offered, offerTo } from './registry.ts';

const nothing = () => {};
const titles = () => offered().map(({ title }) => title);

test('a viewer is offered what only looks; when an owner gives them a role that may more, so is the rest', () => {
  const takeBack = offer([
    { id: 'a.look', title: 'Look', run: nothing },
    { id: 'a.retry', title: 'Retry', needs: 'operator', run: nothing },
    { id: 'a.draw', title: 'Draw', needs: 'editor', run: nothing },
  ]);
  expect(titles(), 'while nobody knows the role').toEqual(['Look', 'Retry', 'Draw']);
  offerTo('viewer');
  expect(titles()).toEqual(['Look']);
  offerTo('operator');
  expect(titles()).toEqual(['Look', 'Retry']);
  offerTo('owner');
  expect(titles()).toEqual(['Look', 'Retry', 'Draw']);
  offerTo(undefined);
  takeBack();
});

import { expect, test } from 'vitest';
import { whyNot } from './workflow-field.tsx';

const starts = (...types: string[]) => types.map((type) => ({ key: type, type }));

test.each([
  ['its one start', 1, starts('start.webhook'), undefined],
  ['its When called among others', 1, starts('start.webhook', 'start.called'), undefined],
  ['what is not known yet', 1, [], undefined],
  ['one of several', 1, starts('start.webhook', 'start.form'), 'several starts, none of them When called'],
  ['a draft', null, starts('start.called'), 'not published'],
])('a call that would begin at %s: %s', (_, published, triggers, why) => {
  expect(whyNot({ published, triggers })).toBe(why);
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { follow, stepsOf } from './people/reader.ts';
import { expect, test } from './people/test.ts';

const readme = readFileSync(path.resolve(import.meta.dirname, '../README.md'), 'utf8');
const steps = stepsOf(readme, 'Your first workflow in five minutes');

test('“Your first workflow in five minutes” in README.md leads there, word for word', async ({
  newHeddle,
  page,
  ines,
}) => {
  expect(steps.length).toBeGreaterThan(5);
  for (const step of steps) await test.step(step, () => follow(page, step, newHeddle.url));
  expect(ines.troubles()).toEqual([]);
});

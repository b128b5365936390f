import { expect, test } from 'vitest';
import * as z from 'zod';
import { anyFact, nodeRecord, portOutput } from './fact.ts';
import { factKinds } from './kinds.ts';

/** Lists of items, wherever they are named. */
const items = portOutput.options[0].shape.items;

/** Whether a value of this shape may hold what nodes delivered. */
function holdsItems(shape: unknown): boolean {
  if (shape === items || shape === nodeRecord || shape === portOutput) return true;
  if (shape instanceof z.ZodOptional) return holdsItems(shape.unwrap());
  if (shape instanceof z.ZodArray) return holdsItems(shape.element);
  if (shape instanceof z.ZodRecord) return holdsItems(shape.valueType);
  return shape instanceof z.ZodObject && Object.values(shape.shape).some(holdsItems);
}

test('whatever holds what nodes delivered leaves the row when it is large, in every kind of fact', () => {
  const found = anyFact.options.flatMap(({ shape }) => {
    const { large } = factKinds[shape.type.value];
    return Object.entries(shape.data.shape).flatMap(([field, one]) =>
      holdsItems(one) ? [`${shape.type.value} ${field}: ${Object.hasOwn(large, field)}`] : [],
    );
  });
  expect(found.length).toBeGreaterThanOrEqual(8);
  expect(found.filter((one) => one.endsWith('false'))).toEqual([]);
});

test('a fact with very many items is read without going over them, and what is no list is refused', () => {
  let looks = 0;
  const many = new Proxy([1, 2, 3], { get: (list, name) => ((looks += 1), Reflect.get(list, name)) });
  const fact = { type: 'run.finished', at: 1, data: { output: many } };
  expect(anyFact.parse(fact)).toMatchObject({ data: { output: [1, 2, 3] } });
  looks = 0;
  anyFact.parse(fact);
  expect(looks).toBeLessThan(3);
  expect(() => anyFact.parse({ ...fact, data: { output: { length: 3 } } })).toThrow('Expected a list');
});

test.each([
  [[0, [1, 2], []], true],
  [[0, 1.5], false],
  [[['a']], false],
  [{}, false],
])('lineage %j: %s', (from, isRead) => {
  expect(portOutput.safeParse({ items: [1], from }).success).toBe(isRead);
});

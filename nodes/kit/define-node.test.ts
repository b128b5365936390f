import { expect, test } from 'vitest';
import * as z from 'zod';
import { defineNode, deliver } from './define-node.ts';

// These are checked by the compiler: a line that stops being an error makes `npm run check` fail.
const shape = {
  version: 1,
  title: 'T',
  icon: 'i',
  summary: 's',
  params: z.object({ a: z.string() }),
  inputs: { in: {} },
  examples: [],
} as const;
const twoPorts = { true: {}, false: {} } as const;

test('the kit refuses by type what a node may not do', () => {
  const nodes = [
    defineNode({
      ...shape,
      type: 'test.pure-with-power',
      outputs: { out: {} },
      // @ts-expect-error a pure node may have no power that leaves the process
      effect: 'pure',
      needs: ['http'],
      each: ({ item }) => item,
    }),
    defineNode({
      ...shape,
      type: 'test.wrong-port',
      outputs: twoPorts,
      effect: 'pure',
      // @ts-expect-error there is no port `maybe`
      each: ({ item }) => deliver({ true: [item], maybe: [item] }),
    }),
    defineNode({
      ...shape,
      type: 'test.ungranted',
      outputs: { out: {} },
      effect: 'pure',
      // @ts-expect-error http was not asked for
      each: ({ item, http }) => [item, http],
    }),
    defineNode({
      ...shape,
      type: 'test.ill-typed-example',
      outputs: { out: {} },
      effect: 'pure',
      each: ({ item }) => item,
      // @ts-expect-error `a` is a string
      examples: [{ name: 'wrong', params: { a: 1 }, given: { in: [1] }, gives: { out: [1] } }],
    }),
    // @ts-expect-error exactly one of each, all, turn
    defineNode({ ...shape, type: 'test.two-ways', outputs: { out: {} }, effect: 'pure', each: () => 1, all: () => [] }),
  ];
  expect(nodes.map((node) => node.type)).toHaveLength(5);
});

test('deliver keeps what leaves by which port', () => {
  expect(Object.getOwnPropertySymbols(deliver({ true: [1] }))).toHaveLength(1);
});

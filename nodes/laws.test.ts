import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isObject } from '../flow/document/json.ts';
import { faults } from '../flow/facts/faults.ts';
import { allNodes } from './all.ts';
import type { AnyNode } from './kit/define-node.ts';
import { exampleBatch } from './kit/examples.ts';
import { fakeWorld } from './kit/fakes.ts';
import { Failed } from './kit/fault-record.ts';
import { prepare } from './kit/perform.ts';
import type { NodeOutcome } from './kit/perform.ts';

/**
 * The laws that every pure node keeps, whatever comes in. What a node promises beyond them is in the laws beside it:
 * nodes/data/laws.test.ts, nodes/rules/laws.test.ts, nodes/control/merge-items.test.ts, …
 */
const pure = allNodes.filter(
  (node) => node.effect === 'pure' && !node.needs?.length && !node.turn && node.role !== 'start',
);

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(null, true, false, 0, -1, 2.5, 1e21, '', 'a', 'Å', '🎈', '__proto__', '2026-01-15', '12'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('id', 'n', 'name', 'a', 'b', 'total', 'items', 'constructor'), tie('value'), {
      maxKeys: 4,
    }),
  ),
})).value;
const items = fc.array(json, { maxLength: 8 });

/** Carries the node out; a fault is an outcome too, but only one that the catalogue knows. */
function play(node: AnyNode, params: Record<string, unknown>, given: readonly unknown[]): NodeOutcome | string {
  const ports = Object.keys(exampleBatch(node, params, { given: {} }).inputs);
  const batch = exampleBatch(node, params, { given: Object.fromEntries(ports.map((port) => [port, given])) });
  try {
    const outcome = prepare(node, params).batch(batch, fakeWorld({}).powers);
    if (outcome instanceof Promise) throw new Error('A pure node without powers has nothing to wait for.');
    return outcome;
  } catch (error) {
    if (error instanceof Failed && error.record.code in faults && error.record.code !== 'node.failed')
      return error.record.code;
    throw error;
  }
}

const paramsOf = (node: AnyNode): Record<string, unknown>[] =>
  node.examples.map(({ params }) => (isObject(params) ? { ...params } : {}));

describe.each(pure.map((node) => [node.type, node] as const))('%s', (_, node) => {
  const input = fc.tuple(fc.constantFrom(...paramsOf(node)), items);

  test('gives the same for the same, changes nothing that came in, and fails only in ways it can name', () => {
    fc.assert(
      fc.property(input, ([params, given]) => {
        const before = structuredClone(given);
        const outcome = play(node, params, given);
        expect(given).toEqual(before);
        expect(play(node, params, before)).toEqual(outcome);
      }),
      { numRuns: 200 },
    );
  });

  test('delivers JSON, and lineage that points at items that came in', () => {
    fc.assert(
      fc.property(input, ([params, given]) => {
        const outcome = play(node, params, given);
        for (const port of typeof outcome === 'string' ? [] : Object.values(outcome.out)) {
          expect(JSON.parse(JSON.stringify(port.items))).toEqual(
            port.items.map((item) => (Object.is(item, -0) ? 0 : item)),
          );
          const parents = port.pick === 'all' ? [] : (port.pick ?? port.from ?? []).flat();
          expect(parents.every((index) => index >= 0 && index < given.length * 20)).toBe(true);
          expect(port.from?.length ?? port.items.length).toBe(port.items.length);
        }
      }),
      { numRuns: 200 },
    );
  });
});

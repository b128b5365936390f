import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { delivery } from '../kit/define-node.ts';
import type { AnyCall, AnyNode } from '../kit/define-node.ts';
import { filter } from './filter.ts';
import { If } from './if.ts';
import { Switch } from './switch.ts';

const runs = { numRuns: 200 };
const items = fc.array(
  fc.record({ n: fc.option(fc.integer({ min: -5, max: 5 })), s: fc.constantFrom('', 'a', 'A', 'ä') }),
  { maxLength: 20 },
);
const comparison = fc.oneof(
  fc.record({
    field: fc.constant('n'),
    op: fc.constantFrom('gt', 'lte', 'equals', 'not-equals', 'exists'),
    right: fc.integer({ min: -5, max: 5 }),
  }),
  fc.record({
    field: fc.constant('s'),
    op: fc.constantFrom('equals', 'contains', 'starts-with', 'empty', 'matches'),
    right: fc.constantFrom('a', 'ä'),
  }),
);
const group = fc.record({ join: fc.constantFrom('all', 'any'), list: fc.array(comparison, { maxLength: 3 }) });

type Item = { n: number | null; s: string };
type Group = { join: string; list: readonly { field: string; op: string; right: unknown }[] };

const whereOf = (made: Group, item: Item): object => ({
  [made.join]: made.list.map(({ field, op, right }) => ({ left: item[field as keyof Item], op, right })),
});

/** Carries a pure node out over each item as the kit would, with the params already worked out for that item. */
function carryOut(node: AnyNode, list: readonly Item[], paramsOf: (item: Item) => object): Record<string, unknown[]> {
  const out: Record<string, unknown[]> = {};
  for (const item of list) {
    const params = node.params.parse(paramsOf(item)) as AnyCall['params'];
    const made = node.each?.({ item, params, zone: 'utc' } as AnyCall) as { [delivery]: Record<string, unknown[]> };
    for (const [port, values] of Object.entries(made[delivery])) (out[port] ??= []).push(...values);
  }
  return out;
}

/** Both lists hold the very same objects, in the order of the items. */
function expectParted(list: readonly Item[], parts: readonly (readonly unknown[] | undefined)[]): void {
  const all = new Set(parts.flatMap((part) => part ?? []));
  expect(all.size).toBe(list.length);
  expect(parts.reduce((sum, part) => sum + (part?.length ?? 0), 0)).toBe(list.length);
  for (const part of parts) expect(part ?? []).toEqual(list.filter((item) => part?.includes(item)));
}

describe('rules', () => {
  test('if: true and false are all of the items, each the very one that came in, in order', () => {
    fc.assert(
      fc.property(items, group, (list, made) => {
        const out = carryOut(If, list, (item) => ({ where: whereOf(made, item) }));
        expectParted(list, [out['true'], out['false']]);
      }),
      runs,
    );
  });

  test('filter: kept and dropped are all of the items, and what was kept is kept again', () => {
    fc.assert(
      fc.property(items, group, (list, made) => {
        const out = carryOut(filter, list, (item) => ({ where: whereOf(made, item) }));
        expectParted(list, [out['kept'], out['dropped']]);
        const again = carryOut(filter, (out['kept'] ?? []) as Item[], (item) => ({ where: whereOf(made, item) }));
        expect(again).toEqual(out['kept'] ? { kept: out['kept'] } : {});
      }),
      runs,
    );
  });

  test('switch: with the first rule that holds each item leaves once; with all, by every rule that if would call true', () => {
    fc.assert(
      fc.property(items, fc.array(group, { minLength: 1, maxLength: 4 }), (list, groups) => {
        const rules = (item: Item) => groups.map((made, at) => ({ id: `r${at}`, where: whereOf(made, item) }));
        const first = carryOut(Switch, list, (item) => ({ rules: rules(item) }));
        expectParted(list, [...groups.map((_, at) => first[`r${at}`]), first['fallback']]);
        const all = carryOut(Switch, list, (item) => ({ rules: rules(item), pick: 'all', fallback: false }));
        groups.forEach((made, at) => {
          expect(all[`r${at}`]).toEqual(carryOut(If, list, (item) => ({ where: whereOf(made, item) }))['true']);
        });
      }),
      runs,
    );
  });

  test('switch: a rule may not take the name of another port', () => {
    for (const id of ['fallback', 'error', '__proto__', 'a.b', '']) {
      expect(Switch.params.safeParse({ rules: [{ id }] }).success).toBe(false);
    }
  });
});

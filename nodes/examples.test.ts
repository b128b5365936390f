import { Validator } from '@cfworker/json-schema';
import dynamicIconImports from 'lucide-react/dynamicIconImports.mjs';
import { describe, expect, test } from 'vitest';
import { compileTemplate } from '../flow/expression/compile.ts';
import { nodeCard } from '../flow/document/card.ts';
import { faults } from '../flow/facts/faults.ts';
import { allNodes, catalogue, definitionOf } from './all.ts';
import { cardOf } from './kit/card.ts';
import { playExample, promised } from './kit/examples.ts';
import type { AnyExample } from './kit/examples.ts';

/** The fault that an example promises, if it promises one. */
const faultOf = ({ gives }: AnyExample): string | undefined =>
  'fault' in gives && typeof gives.fault === 'string' ? gives.fault : undefined;

describe.each(allNodes.map((node) => [node.type, node] as const))('%s', (type, node) => {
  test.each(node.examples.map((example) => [example.name, example] as const))(
    'does as its example says: %s',
    async (_, example) => {
      const played = await playExample(node, example);
      // The reason is on both sides: it is shown when they differ, and never decides.
      const why = played.fault?.message;
      expect({ gives: played.gives, why }).toEqual({ gives: promised(example), why });
    },
  );

  test('has a card that a person can find it by', () => {
    const card = nodeCard.parse(JSON.parse(JSON.stringify(cardOf(node))));
    expect(card.examples.length).toBeGreaterThanOrEqual(3);
    expect(card.summary).toMatch(/^[A-Z].*\.$/);
    expect(card.title).not.toBe('');
    expect(Object.keys(dynamicIconImports)).toContain(card.icon);
    expect(type).toMatch(/^[a-z]+\.[a-z]+(-[a-z]+)*$/);
    const hasParams = Object.keys(node.params.shape).length > 0;
    expect(card.line !== undefined || !hasParams).toBe(true);
    compileTemplate(card.line ?? '');
    for (const check of card.checks) expect(Object.keys(node.params.shape)).toContain(check.param);
  });

  test('accepts its examples as stored params, and a template in place of any open field', () => {
    const validator = new Validator(cardOf(node).params, '2020-12');
    for (const example of node.examples) {
      const { name, params } = example;
      if (faultOf(example) !== undefined) continue;
      const result = validator.validate(JSON.parse(JSON.stringify(params)));
      expect({ name, errors: result.errors }).toEqual({ name, errors: [] });
    }
    expect(validator.validate(7).valid).toBe(false);
  });

  test('names only faults of the catalogue in its examples', () => {
    const codes = node.examples.flatMap((example) => faultOf(example) ?? []);
    for (const code of codes) expect(Object.keys(faults)).toContain(code);
  });
});

test('every type is there once a version, and is found by type with and without it', () => {
  const names = allNodes.map(({ type, version }) => `${type}@${version}`);
  expect(new Set(names).size).toBe(names.length);
  expect(catalogue('control.merge')?.family).toBe('flow');
  expect(definitionOf('data.set', 1)?.type).toBe('data.set');
  expect(definitionOf('data.set', 99)).toBeUndefined();
  expect(catalogue('no.such')).toBeUndefined();
});

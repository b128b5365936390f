import { Validator } from '@cfworker/json-schema';
import { describe, expect, test } from 'vitest';
import { compileTemplate } from '../flow/expression/compile.ts';
import { isObject } from '../flow/document/json.ts';
import { nodeCard } from '../flow/document/card.ts';
import { faults } from '../flow/run/faults.ts';
import { allNodes, catalogue, definitionOf } from './all.ts';
import { cardOf } from './kit/card.ts';
import { playExample, promised } from './kit/examples.ts';

const metaSchema = { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object' };

describe.each(allNodes.map((node) => [node.type, node] as const))('%s', (type, node) => {
  test.each(node.examples.map((example) => [example.name, example] as const))(
    'does as its example says: %s',
    async (_, example) => {
      const played = await playExample(node, example);
      expect({ gives: played.gives, why: played.fault?.message }).toEqual({
        gives: promised(example),
        why: isObject(example.gives) && 'fault' in example.gives ? expect.any(String) : undefined,
      });
    },
  );

  test('has a card that a person can find it by', () => {
    const card = nodeCard.parse(JSON.parse(JSON.stringify(cardOf(node))));
    expect(card.examples.length).toBeGreaterThanOrEqual(3);
    expect(card.summary).toMatch(/^[A-Z].*\.$/);
    expect(card.title).not.toBe('');
    expect(card.icon).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(type).toMatch(/^[a-z]+\.[a-z]+(-[a-z]+)*$/);
    const hasParams = Object.keys(node.params.shape).length > 0;
    expect(card.line !== undefined || !hasParams).toBe(true);
    compileTemplate(card.line ?? '');
    for (const check of card.checks) expect(Object.keys(node.params.shape)).toContain(check.param);
  });

  test('accepts its examples as stored params, and a template in place of any open field', () => {
    const schema = { ...metaSchema, ...cardOf(node).params };
    const validator = new Validator(schema, '2020-12');
    for (const { name, params, gives } of node.examples) {
      if (isObject(gives) && 'fault' in gives) continue;
      const result = validator.validate(JSON.parse(JSON.stringify(params)));
      expect({ name, errors: result.errors }).toEqual({ name, errors: [] });
    }
    expect(validator.validate(7).valid).toBe(false);
  });

  test('names only faults of the catalogue in its examples', () => {
    const codes = node.examples.flatMap(({ gives }) =>
      isObject(gives) && typeof gives['fault'] === 'string' ? [gives['fault']] : [],
    );
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

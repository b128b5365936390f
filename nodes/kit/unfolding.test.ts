import { describe, expect, test } from 'vitest';
import { misfits } from '../../flow/check/params/schema.ts';
import { isObject } from '../../flow/document/json.ts';
import { allNodes } from '../all.ts';
import { cardOf } from './card.ts';

type Schema = Readonly<Record<string, unknown>>;

interface Found {
  readonly name: string;
  readonly schema: Schema;
  readonly siblings: Schema;
  readonly required: boolean;
}

/** Every field of a schema at any depth, with the fields beside it. */
function fieldsIn(schema: unknown): Found[] {
  if (!isObject(schema)) return [];
  const siblings = isObject(schema['properties']) ? schema['properties'] : {};
  const required: unknown[] = Array.isArray(schema['required']) ? schema['required'] : [];
  const own = Object.entries(siblings).map(([name, inner]): Found => ({
    name,
    schema: isObject(inner) ? inner : {},
    siblings,
    required: required.includes(name),
  }));
  const branches = [schema['items'], ...Object.values(siblings), schema['anyOf'], schema['oneOf']].flat();
  return [...own, ...branches.flatMap(fieldsIn)];
}

describe.each(allNodes.map((node) => [node.type, cardOf(node)] as const))('the form of %s', (_, card) => {
  const fields = fieldsIn(card.params);

  test('shows a field by fields that are there, and by values that they may have', () => {
    for (const { name, schema, siblings } of fields) {
      if (!isObject(schema['show'])) continue;
      for (const [other, words] of Object.entries(schema['show'])) {
        expect(Object.keys(siblings), `${name} is shown by ${other}`).toContain(other);
        expect(other).not.toBe(name);
        for (const word of [words].flat()) {
          const root = { properties: siblings, $defs: card.params['$defs'] };
          expect(misfits(root, { [other]: word }), `${name} is shown when ${other} is ${String(word)}`).toEqual([]);
        }
      }
    }
  });

  test('hides nothing that must be filled in', () => {
    for (const { name, schema, siblings, required } of fields) {
      if (schema['option'] === true) expect(required, `${name} is an option`).toBe(false);
      if (schema['either'] === undefined) continue;
      expect(required, `${name} is one of several`).toBe(false);
      const others = Object.values(siblings).filter((one) => isObject(one) && one['either'] === schema['either']);
      expect(others.length, `${name} has others to choose from`).toBeGreaterThan(1);
    }
  });

  test('says what a text must look like wherever it must have a form', () => {
    for (const { name, schema } of fields) {
      const forms = [schema, ...[schema['anyOf']].flat()].filter(isObject);
      if (forms.some(({ pattern }) => typeof pattern === 'string')) expect(schema['says'], name).toMatch(/\.$/);
    }
  });
});

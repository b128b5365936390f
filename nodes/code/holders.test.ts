import { expect, test } from 'vitest';
import { codeParams } from '../../flow/code/holders.ts';
import { isObject } from '../../flow/document/json.ts';
import { allNodes } from '../all.ts';
import { cardOf } from '../kit/card.ts';

test('renaming and checking know every param that holds JavaScript', () => {
  const found = allNodes.flatMap((node) => {
    const { type, params } = cardOf(node);
    const properties: [string, unknown][] = isObject(params['properties']) ? Object.entries(params['properties']) : [];
    const held = properties.filter(([, schema]) => isObject(schema) && schema['language'] === 'javascript');
    return held.length > 0 ? [[type, held.map(([name]) => name)] as const] : [];
  });
  expect(Object.fromEntries(found)).toEqual(codeParams);
});

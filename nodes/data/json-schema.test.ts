import { describe, expect, test } from 'vitest';
import { compileSchema } from './json-schema.ts';

describe('JSON Schema', () => {
  test('says where each problem is', () => {
    const check = compileSchema({
      type: 'object',
      required: ['id'],
      properties: { lines: { type: 'array', items: { type: 'object', properties: { 'a/b': { type: 'string' } } } } },
      additionalProperties: false,
    });
    expect(check({ lines: [{ 'a/b': 1 }], x: 1 })).toEqual([
      { path: '/id', message: 'is missing' },
      { path: '/lines/0/a~1b', message: 'must be string' },
      { path: '/x', message: 'must not be there' },
    ]);
  });

  test('a schema may contain itself, but not go round in place', () => {
    const tree = compileSchema({ properties: { kids: { items: { $ref: '#' } }, n: { type: 'number' } } });
    expect(tree({ n: 1, kids: [{ n: 2, kids: [{ n: 'x' }] }] })).toEqual([
      { path: '/kids/0/kids/0/n', message: 'must be number' },
    ]);
    expect(() => compileSchema({ $ref: '#' })({})).toThrow('nested deeper');
  });

  test('a pattern made to be slow is not', () => {
    const check = compileSchema({ type: 'string', pattern: '^(a+)+$' });
    const begun = performance.now();
    expect(check(`${'a'.repeat(20_000)}!`)).toHaveLength(1);
    expect(performance.now() - begun).toBeLessThan(15_000);
  });

  test.each([
    [{ unevaluatedProperties: false }, 'unevaluatedProperties'],
    [{ $ref: 'https://example.com/x.json' }, 'leads out of the schema'],
    [{ $ref: '#/$defs/none' }, 'leads nowhere'],
    [{ type: 'text' }, '“type” must be one of'],
    [{ required: 'a' }, '“required” must be a list'],
    ['text', 'A schema is an object'],
  ])('%j is a fault that says what is wrong', (made, message) => {
    expect(() => compileSchema(made)({})).toThrow(message);
  });

  test('problems are cut at twenty', () => {
    expect(compileSchema({ items: { type: 'number' } })(Array.from({ length: 100 }, () => 'x'))).toHaveLength(20);
  });

  test.each([
    ['date-time', '2026-03-01T10:00:00Z', '2026-03-01 10:00'],
    ['date', '2024-02-29', '2026-02-29'],
    ['time', '10:00:00+01:00', '10:00'],
    ['email', 'zoë@example.com', 'zoë@@x'],
    ['hostname', 'a-b.example', '-a.example'],
    ['ipv4', '192.0.2.1', '192.0.2.256'],
    ['ipv6', '2001:db8::192.0.2.1', '2001:db8:::1'],
    ['uri', 'https://example.com/a?b#c', 'example.com'],
    ['uuid', '123e4567-e89b-12d3-a456-426614174000', '123e4567'],
  ])('format %s takes %s and not %s', (format, good, bad) => {
    const check = compileSchema({ format });
    expect([check(good), check(7)]).toEqual([[], []]);
    expect(check(bad)).toHaveLength(1);
  });
});

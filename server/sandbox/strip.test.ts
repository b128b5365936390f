import { afterAll, expect, it } from 'vitest';
import { openStripper } from './strip.ts';

const stripper = openStripper();
afterAll(() => stripper.close());

it('takes types out and leaves every character where it was', async () => {
  const source = 'const a: number = 1;\n  return <T,>(b: T) => a as unknown';
  const stripped = await stripper.strip(source);
  if (!('source' in stripped)) throw new Error(stripped.fault.message);
  expect(stripped.source).toHaveLength(source.length);
  expect(stripped.source.indexOf('return')).toBe(source.indexOf('return'));
  expect(stripped.source).not.toContain('number');
});

it.each([
  ['brackets', '('],
  ['lists', '['],
  ['signs', '!'],
  ['conditions', 'if (1) '],
  ['choices', 'a ? '],
  ['arrows', 'a => '],
  ['types', 'let x: A<'],
])('survives a source that overflows the parser with %s', async (_, piece) => {
  const answer = await stripper.strip(`return ${piece.repeat(60_000)}`);
  expect(answer).toHaveProperty('fault.code', 'code.syntax');
  // With a parser in this thread this, and every later source, was "memory access out of bounds".
  expect(await stripper.strip(`return 1 // after ${piece}`)).toEqual({ source: `return 1 // after ${piece}` });
});

it('refuses a source longer than the parser should see', async () => {
  expect(await stripper.strip('1;'.repeat(300_000))).toHaveProperty('fault.message', expect.stringContaining('500000'));
});

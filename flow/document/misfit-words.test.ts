import { expect, test } from 'vitest';
import * as z from 'zod';
import { misfitWords } from './misfit-words.ts';

const shape = z.strictObject({
  name: z.string().min(1).max(3),
  ids: z.array(z.string()).min(2).max(2),
  wait: z.int().max(60),
  role: z.enum(['viewer', 'owner']),
  mail: z.email('must be an e-mail address'),
  size: z.union([z.int(), z.strictObject({ max: z.int() })]).optional(),
  code: z.string().regex(/^a/).optional(),
});
const fits = { name: 'Ada', ids: ['a', 'b'], wait: 1, role: 'owner', mail: 'a@example.com' };

test.each([
  ['a text that is too long', { name: 'Adas' }, 'must have 3 characters or fewer'],
  ['a text without a letter', { name: '' }, 'must not be empty'],
  ['a list that is too short', { ids: ['a'] }, 'must have 2 entries or more'],
  ['a list that is too long', { ids: ['a', 'b', 'c'] }, 'must have 2 entries or fewer'],
  ['a number that is too large', { wait: 61 }, 'must be at most 60'],
  ['a part of a number', { wait: 1.5 }, 'must be a whole number'],
  ['no value', { name: undefined }, 'is missing'],
  ['a value of another kind', { name: 7 }, 'must be a text'],
  ['a word that is none of them', { role: 'king' }, 'must be one of viewer, owner'],
  ['a field that nobody knows', { rank: 1 }, 'has no field “rank”'],
  ['what is none of several kinds', { size: { max: 'x' } }, 'has a value of the wrong kind'],
  ['what a pattern refuses', { code: 'b' }, 'does not have the right form'],
  ['what the schema has words for', { mail: 'x' }, 'must be an e-mail address'],
])('%s is told in words for people', (_, wrong, words) => {
  const read = shape.safeParse({ ...fits, ...wrong });
  expect(read.error?.issues.map(misfitWords)).toEqual([words]);
});

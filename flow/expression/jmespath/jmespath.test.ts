import { expect, it } from 'vitest';
import { compileTemplate } from '../compile.ts';
import { scopeOf } from '../testing.ts';

const data = {
  people: [
    { name: 'ann', age: 30, tags: ['a', 'b'], home: { city: 'Rome' } },
    { name: 'bob', age: 20, tags: ['c'], home: { city: 'Oslo' } },
    { name: 'cy', age: 40, tags: [] },
  ],
  ops: { x: { n: 1 }, y: { n: 2 } },
  'two words': 1,
};

/** Worked out by hand from the grammar of jmespath.org. */
it.each<[string, unknown]>([
  ['people[0].name', 'ann'],
  ['people[-1].name', 'cy'],
  ['people[*].name', ['ann', 'bob', 'cy']],
  ['people[*].home.city', ['Rome', 'Oslo']],
  ['people[].tags[]', ['a', 'b', 'c']],
  ['people[:2].name', ['ann', 'bob']],
  ['people[::-1].name', ['cy', 'bob', 'ann']],
  ['people[?age > `25`].name', ['ann', 'cy']],
  ["people[?name == 'bob' || age == `40`].age", [20, 40]],
  ['people[?!home].name | [0]', 'cy'],
  [
    'people[*].[name, age]',
    [
      ['ann', 30],
      ['bob', 20],
      ['cy', 40],
    ],
  ],
  ['people[0].{who: name, city: home.city}', { who: 'ann', city: 'Rome' }],
  ['ops.*.n', [1, 2]],
  ['"two words"', 1],
  ['length(people)', 3],
  ['sort_by(people, &age)[0].name', 'bob'],
  ['max_by(people, &age).name', 'cy'],
  ['sum(people[*].age)', 90],
  ["join('-', people[*].name)", 'ann-bob-cy'],
  ["people[?contains(tags, 'c')].name", ['bob']],
  ['map(&name, people)', ['ann', 'bob', 'cy']],
  ['people[5].name', null],
  ['nope.nope', null],
  ['people.name', null],
])('%s', (query, expected) => {
  expect(compileTemplate('{{ $jmespath($json.data, $json.query) }}')(scopeOf({ data, query }))).toEqual(expected);
});

it.each(['people[', '[?a', 'a..b', 'fn(', 'unknown_fn(@)', '{a', '"open'])('%s is a fault', (query) => {
  const work = () => compileTemplate('{{ $jmespath($json.data, $json.query) }}')(scopeOf({ data, query }));
  expect(work).toThrow(expect.objectContaining({ code: 'expression.value' }));
});

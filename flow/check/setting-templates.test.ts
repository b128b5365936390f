import { expect, test } from 'vitest';
import type { Workflow } from '../document/workflow.ts';
import { catalogueOf, testCards } from '../testing/cards.ts';
import { draw } from '../testing/draw.ts';
import { check } from './check.ts';
import type { CheckContext } from './view.ts';

const catalogue = catalogueOf(testCards);
const document = draw('begin:test.start -> next:test.pure');
const context: CheckContext = { workflows: [{ id: 'w1', name: 'Bill', isPublished: true }] };

test.each<[string, Workflow, string, string, string]>([
  [
    'an expression in a setting that does not parse: only params were looked at',
    { ...document, settings: { concurrency: { max: 1, key: '{{ $json.customer. }}' } } },
    'expression.syntax',
    'The setting concurrency.key: ',
    '',
  ],
  [
    'a setting that is nearly an expression',
    { ...document, settings: { throttle: { limit: 1, per: '1m', key: '$json.customer' } } },
    'expression-nearly',
    'The setting throttle.key: an expression stands without brackets',
    'Write {{',
  ],
  [
    'a name that is none in a setting',
    { ...document, settings: { debounce: { wait: '1m', key: '{{ customer }}' } } },
    'expression.unknown-name',
    'The setting debounce.key: There is no "customer"',
    '$json.customer',
  ],
  [
    'a setting that reads a node, before any has run',
    { ...document, settings: { batch: { size: 2, within: '1m', key: "{{ $('begin').item.id }}" } } },
    'reference-later',
    'The setting batch.key reads start, and is worked out before any node has run',
    '{{ $json.customer }}',
  ],
  [
    'an expression as the error workflow',
    { ...document, settings: { errorWorkflow: '{{ $json.id }}' } },
    'expression-unread',
    'The error workflow is used as it is written',
    'Write the id',
  ],
  [
    'a key of many expressions, which would be read one by one',
    { ...document, settings: { throttle: { limit: 1, per: '1s', key: '{{ $jsn.a }}'.repeat(40_000) } } },
    'key-long',
    'The setting throttle.key is longer than 2,000 characters',
    'Write the key shorter',
  ],
])('%s: one Issue that says what and how to mend it', (_, given, code, message, mend) => {
  expect(check(given, catalogue, context)).toMatchObject([
    { code, message: expect.stringContaining(message), mend: expect.stringContaining(mend) },
  ]);
});

test('what is wrong with a setting is placed at the setting', () => {
  const settings = {
    concurrency: { max: 1, key: '{{ $jsn.a }}' },
    debounce: { wait: '1s', atMost: '90000d' },
    timezone: 'Mars/Base',
    errorWorkflow: 'gone',
  };
  const places = check({ ...document, settings } as never, catalogue, context).map(({ where }) => where.setting);
  expect(places.toSorted()).toEqual(['concurrency.key', 'debounce.atMost', 'errorWorkflow', 'timezone']);
});

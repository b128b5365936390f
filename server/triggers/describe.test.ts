import { expect, test } from 'vitest';
import { check } from '../../flow/check/check.ts';
import { compile } from '../../flow/compile/compile.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { allNodes, catalogue } from '../../nodes/all.ts';
import { Refusal } from '../http/refusal.ts';
import { triggersOf } from './describe.ts';

const starting = (type: string, params: Record<string, unknown>): Workflow => ({
  heddle: 1,
  name: 'W',
  nodes: [{ key: 'go', type, params }],
  edges: [],
});

const now = Date.UTC(2026, 0, 1);
const auths = [{ kind: 'none' }, { kind: 'basic' }, { kind: 'header', name: '' }, { kind: 'hmac', tolerance: '0' }];
const times = [0, '0', '0s', '1s', 1, '1', 'soon', '', '15m', '99999w', 1e12, 'PT', '{{ $json.a }}', -1];

/** Starts with values that hands and machines write into them. */
const starts: readonly Workflow[] = [
  ...times.map((every) => starting('start.schedule', { rules: [{ every }] })),
  ...times.map((every) => starting('start.schedule', { rules: [{ unit: 'hours', every }] })),
  ...['', ' ', '0 9 * * *', '61 * * * *', '0 0 30 2 *', '@daily', '@never', '* * *', '{{ $json.a }}'].map((cron) =>
    starting('start.schedule', { rules: [{ cron }] }),
  ),
  ...['', 'Mars/Olympus', 'utc', 'Europe/Berlin', '{{ $json.zone }}'].map((timezone) =>
    starting('start.schedule', { rules: [{ every: '15m' }], timezone }),
  ),
  ...['', '/', 'a', '/a', 'a/', 'contact us', 'a//b', ':id', ':1', 'å', '{{ $json.a }}', 'a'.repeat(300)].flatMap(
    (path) => [
      starting('start.webhook', { path }),
      starting('start.form', { path, title: 'A', fields: [{ name: 'a' }] }),
    ],
  ),
  ...['', '1a', 'a b', 'a', '__proto__'].map((name) =>
    starting('start.form', { path: 'a', title: 'A', fields: [{ name }] }),
  ),
  ...auths.map((auth) => starting('start.webhook', { path: 'a', auth })),
  starting('start.webhook', { path: 'a', methods: [] }),
  starting('start.webhook', { path: 'a', methods: ['GET', 'GET'] }),
];

test('what the check of a draft lets through can be published: “every 0” was refused there, with an inner path', () => {
  let published = 0;
  for (const document of starts) {
    if (check(document, catalogue).some(({ level }) => level === 'error')) continue;
    const compiled = compile(document, catalogue);
    if (!compiled.ok) throw new Error('It does not compile.');
    const made = triggersOf(compiled.plan, ({ type }) => allNodes.find((one) => one.type === type), now);
    expect(made).toHaveLength(1);
    published += 1;
  }
  expect(published).toBeGreaterThan(15);
});

test('a start that the node itself refuses is refused at its field, in the words of its form', () => {
  const { plan } = compile(starting('start.schedule', { rules: [{ every: '15m' }] }), catalogue) as never as {
    plan: Parameters<typeof triggersOf>[0];
  };
  const go = { ...plan.nodes['go']!, params: { rules: [{ every: 'soon' }], missed: 'once', overlap: 'allow' } };
  const publish = () =>
    triggersOf({ ...plan, nodes: { go } }, ({ type }) => allNodes.find((one) => one.type === type), now);
  expect(publish).toThrow(Refusal);
  expect(publish).toThrow('go: Time 1 › Every is not usable.');
});

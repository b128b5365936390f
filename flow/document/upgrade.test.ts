import { expect, test } from 'vitest';
import { parseWorkflow } from './parse.ts';
import { currentFormat, formatSteps, upgradeNode } from './upgrade.ts';
import type { NodeUpgrade } from './upgrade.ts';

/** A document of each older format as it was written, kept for ever, with what it must become. */
const kept: Readonly<Record<number, { written: unknown; becomes: unknown }>> = {
  0: {
    written: {
      nodes: [
        { id: 'n-1', kind: 'trigger', label: 'Start', position: { x: 0, y: 40 } },
        { id: 'n-2', kind: 'code', label: '', code: 'return items', position: { x: 200, y: 40 } },
        { id: 'N 2', kind: 'http', label: 'Send', position: { x: 400, y: 40 } },
      ],
      edges: [
        { id: 'e1', source: 'n-1', target: 'n-2' },
        { id: 'e2', source: 'n-2', target: 'N 2' },
      ],
    },
    becomes: {
      heddle: 1,
      name: 'Untitled',
      nodes: [
        { key: 'n_1', type: 'start.manual', title: 'Start', at: [0, 40] },
        { key: 'n_2', type: 'code.javascript', at: [200, 40], params: { code: 'return items' } },
        { key: 'n_3', type: 'connect.http-request', title: 'Send', at: [400, 40] },
      ],
      edges: [
        { from: 'n_1', to: 'n_2' },
        { from: 'n_2', to: 'n_3' },
      ],
    },
  },
};

test.each(Object.entries(kept))('a document of format %s still opens', (_, { written, becomes }) => {
  expect(parseWorkflow(written)).toEqual({ ok: true, document: becomes });
});

test('every older format has a step and a kept example', () => {
  const older = Array.from({ length: currentFormat }, (_, format) => String(format));
  expect(Object.keys(formatSteps)).toEqual(older);
  expect(Object.keys(kept)).toEqual(older);
});

const upgrades: NodeUpgrade[] = [
  { type: 'x.y', from: 1, params: ({ link, ...rest }) => ({ ...rest, url: link }) },
  { type: 'x.y', from: 2, params: (params) => ({ ...params, method: 'GET' }) },
];

test('a node is carried over every version between, on request', () => {
  const node = { key: 'a', type: 'x.y', version: 1, params: { link: 'u' } };
  expect(upgradeNode(node, upgrades)).toEqual({ ...node, version: 3, params: { url: 'u', method: 'GET' } });
});

test('a node of another type, or in the newest version, stays as it is', () => {
  const newest = { key: 'a', type: 'x.y', version: 3 };
  const other = { key: 'a', type: 'x.z', version: 1 };
  const open = { key: 'a', type: 'x.y' };
  for (const node of [newest, other, open]) expect(upgradeNode(node, upgrades)).toBe(node);
});

import { expect, test } from 'vitest';
import { upgradeNode } from '../flow/document/upgrade.ts';
import { allNodes, definitionOf } from './all.ts';
import { nodeUpgrades } from './upgrades.ts';

test('every older version of a node has a step to the next, and its examples still fit after it', () => {
  const older = allNodes.filter(({ type, version }) => definitionOf(type)?.version !== version);
  expect(older.length).toBeGreaterThan(0);
  for (const { type, version, examples } of older) {
    expect(nodeUpgrades.map((step) => `${step.type}@${step.from}`)).toContain(`${type}@${version}`);
    for (const { params } of examples) {
      const node = { key: 'a', type, version, params: params as Record<string, unknown> };
      const upgraded = upgradeNode(node, nodeUpgrades);
      expect(upgraded.version).toBe(definitionOf(type)?.version);
      expect(definitionOf(type, upgraded.version)?.params.safeParse(upgraded.params).error).toBeUndefined();
    }
  }
});

test('a request that is upgraded stays within its hosts', () => {
  const node = { key: 'a', type: 'connect.http-request', version: 1, params: { url: 'https://e.com' } };
  expect(upgradeNode(node, nodeUpgrades).params).toEqual({ url: 'https://e.com', otherHosts: false });
});

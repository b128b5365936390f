import type { NodeUpgrade } from '../flow/document/upgrade.ts';

const asItIs: NodeUpgrade['params'] = (params) => params;

/** Every step from a version of a node type to the next, for who upgrades a node; nothing upgrades by itself. A step stays for ever. */
export const nodeUpgrades: readonly NodeUpgrade[] = [
  // What is no text is a file, what cannot be decoded fails. Who calls written hosts keeps to them until the switch is changed.
  { type: 'connect.http-request', from: 1, params: (params) => ({ otherHosts: false, ...params }) },
  { type: 'connect.rss', from: 1, params: (params) => ({ otherHosts: false, ...params }) },
  // Rows longer than the header are kept instead of refused, 1.10 stays text.
  { type: 'data.from-file', from: 1, params: asItIs },
];

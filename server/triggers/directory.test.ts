import type { Sql } from 'postgres';
import { expect, test } from 'vitest';
import { Directory } from './directory.ts';

const row = (index: number) => ({
  workspace: 'ws_a',
  slug: 'a',
  revision: 1,
  workflow: 'wf_a',
  key: `hook${index}`,
  version: 1,
  kind: 'webhook',
  path: `p${index}/:x`,
  methods: ['POST'],
  overlap: null,
  mark: '1',
});

const proof = ({ workspace, path }: ReturnType<typeof row>) => ({
  workspace,
  shape: path.replace(':x', ':'),
  header: 'x-key',
});

test('webhooks with names in their paths are read in time that grows with their number', async () => {
  const rows = Array.from({ length: 40_000 }, (_, index) => row(index));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the directory only asks for rows
  const sql = (async ([text]: TemplateStringsArray) =>
    text?.includes('from proofs') ? rows.map(proof) : rows) as unknown as Sql;
  const directory = new Directory({ sql, readPublished: () => Promise.resolve(undefined), onBroken: () => undefined });
  const before = process.cpuUsage();
  await directory.read('ws_a');
  const { user, system } = process.cpuUsage(before);
  // 10 s and more when each was copied for each.
  expect((user + system) / 1_000).toBeLessThan(4_000);
  expect(directory.find('webhook', 'a', ['p39999', '1'])).toHaveLength(1);
  expect(directory.proofsAt('a', ['p39999', '1'])).toEqual(['x-key']);
});

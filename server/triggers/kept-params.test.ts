import type { Sql } from 'postgres';
import { expect, test } from 'vitest';
import { Directory } from './directory.ts';

const MB = 1024 * 1024;
const rowOf = (n: number, mark = '1') => ({
  workspace: 'ws_a',
  slug: 'a',
  revision: 1,
  workflow: `wf_${n}`,
  key: 'form',
  version: 1,
  kind: 'form',
  path: `form-${n}`,
  methods: ['GET', 'POST'],
  overlap: null,
  mark,
});

/** A directory over rows of a test; counts how often the params of a trigger were read. */
function directoryOf(rows: ReturnType<typeof rowOf>[], paramsOf: (workflow: string) => object | undefined) {
  const read: string[] = [];
  const ask = async ([text]: TemplateStringsArray, workflow: string) => {
    if (text?.includes('from proofs')) return [];
    if (!text?.includes('select params')) return rows;
    read.push(workflow);
    const params = paramsOf(workflow);
    return params ? [{ params }] : [];
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the directory only asks for rows
  const sql = ask as unknown as Sql;
  const directory = new Directory({ sql, readPublished: async () => undefined, onBroken: () => undefined });
  const trigger = (n: number) => directory.find('form', 'a', [`form-${n}`])[0]!.trigger;
  return { directory, read, trigger };
}

test('what triggers were published with is read when one is met, once, and kept by what it weighs: the forms of one workspace filled the memory of each process', async () => {
  const rows = Array.from({ length: 40 }, (_, n) => rowOf(n));
  const { directory, read, trigger } = directoryOf(rows, () => ({ title: 'x'.repeat(MB) }));
  await directory.read('ws_a');
  expect(read).toEqual([]);
  const [first, second] = await Promise.all([directory.params(trigger(0)), directory.params(trigger(0))]);
  expect([first === second, (await directory.params(trigger(0))) === first, read.length]).toEqual([true, true, 1]);
  for (let n = 1; n < 40; n++) await directory.params(trigger(n));
  await directory.params(trigger(39));
  expect(read.length).toBe(40);
  await directory.params(trigger(0));
  expect(read.length).toBe(41);
});

test('a trigger whose row was not written stays the same when triggers are read again, and so does what is kept of it', async () => {
  const rows = [rowOf(0), rowOf(1)];
  const { directory, read, trigger } = directoryOf(rows, (workflow) => (workflow === 'wf_1' ? undefined : {}));
  await directory.read('ws_a');
  const before = [trigger(0), trigger(1)] as const;
  await directory.params(trigger(0));
  rows[1] = rowOf(1, '2');
  await directory.read('ws_a');
  expect([trigger(0) === before[0], trigger(1) === before[1]]).toEqual([true, false]);
  await directory.params(trigger(0));
  expect(read).toEqual(['wf_0']);
  expect(await directory.params(trigger(1))).toBeUndefined();
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Pool, type Lendable } from './pool.ts';

interface Fake extends Lendable {
  served: string[];
  isSpent: boolean;
}

function fakes() {
  const all: Fake[] = [];
  const open = (): Fake => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const cell: Fake = { served: [], isSpent: false, closed, kill: () => resolve() };
    all.push(cell);
    return cell;
  };
  return { all, open };
}

const workspaces = fc.constantFrom('a', 'b', 'c');
const job = fc.record({ workspace: workspaces, turns: fc.nat(5), breaks: fc.boolean() });
const sizes = fc.record({
  most: fc.integer({ min: 1, max: 4 }),
  mostPerWorkspace: fc.integer({ min: 1, max: 3 }),
  spares: fc.nat(2),
});

it('no cell ever serves two workspaces, no cap is passed, and every job gets its turn', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(job, { maxLength: 30 }), sizes, async (jobs, size) => {
      const { all, open } = fakes();
      const { mostPerWorkspace, ...rest } = size;
      const pool = new Pool({
        name: 'The pool',
        ...rest,
        mostOf: () => mostPerWorkspace,
        open,
        jobsPerCell: 3,
        idleMs: 60_000,
      });
      const busy: string[] = [];
      const done = jobs.map(({ workspace, turns, breaks }) =>
        pool.lend(workspace, undefined, async (cell) => {
          cell.served.push(workspace);
          busy.push(workspace);
          expect(busy.length).toBeLessThanOrEqual(size.most);
          expect(busy.filter((name) => name === workspace).length).toBeLessThanOrEqual(size.mostPerWorkspace);
          for (let turn = 0; turn < turns; turn++) await Promise.resolve();
          cell.isSpent = breaks;
          busy.splice(busy.indexOf(workspace), 1);
        }),
      );
      await Promise.all(done);
      await pool.close();
      for (const { served } of all) {
        expect(new Set(served).size).toBeLessThanOrEqual(1);
        expect(served.length).toBeLessThanOrEqual(3);
      }
      expect(all.flatMap(({ served }) => served).toSorted()).toEqual(jobs.map(({ workspace }) => workspace).toSorted());
    }),
    { numRuns: 200 },
  );
});

it('a workspace that fills its share does not keep another waiting', async () => {
  const { open } = fakes();
  const pool = new Pool({
    name: 'The pool',
    open,
    most: 2,
    mostOf: () => 1,
    spares: 0,
    jobsPerCell: 50,
    idleMs: 60_000,
  });
  const gate = Promise.withResolvers<void>();
  const greedy = ['a', 'a', 'a'].map((name) => pool.lend(name, undefined, () => gate.promise));
  expect(await pool.lend('b', undefined, async () => 'served')).toBe('served');
  gate.resolve();
  await Promise.all(greedy);
  await pool.close();
});

it('whoever gives up while waiting leaves the queue', async () => {
  const { open } = fakes();
  const pool = new Pool({
    name: 'The pool',
    open,
    most: 1,
    mostOf: () => 1,
    spares: 0,
    jobsPerCell: 50,
    idleMs: 60_000,
  });
  const gate = Promise.withResolvers<void>();
  const first = pool.lend('a', undefined, () => gate.promise);
  const abort = new AbortController();
  const second = pool.lend('a', abort.signal, async () => 'never');
  abort.abort(new Error('given up'));
  await expect(second).rejects.toThrow('given up');
  gate.resolve();
  await first;
  await pool.close();
  await expect(pool.lend('a', undefined, async () => 'never')).rejects.toThrow('closed');
});

it('a spare is there for whoever needs a second cell, and not before', async () => {
  const { all, open } = fakes();
  const pool = new Pool({
    name: 'The pool',
    open,
    most: 4,
    mostOf: () => 2,
    spares: 1,
    jobsPerCell: 15,
    idleMs: 60_000,
  });
  const work = (name: string) => pool.lend(name, undefined, async () => undefined);
  expect(all.length).toBe(0);
  for (let n = 0; n < 4; n += 1) await work('a');
  expect(all.length).toBe(1);
  await work('a');
  expect(all.length).toBe(2); // ten jobs before the first one's last
  await work('b');
  expect(all.length).toBe(3);
  await pool.close();
});

it('two workspaces that fill their shares keep no third waiting', async () => {
  const { open } = fakes();
  const pool = new Pool({
    name: 'The pool',
    open,
    most: 4,
    mostOf: () => 2,
    spares: 0,
    jobsPerCell: 50,
    idleMs: 60_000,
  });
  const gate = Promise.withResolvers<void>();
  const greedy = ['a', 'a', 'a', 'b', 'b', 'b'].map((name) => pool.lend(name, undefined, () => gate.promise));
  expect(await pool.lend('c', undefined, async () => 'served')).toBe('served');
  gate.resolve();
  await Promise.all(greedy);
  await pool.close();
});

it('a workspace that may have none for a while is served as soon as it may', async () => {
  const { open } = fakes();
  let most = 0;
  const pool = new Pool({
    name: 'The pool',
    open,
    most: 4,
    mostOf: () => most,
    spares: 0,
    jobsPerCell: 50,
    idleMs: 60_000,
  });
  let isServed = false;
  const waiting = pool.lend('a', undefined, async () => void (isServed = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(isServed).toBe(false);
  most = 1;
  pool.admit();
  await waiting;
  expect(isServed).toBe(true);
  await pool.close();
});

it('who breaks cells again and again starts its own, and the one that was started ahead is there for others', async () => {
  const { all, open } = fakes();
  const pool = new Pool({
    name: 'The pool',
    most: 4,
    mostOf: () => 2,
    spares: 1,
    maySpare: (workspace) => workspace !== 'breaks',
    open,
    jobsPerCell: 50,
    idleMs: 60_000,
  });
  const breakOne = () => pool.lend('breaks', undefined, async (cell) => void (cell.isSpent = true));
  await breakOne();
  const [, spare] = all;
  await breakOne();
  await breakOne();
  await pool.lend('calm', undefined, async (cell) => expect(cell).toBe(spare));
  await pool.close();
});

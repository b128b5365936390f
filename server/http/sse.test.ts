import fc from 'fast-check';
import { expect, test } from 'vitest';
import { follow } from './sse.ts';
import type { FactSource } from './sse.ts';
import { whileAdmitted } from './while-admitted.ts';

interface Fact {
  readonly seq: number;
}

/** A journal in memory that facts are appended to while somebody reads. */
function journal(pageSize = Infinity) {
  const facts: Fact[] = [];
  const readers = new Set<() => void>();
  const source: FactSource<Fact> = {
    replay: async (after) => facts.filter(({ seq }) => seq > after).slice(0, pageSize),
    subscribe: (more) => {
      readers.add(more);
      return () => readers.delete(more);
    },
    isLast: ({ seq }) => seq === 99,
  };
  const append = (seq: number, tells = true) => {
    facts.push({ seq });
    if (tells) for (const tell of readers) tell();
  };
  return { source, append, readers };
}

async function read(source: FactSource<Fact>, after = 0, signal = new AbortController().signal): Promise<number[]> {
  const seen: number[] = [];
  for await (const { seq } of follow(source, after, signal)) seen.push(seq);
  return seen;
}

test('every fact comes once and in order, however appends and reads fall together', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.boolean(), { maxLength: 15 }),
      fc.integer({ min: 1, max: 4 }),
      async (s, tells, page) => {
        const { source, append } = journal(page);
        const slow: FactSource<Fact> = { ...source, replay: s.scheduleFunction(source.replay) };
        const reading = read(slow);
        const appends = s.scheduleSequence([
          ...tells.map((tell, n) => ({ label: `fact ${n + 1}`, builder: async () => append(n + 1, tell) })),
          { label: 'last', builder: async () => append(99) },
        ]);
        await s.waitFor(Promise.all([reading, appends.task]));
        expect(await reading).toEqual([...tells.map((_, n) => n + 1), 99]);
      },
    ),
    { numRuns: 100 },
  );
});

test('a reader that comes back goes on after the fact it saw last', async () => {
  const { source, append } = journal();
  for (const seq of [1, 2, 5, 99]) append(seq);
  expect(await read(source, 2)).toEqual([5, 99]);
});

test('a reader that leaves is no longer told', async () => {
  const { source, append, readers } = journal();
  append(1);
  const gone = new AbortController();
  const reading = read(source, 0, gone.signal);
  await expect.poll(() => readers.size).toBe(1);
  gone.abort();
  expect(await reading).toEqual([1]);
  expect(readers.size).toBe(0);
});

test('a stream ends when its caller may no longer read', async () => {
  const { source, append } = journal();
  append(1);
  let may = true;
  const seen: number[] = [];
  const check = async () => {
    if (!may) throw new Error('revoked');
  };
  for await (const { seq } of whileAdmitted(follow(source, 0, new AbortController().signal), check, 5)) {
    seen.push(seq);
    may = false;
  }
  expect(seen).toEqual([1]);
});

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { currentEngine } from '../flow/compile/plan.ts';
import { draw } from '../flow/testing/draw.ts';
import { Fault } from '../flow/facts/faults.ts';
import { farSide, httpReply, InMemoryRun } from '../server/engine/testing/in-memory.ts';
import type { PlayOptions } from '../server/engine/testing/in-memory.ts';
import { testNodes } from '../server/engine/testing/nodes.ts';

/**
 * Writes the journals that are kept for the present engine number (E17), once, when the number is new: runs that were made
 * by it must fold and decide the same for as long as such runs may be unfinished. Existing files are never overwritten.
 */
const items = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));
const flaky = () =>
  farSide((_, count) => {
    if (count % 3 === 2) throw new Fault('http.refused', 'refused', { done: 'no' });
    return httpReply(200, { count });
  });
const kept: Readonly<Record<string, [string, Partial<PlayOptions>, Parameters<typeof draw>[1]?]>> = {
  'branches-and-joins': [
    'a:test.start -> b:test.two\nb.a -> c:test.idempotent -> j\nb.b -> d:test.wait -> j\nj -> r:test.respond',
    { input: items(5), far: farSide() },
  ],
  'effects-in-a-loop': [
    'a:test.start -> l:test.loop\nl.each -> b:test.effect -> c -> l.next\nl.done -> d:test.count',
    { input: items(5), far: flaky() },
    { l: { params: { size: 2 } }, b: { settings: { retry: { times: 3, wait: '5s' }, concurrency: 2 } } },
  ],
  'calls-and-errors': [
    'a:test.start -> b:test.calls -> f:test.fail\nf.out -> g\nf.error -> h',
    { input: [{ n: 1 }, { n: 'bad' }], far: farSide() },
    { f: { settings: { onError: 'port' } } },
  ],
  'items-in-a-window': [
    'a:test.start -> b:test.effect -> c:test.count',
    { input: items(12), far: flaky() },
    { b: { settings: { concurrency: 4, onError: 'port', retry: { times: 1, wait: '5s' } } } },
  ],
  'waits-in-doubt': [
    'a:test.start -> b:test.effect -> c',
    {
      input: items(3),
      far: farSide((_, count) => {
        if (count === 2) throw new Fault('http.reset', 'reset', { done: 'unknown' });
        return httpReply();
      }),
    },
  ],
};

const folder = path.join(import.meta.dirname, '../flow/facts/journals', `engine-${currentEngine}`);
mkdirSync(folder, { recursive: true });
for (const [name, [drawing, options, nodes]] of Object.entries(kept)) {
  const run = await new InMemoryRun(draw(drawing, nodes), { nodes: testNodes, ...options }).play();
  const journal = {
    plan: run.plan,
    facts: run.facts,
    ended: run.state.ended ?? null,
    output: run.state.output ?? null,
  };
  try {
    writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(journal, null, 1)}\n`, { flag: 'wx' });
    console.log(`kept ${name}`);
  } catch {
    console.log(`${name} is kept already`);
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { openSandbox, type CodeJob } from '../server/sandbox/sandbox.ts';
import { median } from './load.ts';

// S5 (SPEED.md) as the sandbox sees it, with and without a JIT in the child: the figures behind the choice in
// `server/sandbox/launch.ts`. `node bench/sandbox-jitless.ts`; medians of 30, whole trip: strip, pipe, isolate, pipe, checks.

const items = Array.from({ length: 1_000 }, (_, at) => ({
  id: at,
  name: `Person ${at}`,
  email: ` Person${at}@Example.com`,
  amount: at * 1.5,
  plan: at % 2 ? 'pro' : 'free',
  city: 'Berlin',
}));
const fields = `name: item.name.toUpperCase(), email: item.email.trim().toLowerCase(), city: item.city.replace(/e/g, 'E'),
  amount: item.amount * 1.2, slug: item.name + '-' + item.id`;
const loop = 'let sum = 0; for (let i = 0; i < 2e7; i++) sum += i % 7; return sum';
const programs = {
  'S5a once for all': { mode: 'all', source: `return items.map((item) => ({ ...item, ${fields} }))` },
  'S5b once for each': { mode: 'each', source: `return { ...item, ${fields} }` },
  'S5b with await': { mode: 'each', source: `return { ...(await item), ${fields} }` },
  '20 million steps': { mode: 'all', source: loop },
} satisfies Record<string, Pick<CodeJob, 'mode' | 'source'>>;

const scope = { now: 0, seed: 'bench', nodes: {}, workflow: {}, run: {}, turn: 0, vars: {} };

async function time(jitless: boolean): Promise<Record<string, string>> {
  const sandbox = openSandbox({ jitless });
  const row: Record<string, string> = {};
  for (const [name, program] of Object.entries(programs)) {
    const times: number[] = [];
    for (let turn = 0; turn < (name.startsWith('S5') ? 30 : 5); turn++) {
      await pause(30); // The engine's other work: the child makes its next isolate meanwhile.
      const from = performance.now();
      const result = await sandbox.runCode({
        workspace: 'bench',
        ...program,
        items,
        scope,
        timeoutMs: 10_000,
        memoryMb: 64,
      });
      times.push(performance.now() - from);
      if (!result.ok) throw new Error(result.fault.message);
    }
    row[name] = `${median(times).toFixed(1)} ms`;
  }
  await sandbox.close();
  return row;
}

console.table({ jitless: await time(true), jit: await time(false) });

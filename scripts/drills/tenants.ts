import * as z from 'zod';
import { openNeighbourhood } from '../../bench/neighbourhood.ts';
import { lawOf, neighbours } from '../../bench/neighbours.ts';
import type { Calls } from '../../bench/neighbours.ts';
import { openSlow } from '../../bench/slow.ts';
import type { DrillOptions } from './carry-out.ts';
import { openBox } from './box.ts';
import { freePort, startProduct } from './product.ts';
import type { Product } from './product.ts';
import { brokenOf, unless } from './report.ts';
import type { Report } from './report.ts';
import { reaches } from './until.ts';

const slowMs = 5_000;
const restMs = 40_000;

/** A machine that is busy beside spoils a round; what is slow by itself is so in each. */
const roundsMost = 3;

/**
 * One workspace keeps 100 slow and 100 hostile runs going; another's webhooks and code go on as if it were alone, and so does a pure webhook of
 * its own. Afterwards nothing is held. `times` is how many seconds are measured. The best of three rounds counts; in each B is measured alone before and after.
 */
export async function tenants(options: DrillOptions): Promise<Report> {
  const rounds: Report[] = [];
  while (rounds.length < roundsMost && !rounds.some(isKept)) rounds.push(await round(options));
  const best = rounds.find(isKept) ?? rounds.toSorted((a, b) => worstOf(a) - worstOf(b))[0]!;
  return { ...best, figures: { rounds: rounds.length, ...best.figures } };
}

const isKept = (report: Report) => brokenOf(report).length === 0;
/** What came nearest to its bound, or went furthest over it: 1 is just held. */
const worstOf = ({ laws = [] }: Report) => Math.max(...laws.map(({ is, most = Infinity }) => is / most));

async function round({ times = 20, on }: DrillOptions): Promise<Report> {
  await using slow = await openSlow(slowMs);
  await using box = await openBox(on, { HEDDLE_ALLOW_HOSTS: `127.0.0.1:${slow.port}` });
  const port = await freePort();
  await using server = await startProduct(box.env, { port });
  const { publish, forget } = await openNeighbourhood(port, {
    email: box.env['HEDDLE_ADMIN_EMAIL'] ?? '',
    password: box.env['HEDDLE_ADMIN_PASSWORD'] ?? '',
  });
  let left = Infinity;
  const measured = await neighbours({
    publish,
    slow: `http://127.0.0.1:${slow.port}/`,
    seconds: times,
    forget: async () => {
      // Its queue of endless programs would take hours: deleting its workflows cancels what waits.
      await forget('a');
      left = await atRest(server);
    },
  });
  const { idle, beside, pressed } = measured;
  const code = await server.end('SIGTERM');
  return {
    figures: {
      'B pure, idle': words(idle.pure),
      'B code, idle': words(idle.code),
      'B pure, beside A': words(beside.pure),
      'B code, beside A': words(beside.code),
      'A pure, beside its own': words(beside.own),
      "A's callers": Object.entries(pressed)
        .map(([status, count]) => `${status}×${count}`)
        .join(' '),
    },
    broken: [
      ...unless(beside.pure.failed + beside.code.failed === 0, "calls of B's were not answered with 200"),
      ...unless(beside.own.failed === 0, "calls of A's own pure webhook were not answered with 200"),
      ...unless(left === 0, `${left} stages are held at rest`),
      ...unless(code === 0, `told to stop, it ended with ${code}`),
    ],
    laws: lawOf(measured).map((law) => ({ ...law, unit: 'ms' })),
  };
}

const words = ({ count, failed, p50, p99 }: Calls) =>
  `p50 ${p50} ms, p99 ${p99} ms of ${count}${failed > 0 ? `, ${failed} failed` : ''}`;

/** Stages that are held when nobody presses any more and everything had time to end. */
async function atRest(server: Product): Promise<number> {
  let held = Infinity;
  const free = async () => {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    const read = (name: string) => z.coerce.number().parse(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1]);
    held = Math.max(read('heddle_stages_carried'), read('heddle_stages_computing'));
    return -held;
  };
  await reaches(free, { least: 0, everyMs: 250, stillMs: restMs });
  return held;
}

import { expect, onTestFinished, test } from 'vitest';
import { fold } from '../../flow/facts/fold.ts';
import type { Fact } from '../../flow/facts/fact.ts';
import { numbered } from '../../flow/facts/state.ts';
import { allNodes } from '../../nodes/all.ts';
import { openCompute } from '../compute/compute.ts';
import { processorMs } from '../processor-time.ts';
import { farSide, httpReply, InMemoryRun } from './testing/in-memory.ts';
import type { PlayOptions } from './testing/in-memory.ts';

const loop = '{{ (() => { let s = 0; for (let i = 0; i < 200000; i++) s += i; return s })() }}';

/** What happened is kept as it is: the journal of these tests writes and reads each fact in one go. */
class Run extends InMemoryRun {
  override append(events: readonly Fact[]): void {
    const stored = numbered(this.state.seq, events);
    this.facts.push(...stored);
    this.state = fold(this.state, stored);
  }
}

/** A run of one request with these params; what the far side got. */
function request(params: Record<string, unknown>, options: Partial<PlayOptions> = {}) {
  const far = farSide(() => httpReply(200, {}));
  const run = new Run(
    {
      heddle: 1,
      name: 'Stays',
      nodes: [
        { key: 's', type: 'start.manual' },
        { key: 'h', type: 'connect.http-request', params: { url: 'https://example.com/', ...params } },
      ],
      edges: [{ from: 's', to: 'h' }],
    },
    { nodes: allNodes, input: [{ n: 1 }], far, pause: () => undefined, ...options },
  );
  return { run, far };
}

/** Params are worked out in a real process beside this one. */
function elsewhere(): Partial<PlayOptions> {
  const compute = openCompute({ memoryMb: 512, most: 1 });
  onTestFinished(() => compute.close());
  return {
    params: { away: (wait) => wait(), fill: (...asked) => compute.params('acme', ...asked) },
    pause: () => new Promise((resolve) => void setImmediate(resolve)),
  };
}

/** Plays a run to its end; the longest that it held this thread meanwhile, in milliseconds of processor time. */
async function heldBy(run: InMemoryRun): Promise<number> {
  run.begin();
  let [longest, before] = [0, processorMs()];
  const look = () => {
    const now = processorMs();
    [longest, before] = [Math.max(longest, now - before), now];
  };
  const looks = setInterval(look, 5);
  await run.play();
  clearInterval(looks);
  look();
  return longest;
}

/** What holds does so each time; the collector of garbage, and caches that neighbours emptied, once. */
async function leastHeld(make: () => InMemoryRun, check: (run: InMemoryRun) => void): Promise<number> {
  let least = Infinity;
  for (let time = 0; time < 3 && least >= 250; time++) {
    const run = make();
    least = Math.min(least, await heldBy(run));
    check(run);
  }
  return least;
}

test('where nobody else can work them out, params of a node that asks for powers have a fifth of a second: sixty short expressions held the server for ten', async () => {
  const { run } = request({ url: `https://example.com/${loop.repeat(60)}` });
  await run.play();
  expect(run.facts.at(-1)).toMatchObject({
    type: 'run.failed',
    data: { fault: { code: 'stage.limit', node: 'h', message: expect.stringContaining('more than 0.2 s') } },
  });
});

test('twenty short expressions of a request hold this thread for no quarter of a second, and it is sent: they were cut off after one', async () => {
  const options = elsewhere();
  const sum = (200_000 * 199_999) / 2;
  let far: ReturnType<typeof request>['far'];
  const make = () => {
    const made = request({ url: `https://example.com/${loop.repeat(20)}` }, options);
    far = made.far;
    return made.run;
  };
  const held = await leastHeld(make, (run) => {
    expect(run.facts.at(-1)?.type).toBe('run.finished');
    expect(far.sent.map(({ url }) => url)).toEqual([`https://example.com/${String(sum).repeat(20)}`]);
  });
  expect(held).toBeLessThan(250);
});

test('ten items of a request, each with long expressions, hold it no longer', async () => {
  const options = { ...elsewhere(), input: Array.from({ length: 10 }, (_, n) => ({ n })) };
  let far: ReturnType<typeof request>['far'];
  const make = () => {
    const made = request({ url: `https://example.com/{{ $json.n }}/${loop}` }, options);
    far = made.far;
    return made.run;
  };
  const held = await leastHeld(make, (run) => {
    expect(run.facts.at(-1)?.type).toBe('run.finished');
    expect(far.sent.map(({ url }) => Number(url.split('/')[3]))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
  expect(held).toBeLessThan(250);
});

const rows = Array.from({ length: 50_000 }, (_, id) => ({
  id,
  name: `row ${id}`.padEnd(260),
  tags: ['a', 'b'],
  at: null,
}));
const text = '!'.repeat(16_000_000);
const bodies: readonly (readonly [string, Record<string, unknown>, { item: unknown; sent: string }])[] = [
  ['JSON that is there', { json: '{{ $json.rows }}' }, { item: { rows }, sent: JSON.stringify(rows) }],
  [
    'JSON written as text',
    { json: '{ "rows": {{ JSON.stringify($json.rows) }} }' },
    { item: { rows }, sent: JSON.stringify({ rows }) },
  ],
  ['text', { text: '{{ $json.text }}' }, { item: { text }, sent: text }],
  ['a form', { form: { text: '{{ $json.text }}' } }, { item: { text }, sent: `text=${'%21'.repeat(text.length)}` }],
];

test.each(bodies)(
  'a body of 16 MB is sent and holds this thread for no quarter of a second: %s',
  { timeout: 60_000 },
  async (_, body, { item, sent: expected }) => {
    const options = { ...elsewhere(), input: [item] };
    let far: ReturnType<typeof request>['far'];
    const make = () => {
      const made = request({ method: 'PUT', ...body }, options);
      far = made.far;
      return made.run;
    };
    const held = await leastHeld(make, (run) => {
      expect(run.facts.at(-1)?.type).toBe('run.finished');
      expect(far.sent.map((sent) => sent.body === expected)).toEqual([true]);
    });
    expect(held).toBeLessThan(250);
  },
);

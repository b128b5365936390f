import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import { anyFact } from '../../flow/facts/fact.ts';
import { effectsOf, sentIn } from '../../flow/facts/effects.ts';
import { triesAgainAt, waitsOf } from '../../flow/facts/waits.ts';
import { serverFacts } from '../api/facts.ts';
import type { StoredFact } from '../../flow/facts/fact.ts';
import type { Hearing } from '../api/stream.ts';
import { catalogue } from '../canvas/testing/cards.ts';
import { findItems, searchTexts } from './find-items.ts';
import { linesOf, pathText, preview } from './json-lines.ts';
import { turnWords } from './path-words.ts';
import { sourceOf } from './sources.ts';
import { pictureOf } from './run-picture.ts';
import { isKept, joined, timesOf, tookOf } from './step-bars.ts';
import { scaleOf } from './time-scale.ts';
import { stepOf } from './testing/steps.ts';

const call = { op: 'ask', hash: 'h' };
const fact = (seq: number, type: string, data: Record<string, unknown>, at = seq * 1_000): StoredFact => ({
  ...anyFact.parse({ type, at, data: { stage: 's1', node: 'tell', path: '', ...data } }),
  seq,
});
const wire = ({ seq, at, type, data }: StoredFact) => [seq, at, type, data];

const sse = (facts: readonly StoredFact[], end = false) =>
  new Response(
    facts.map((one) => `id: ${one.seq}\ndata: ${JSON.stringify(wire(one))}\n\n`).join('') +
      (end ? 'event: end\ndata: {}\n\n' : ''),
  );

test('a stream that breaks is taken up where it broke: each fact comes once and in order, and the break is told', async () => {
  const all = [1, 2, 3, 4].map((seq) => fact(seq, 'stage.finished', { nodes: [] }));
  const asked: string[] = [];
  const answers = [
    () => sse(all.slice(0, 2)),
    () => new Response('', { status: 503 }),
    // It says again what was heard already.
    () => sse(all.slice(1), true),
  ];
  const heard: number[] = [];
  const stood: Hearing[] = [];
  const pauses: number[] = [];
  await serverFacts.hear('run_1', () => Math.max(0, ...heard), {
    tell: (facts) => void heard.push(...facts.map(({ seq }) => seq).filter((seq) => !heard.includes(seq))),
    stand: (hearing) => void stood.push(hearing),
    signal: new AbortController().signal,
    send: (path) => {
      asked.push(path.split('after=')[1] ?? '');
      return Promise.resolve(answers[asked.length - 1]!());
    },
    pause: (ms) => Promise.resolve(void pauses.push(ms)),
  });
  expect(heard).toEqual([1, 2, 3, 4]);
  expect(asked).toEqual(['0', '2', '2']);
  expect(stood).toEqual(['live', 'broken', 'broken', 'live', 'over']);
  expect(pauses).toEqual([500, 1_000]);
});

test('a stream that there is no room for is asked for when the server said; until then who looks is told every three seconds', async () => {
  const all = [1, 2].map((seq) => fact(seq, 'stage.finished', { nodes: [] }));
  const full = () => new Response('', { status: 429, headers: { 'retry-after': '10' } });
  const answers = [full, () => new Response('', { status: 429 }), () => sse(all, true)];
  const heard: number[] = [];
  const did: (Hearing | number)[] = [];
  await serverFacts.hear('run_1', () => 0, {
    tell: (facts) => void heard.push(...facts.map(({ seq }) => seq)),
    stand: (hearing) => void did.push(hearing),
    signal: new AbortController().signal,
    send: () => Promise.resolve(answers.shift()!()),
    pause: (ms) => Promise.resolve(void did.push(ms)),
  });
  expect(heard).toEqual([1, 2]);
  const round = ['full', 3_000, 'full', 3_000, 'full', 3_000, 'full', 3_000];
  expect(did).toEqual([...round, ...round, 'live', 'over']);
});

test('events that are cut anywhere between two pieces of a stream come whole', async () => {
  const all = [1, 2, 3].map((seq) => fact(seq, 'step.answered', { item: 0, attempt: 1, out: { out: ['grüezi ✓'] } }));
  const bytes = new Uint8Array(await sse(all, true).arrayBuffer());
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 6 }), async (cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          for (let i = 1; i < at.length; i++) controller.enqueue(bytes.slice(at[i - 1], at[i]));
          controller.close();
        },
      });
      const heard: StoredFact[] = [];
      await serverFacts.hear('r', () => 0, {
        tell: (facts) => void heard.push(...facts),
        stand: () => undefined,
        signal: new AbortController().signal,
        send: () => Promise.resolve(new Response(body)),
        pause: () => Promise.reject(new Error('It broke, and should not have.')),
      });
      expect(heard).toEqual(all);
    }),
    { numRuns: 60 },
  );
});

const stretch = fc.tuple(fc.nat(400_000), fc.nat(60_000)).map(([from, long]) => ({ from, to: from + long }));

test('time on the scale never runs backwards, fills the width, and work is never folded', () => {
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 8 }), fc.array(fc.nat(500_000), { minLength: 2 }), (busy, instants) => {
      const whole = { from: 0, to: 500_000 };
      const { at, folds } = scaleOf(whole, busy);
      expect(at(whole.from)).toBeCloseTo(0);
      expect(at(whole.to)).toBeCloseTo(1);
      const places = instants.toSorted((a, b) => a - b).map(at);
      for (const [index, place] of places.entries())
        expect(place).toBeGreaterThanOrEqual((places[index - 1] ?? 0) - 1e-9);
      for (const { from, to } of busy)
        for (const fold of folds) {
          const overlap = Math.min(at(to), fold.left + fold.width) - Math.max(at(from), fold.left);
          expect(overlap).toBeLessThanOrEqual(1e-9);
        }
    }),
  );
});

test('a step that asked a person worked, waited, and worked again; the wait is not work', () => {
  const facts = [
    fact(2, 'call.suspended', { ...call, call: 'review', waiting: { kind: 'review', title: 'Pay?' } }),
    fact(9, 'call.answered', { ...call, call: 'review' }),
  ];
  const waits = waitsOf(facts).of('tell');
  expect(waits).toEqual([{ from: 2_000, to: 9_000, why: 'person' }]);
  const times = timesOf(stepOf('tell', { startedAt: 1_000, finishedAt: 10_000 }), waits, 0);
  expect(times.work).toEqual([
    { from: 1_000, to: 2_000 },
    { from: 9_000, to: 10_000 },
  ]);
});

test('a step that waits to try items again does not work then, and says when it goes on', () => {
  const facts = [
    fact(1, 'step.intended', { items: [0, 1], attempt: 1 }),
    fact(2, 'item.failed', { item: 0, attempt: 1, fault: { code: 'x', message: 'No.' }, retryAt: 5_000 }),
    // The other one was on its way all that time: no wait began yet.
    fact(4, 'item.failed', { item: 1, attempt: 1, fault: { code: 'x', message: 'No.' }, retryAt: 9_000 }),
    fact(6, 'step.answered', { item: 0, attempt: 2, out: {} }),
  ];
  const waits = (n: number) => waitsOf(facts.slice(0, n)).of('tell');
  expect(waits(3)).toEqual([{ from: 4_000, to: 5_000, why: 'retry', says: 'No.' }]);
  expect(waits(4)).toEqual([
    { from: 4_000, to: 5_000, why: 'retry', says: 'No.' },
    { from: 6_000, to: 9_000, why: 'retry', says: 'No.' },
  ]);
  expect([4_500, 5_500].map((now) => triesAgainAt(waits(3), now))).toEqual([5_000, undefined]);
});

test('a step that a retry kept ended before the retry began: it took no time of it', () => {
  const kept = stepOf('tell', { startedAt: 9_000, finishedAt: 1_000 });
  expect(isKept(kept)).toBe(true);
  expect(timesOf(kept, undefined, 0)).toEqual({ work: [], waits: [] });
  expect(isKept({ ...kept, finishedAt: 9_000 })).toBe(false);
});

test('what became of each item sent is its last word; a person’s word counts as one', () => {
  const facts = [
    fact(1, 'step.intended', { items: [0, 1, 2], attempt: 1 }),
    fact(2, 'step.answered', { item: 0, attempt: 1, out: {} }),
    fact(3, 'item.failed', { item: 1, attempt: 1, fault: { code: 'x', message: 'It answered 503.' }, retryAt: 9 }),
    fact(4, 'step.answered', { item: 1, attempt: 2, out: {} }),
    fact(5, 'step.in-doubt', { items: [2], why: 'x' }),
    fact(6, 'doubt.answered', { item: 2, answer: 'sent' }),
  ];
  const tell = { key: 'tell', path: '' };
  const state = (n: number) => effectsOf(facts.slice(0, n), tell).map((effect) => effect.state);
  expect(state(1)).toEqual(['sending', 'sending', 'sending']);
  expect(state(3)).toEqual(['done', 'retrying', 'sending']);
  expect(state(5)).toEqual(['done', 'done', 'doubt']);
  expect(effectsOf(facts, tell).map(({ state: now, attempts }) => [now, attempts])).toEqual([
    ['done', 1],
    ['done', 2],
    ['done', 1],
  ]);
});

test('Effects counted one though three requests had left: what was sent is counted, each try, and each call of a batch', () => {
  const busy = { code: 'http.status', message: 'It answered 503.' };
  const tries = [
    fact(1, 'step.intended', { items: [0], attempt: 1 }),
    fact(2, 'item.failed', { item: 0, attempt: 1, fault: busy, retryAt: 3_000 }),
    fact(3, 'step.intended', { items: [0], attempt: 2 }),
    fact(4, 'item.failed', { item: 0, attempt: 2, fault: busy, retryAt: 5_000 }),
    fact(5, 'step.intended', { items: [0], attempt: 3 }),
    fact(6, 'step.answered', { item: 0, attempt: 3, out: {} }),
  ];
  const sent = (n: number, facts = tries) => sentIn(effectsOf(facts.slice(0, n), { key: 'tell', path: '' }));
  expect([1, 2, 3, 6].map((n) => sent(n))).toEqual([1, 1, 2, 3]);
  const http = { op: 'http.send', hash: 'h' };
  const batch = [
    fact(1, 'call.intended', { ...http, call: '0', effect: 'effect' }),
    fact(2, 'call.answered', { ...http, call: '0' }),
    // A GET has no intent; waiting for a time is a call as well, and sends nothing.
    fact(3, 'call.answered', { ...http, call: '1' }),
    fact(4, 'call.suspended', { ...call, op: 'timer.until', call: '2', waiting: { kind: 'timer', due: 9 } }),
    fact(5, 'call.answered', { ...call, op: 'timer.until', call: '2' }),
    fact(6, 'call.intended', { ...http, call: '3', effect: 'effect' }),
    fact(7, 'step.in-doubt', { items: [], call: '3', why: 'x' }),
    fact(8, 'doubt.answered', { call: '3', answer: 'again' }),
    fact(9, 'call.intended', { ...http, call: '3', effect: 'effect' }),
  ];
  expect([1, 2, 3, 5, 6, 9].map((n) => sent(n, batch))).toEqual([1, 1, 2, 2, 3, 4]);
  expect(effectsOf(batch.slice(0, 7), { key: 'tell', path: '' }).map(({ state }) => state)).toEqual([
    'done',
    'done',
    'doubt',
  ]);
});

test('a request to a host that is not there counted as sent: what never left is not counted', () => {
  const sentOf = (facts: Parameters<typeof effectsOf>[0]) => sentIn(effectsOf(facts, { key: 'tell', path: '' }));
  const lost = { code: 'http.dns', message: 'mail.example.com could not be resolved.', done: 'no' };
  const busy = { code: 'http.status', message: 'It answered 503.', done: 'no' };
  const late = { code: 'http.timeout', message: 'It gave no answer.', done: 'unknown' };
  const tries = [
    fact(1, 'step.intended', { items: [0], attempt: 1 }),
    fact(2, 'item.failed', { item: 0, attempt: 1, fault: lost, retryAt: 3_000 }),
    fact(3, 'step.intended', { items: [0], attempt: 2 }),
    fact(4, 'item.failed', { item: 0, attempt: 2, fault: busy, retryAt: 5_000 }),
    fact(5, 'step.intended', { items: [0], attempt: 3 }),
    fact(6, 'item.failed', { item: 0, attempt: 3, fault: late }),
  ];
  expect([1, 2, 3, 4, 6].map((n) => sentOf(tries.slice(0, n)))).toEqual([1, 0, 1, 1, 2]);
  const http = { op: 'http.send', hash: 'h' };
  const batch = [
    fact(1, 'call.intended', { ...http, call: '0', effect: 'effect' }),
    fact(2, 'call.answered', { ...http, call: '0', fault: { ...late, done: 'no' } }),
    fact(3, 'call.answered', { ...http, call: '1', fault: lost }),
    fact(4, 'call.answered', { ...http, call: '2', fault: busy }),
  ];
  expect([1, 2, 3, 4].map((n) => sentOf(batch.slice(0, n)))).toEqual([1, 0, 0, 1]);
});

test('an item of a join is known by the order of its edges, through turns to the path around them', () => {
  const document = draw(`hook:start.webhook -> big:rules.if
    big.true -> reply:control.respond
    big.false -> reply`);
  const steps = [stepOf('big', { output: { true: [1, 2], false: [3, 4, 5] } })];
  const from = (item: number) => {
    const source = sourceOf({ document, catalogue, steps }, stepOf('reply', { path: '/loop:4' }), 'in', item);
    return source && `${source.port} ${source.item}`;
  };
  expect([0, 1, 2, 4, 5].map(from)).toEqual(['true 0', 'true 1', 'false 0', 'false 2', undefined]);
});

test('a tree goes into what is open and no further; paths read as code does', () => {
  const items = [{ a: { b: [1] }, 'odd key': null }, 7];
  const lines = (depth: number, told = new Map<string, boolean>()) =>
    linesOf(items, [0, 1], { told, depth }).map(({ id, isOpen }) => `${id}${isOpen ? ' open' : ''}`);
  expect(lines(0)).toEqual(['0', '1']);
  expect(lines(1)).toEqual(['0 open', '0/a', '0/odd key', '1']);
  expect(
    lines(
      0,
      new Map([
        ['0', true],
        ['0/a', true],
      ]),
    ),
  ).toEqual(['0 open', '0/a open', '0/a/b', '0/odd key', '1']);
  expect(pathText(['a', 'b', 0, 'odd key'])).toBe('.a.b[0]["odd key"]');
  expect(preview({ id: 3, lines: [1], who: { a: 1 } })).toBe('{ id: 3, lines: […], who: {…} }');
});

test('items are found by all words in any case; iterations are counted from one', () => {
  const texts = searchTexts([{ who: 'Maren', n: 1 }, { who: 'Tomasz' }, 'maren']);
  expect(findItems(texts, 'MAREN')).toEqual([0, 2]);
  expect(findItems(texts, 'maren "n":1')).toEqual([0]);
  expect(findItems(texts, ' ')).toEqual([0, 1, 2]);
  expect(['', '/loop:2', '/loop:2/inner:0'].map(turnWords)).toEqual(['', 'iteration 3', 'iteration 3.1']);
});

test('an approval took 20 s in the list and 6 ms beside it: one figure, which has its waits in it, also under its card', () => {
  const facts = [
    fact(1, 'call.suspended', { ...call, call: 'review', waiting: { kind: 'review', title: 'Pay?' } }),
    fact(21, 'call.answered', { ...call, call: 'review' }),
  ];
  const waits = waitsOf(facts);
  const step = stepOf('tell', { startedAt: 21_000, finishedAt: 21_006, output: { reply: [1] } });
  expect(tookOf(timesOf(step, waits.of('tell'), 0))).toBe('20 s');
  const graph = draw('hook:start.webhook -> tell:connect.http-request');
  expect(pictureOf(graph, [step], catalogue, { waits }).nodes.get('tell')?.foot).toBe('1 item · 20 s');
});

test('a node of a loop took “39 s” that people took to answer between its iterations: it took what each of them did', () => {
  const at = (startedAt: number, finishedAt: number) =>
    timesOf(stepOf('tell', { startedAt, finishedAt }), undefined, 0);
  expect(tookOf(joined([at(0, 2), at(20_000, 20_003), at(39_000, 39_000)]))).toBe('5 ms');
  expect(tookOf(joined([at(0, 7)]))).toBe('7 ms');
  expect(tookOf(joined([]))).toBe('');
});

test('an approval that was stopped in its third iteration stood green, with the two that went well', () => {
  const asked = (turn: number, status: 'finished' | 'cancelled') =>
    stepOf('reply', { path: `/each:${turn}`, status, startedAt: turn, finishedAt: turn, output: {} });
  const graph = draw('hook:start.webhook -> each:control.loop.in\neach.each -> reply:data.set\nreply -> each.next');
  const steps = [asked(0, 'finished'), asked(1, 'finished'), asked(2, 'cancelled')];
  expect(pictureOf(graph, steps, catalogue, { isOver: true }).nodes.get('reply')).toMatchObject({
    mark: 'skipped',
    foot: 'Cancelled',
  });
});

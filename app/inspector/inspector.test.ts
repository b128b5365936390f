import { expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import { outlineOf } from '../canvas/outline-rows.ts';
import { anyFact } from '../../flow/facts/fact.ts';
import { catalogue } from '../canvas/testing/cards.ts';
import { asRan } from './as-ran.ts';
import { cellText, columnsOf } from './columns.ts';
import { count, duration } from '../ui/figures.ts';
import { answersOf } from './need-words.ts';
import { wornMark } from '../graph/picture.ts';
import { failedWords } from './failure.tsx';
import { pictureOf } from './run-picture.ts';
import { stepWord } from './status-words.ts';
import type { RunStep } from '../api/run-shapes.ts';
import { samplesFor } from './samples.ts';
import { stepOf } from './testing/steps.ts';

const graph = draw(`hook:start.webhook -> big:rules.if
  big.true -> tell:connect.http-request
  big.false -> reply:control.respond`);

const steps = [
  stepOf('hook', { output: { out: [{ n: 1 }, { n: 2 }, { n: 3 }] } }),
  stepOf('big', { input: { in: [1, 2, 3] }, output: { true: [{ n: 1 }], false: [] } }),
  stepOf('tell', { status: 'failed', input: { in: [{ n: 1 }] }, error: { code: 'x', message: 'It answered 503.' } }),
  stepOf('reply', { status: 'skipped' }),
];

test('an inner loop that is open in one iteration of the outer is done where another of those is looked at', () => {
  const nested = draw(`hook:start.webhook -> o:control.loop
    o.each -> i:control.loop
    i.each -> b:data.set -> i.next
    i.done -> o.next`);
  const one = { out: [{ n: 1 }] };
  const ran = [
    stepOf('hook', { output: one }),
    stepOf('o', { path: '/o:0', output: { each: [1] } }),
    stepOf('i', { path: '/o:0/i:0', output: { each: [1] } }),
    stepOf('b', { path: '/o:0/i:0', output: one }),
    stepOf('i', { path: '/o:0', output: { done: [1] } }),
    stepOf('o', { path: '/o:1', output: { each: [1] } }),
    stepOf('i', { path: '/o:1/i:0', output: { each: [1] } }),
    stepOf('b', { path: '/o:1/i:0', status: 'running' }),
  ];
  const foot = (turn?: string) => pictureOf(nested, ran, catalogue, { turn }).nodes.get('i')?.foot;
  expect(foot('/o:1')).toBe('In iteration 1');
  expect(foot('/o:0')).not.toContain('In iteration');
});

test('a loop that runs whole in one stage said how many items it took where others say in which iteration they are', () => {
  const whole = [
    stepOf('o', { status: 'running', input: { in: [1, 2] } }),
    stepOf('o', { path: '/o:0', output: { each: [1] } }),
    stepOf('b', { path: '/o:0', status: 'running' }),
  ];
  const drawn = draw('hook:start.webhook -> o:control.loop\no.each -> b:data.set -> o.next');
  expect(pictureOf(drawn, whole, catalogue).nodes.get('o')).toMatchObject({ mark: 'running', foot: 'In iteration 1' });
});

test('a run over its graph: marks and feet at nodes, counts on edges by port, nothing where nothing went', () => {
  const { nodes, edges } = pictureOf(graph, steps, catalogue);
  expect(nodes.get('hook')).toMatchObject({ mark: 'ok', foot: '3 items' });
  expect(nodes.get('big')).toMatchObject({ foot: '1 true · 0 false' });
  expect(nodes.get('tell')).toMatchObject({ mark: 'failed', foot: 'It answered 503.' });
  expect([...edges.values()].map((edge) => [edge.count, edge.isFailed, edge.isSkipped])).toEqual([
    [3, false, false],
    [1, true, false],
    [0, false, true],
  ]);
});

test('a card said nothing of items that were tried again: it shows the most attempts that one of them took', () => {
  const tried = stepOf('tell', { tries: 3, output: { reply: [{ n: 1 }] } });
  expect(pictureOf(graph, [tried], catalogue).nodes.get('tell')).toMatchObject({ mark: 'ok', attempts: 3 });
});

test('a step all of whose items left by the error output was green and Finished as if all had gone well', () => {
  const items = [{ n: 1 }, { n: 2 }, { n: 3 }];
  const asked = {
    ...graph,
    nodes: graph.nodes.map((node) =>
      node.key === 'tell' ? { ...node, settings: { onError: 'port' as const } } : node,
    ),
  };
  const left = (failed: number) =>
    stepOf('tell', {
      input: { in: items },
      output: { reply: items.slice(failed), error: items.slice(0, failed) },
      ...(failed > 0 ? { failed } : {}),
    });
  const seen = (step: RunStep, drawn = asked) => pictureOf(drawn, [step], catalogue).nodes.get('tell');
  expect(seen(left(3))).toMatchObject({ mark: 'erred', foot: '0 items · 3 errors' });
  expect(seen(left(1))).toMatchObject({ mark: 'erred', foot: '2 items · 1 error' });
  expect(seen(left(0))).toMatchObject({ mark: 'ok' });
  expect([left(3), left(1), left(0)].map(stepWord)).toEqual([
    'Finished with errors',
    'Finished with errors',
    'Finished',
  ]);
  expect([left(3), left(1)].map(failedWords)).toEqual(['All 3 items failed.', '1 of 3 items failed.']);
  // Items that go on unchanged are counted among those that left, and their errors are told all the same.
  const ignored = stepOf('tell', { input: { in: items }, output: { reply: items }, failed: 2 });
  expect(seen(ignored, graph)).toMatchObject({ mark: 'erred', foot: '3 items · 2 errors' });
});

test('a failure that a later attempt mended is history; one turn that failed speaks for its node', () => {
  const failed = stepOf('tell', { status: 'failed', path: '/l:0', error: { code: 'x', message: 'No.' } });
  const mended = stepOf('tell', { id: 'tell#2', path: '/l:0', attempt: 2, output: { reply: [1] } });
  expect(pictureOf(graph, [failed, mended], catalogue).nodes.get('tell')).toMatchObject({ mark: 'ok', attempts: 2 });
  const other = stepOf('tell', { id: 'b', path: '/l:1', output: { reply: [1] } });
  expect(pictureOf(graph, [failed, other], catalogue).nodes.get('tell')).toMatchObject({ mark: 'failed' });
});

test('data around a node comes from pins before the last run, by the port of the edge', () => {
  const world = { workflow: { id: 'w', name: 'W' }, now: 0 };
  expect(samplesFor(graph, catalogue, steps, 'tell', world).items).toEqual([{ n: 1 }]);
  expect(samplesFor(graph, catalogue, steps, 'reply', world).items).toEqual([]);
  const pinned = { ...graph, pins: { hook: [{ n: 9 }] } };
  expect(samplesFor(pinned, catalogue, steps, 'big', world).items).toEqual([{ n: 9 }]);
  expect(samplesFor(pinned, catalogue, [], 'big', world).outputs.get('hook')).toEqual([{ n: 9 }]);
});

test('the outline holds every node once, with branches deeper and named by their port', () => {
  const rows = outlineOf(graph, catalogue).map(({ key, depth, by }) => [key, depth, by]);
  expect(rows).toEqual([
    ['hook', 0, undefined],
    ['big', 0, undefined],
    ['tell', 1, 'true'],
    ['reply', 1, 'false'],
  ]);
});

test('of a node with several edges into it the outline told one way in only: it tells all, by name and output', () => {
  const joined = draw(`hook:start.webhook -> big:rules.if
    big.true -> tell:connect.http-request -> reply:control.respond
    big.false -> reply`);
  const by = (drawn: typeof joined) => Object.fromEntries(outlineOf(drawn, catalogue).map((row) => [row.key, row.by]));
  expect(by(joined)).toEqual({ hook: undefined, big: undefined, tell: 'true', reply: 'from HTTP request, If (false)' });
  const named = {
    ...joined,
    nodes: joined.nodes.map((node) => (node.key === 'tell' ? { ...node, title: 'Ask' } : node)),
  };
  expect(by(named)['reply']).toBe('from Ask, If (false)');
});

test('columns are the fields of the items with their kinds; cells never run over', () => {
  const items = [{ a: 1, b: 'x' }, { a: 2, c: [1] }, 7];
  expect(columnsOf(items).map(({ name, type }) => [name, type])).toEqual([
    ['a', 'number'],
    ['b', 'text'],
    ['c', 'list'],
    ['value', 'number'],
  ]);
  expect(cellText(items[1], 'c')).toBe('[1]');
  expect([cellText({ a: null }, 'a'), cellText({ a: '' }, 'a'), cellText({}, 'a')]).toEqual(['null', '', '']);
  expect(cellText({ long: 'x'.repeat(5_000) }, 'long')).toHaveLength(201);
});

test('an item that is an empty object says so: a row with nothing but its number looked like a fault', () => {
  expect(columnsOf([{}, {}]).map(({ name }) => name)).toEqual(['value']);
  expect(cellText({}, 'value')).toBe('{} (no fields)');
  expect(columnsOf([])).toEqual([]);
});

test('figures as people read them', () => {
  expect([7, 1_204, 12_400].map(count)).toEqual(['7', '1,204', '12.4 k']);
  expect([7.42, 412, 1_840, 14_000, 96_000, 3_720_000].map(duration)).toEqual([
    '7.4 ms',
    '412 ms',
    '1.8 s',
    '14 s',
    '1 m 36 s',
    '1 h 2 m',
  ]);
});

test('a question to a person says what follows from each answer, the safe one first', () => {
  const asked = answersOf({ kind: 'in-doubt', node: 'tell', step: 'tell', items: [0, 1] });
  expect(asked.title).toBe('2 calls of tell may have happened.');
  expect(asked.choices.map(({ answer }) => answer)).toEqual(['sent', 'again', 'fail']);
  const review = answersOf({ kind: 'review', title: 'Refund?', details: { choices: ['pay', 'refuse'] } });
  expect(review.choices.map(({ title }) => title)).toEqual(['Pay', 'Refuse']);
});

test('a node that is missing was said to come by itself: what is so, and what can be done, is said', () => {
  const drawn = draw('go:start.manual -> say:own.word');
  const need = { kind: 'missing-node', node: 'say', step: 'say' };
  const gone = answersOf({ ...need, details: { type: 'own.word', version: 1 } }, drawn, catalogue);
  expect([gone.title, gone.text]).toEqual(['say is not installed.', 'Install it, then try again.']);
  expect(gone.choices.map(({ answer }) => answer)).toEqual(['again', 'fail']);
  const changed = answersOf({ ...need, details: { type: 'own.word', version: 1, content: 'abc' } }, drawn, catalogue);
  expect(changed.title).toBe('say has changed since.');
  expect(changed.text).toContain('Publish the workflow again');
});

test('an item that went to false was counted on true: an edge without a port is of the first port of its card', () => {
  const drawn = draw(`hook:start.webhook -> big:rules.if
    big -> tell:connect.http-request
    big.false -> reply:control.respond`);
  const run = [stepOf('hook', { output: { out: [{ n: 1 }] } }), stepOf('big', { output: { false: [{ n: 1 }] } })];
  const { nodes, edges } = pictureOf(drawn, run, catalogue);
  expect([...edges.values()].map((edge) => edge.count)).toEqual([1, 0, 1]);
  expect(nodes.get('big')?.foot).toBe('0 true · 1 false');
});

test('what a failed run did not reach was drawn as if it went on, and an edge that was split kept the count of the old one', () => {
  const drawn = draw(`hook:start.webhook -> one:data.set -> two:data.set -> reply:control.respond`);
  const run = [stepOf('hook', { output: { out: [{ n: 1 }] } }), stepOf('one', { status: 'failed', output: {} })];
  const skipped = (isOver: boolean) =>
    [...pictureOf(drawn, run, catalogue, { isOver }).edges].map(([id, { isSkipped }]) => [id, isSkipped]);
  expect(skipped(true)).toEqual([
    ['hook→one', false],
    ['one→two', true],
    ['two→reply', true],
  ]);
  // While it runs nobody knows yet.
  expect(skipped(false).map(([id]) => id)).toEqual(['hook→one', 'one→two']);

  const split = draw(`hook:start.webhook -> more:data.set -> one:data.set -> two:data.set -> reply:control.respond`);
  const now = pictureOf(split, run, catalogue, { isOver: true, ran: drawn });
  expect([...now.edges.keys()].filter((id) => id.includes('more'))).toEqual([]);
});

test('a node that was edited after the run kept its green mark, and one that failed its red one over what was corrected', () => {
  const drawn = draw(`hook:start.webhook -> one:data.set -> two:data.set`);
  const run = [
    stepOf('hook', { output: { out: [{ n: 1 }] } }),
    stepOf('one', { status: 'failed', output: {} }),
    stepOf('two', { status: 'running', output: {} }),
  ];
  const edited = {
    ...drawn,
    nodes: drawn.nodes.map((node) => ({
      ...node,
      params: { ...node.params, more: 1 },
      at: [9, 9] as [number, number],
    })),
  };
  const { nodes } = pictureOf(edited, run, catalogue, { isOver: true, ran: drawn });
  expect([...nodes.values()].map(wornMark)).toEqual([undefined, undefined, 'running']);
  expect(nodes.get('one')?.foot).toBe('Edited since this run');

  const moved = {
    ...drawn,
    nodes: drawn.nodes.map((node) => ({ ...node, title: 'Other', at: [9, 9] as [number, number] })),
  };
  const still = pictureOf(moved, run, catalogue, { isOver: true, ran: drawn });
  expect([...still.nodes.values()].map(wornMark)).toEqual(['ok', 'failed', 'running']);
});

test('a review said that nothing follows although a step did, and its buttons ignored the words of the form', () => {
  const drawn = draw(`hook:start.manual -> ask:control.review
    ask -> tell:connect.http-request`);
  const need = { kind: 'review', node: 'ask', title: 'Pay?', details: { choices: ['approved', 'declined'] } };
  const { choices } = answersOf(need, drawn, catalogue);
  expect(choices.map(({ title, says }) => [title, says])).toEqual([
    ['Approve', 'Then: HTTP request.'],
    ['Decline', 'No node follows.'],
  ]);
  const named = { ...drawn, nodes: drawn.nodes.map((node) => (node.key === 'ask' ? { ...node, params: own } : node)) };
  expect(answersOf(need, named, catalogue).choices.map(({ title }) => title)).toEqual(['Pay it', 'Leave it']);
});

const own = {
  choices: [
    { id: 'approved', name: 'Pay it' },
    { id: 'declined', name: 'Leave it' },
  ],
};

test('a run of a published version showed “Pinned” on nodes whose pins it never used', () => {
  const drawn = { ...draw('hook:start.webhook -> price:data.set'), pins: { hook: [{ n: 1 }], price: [{ n: 2 }] } };
  const first = (pins?: object) =>
    ({
      ...anyFact.parse({ ...startedFact, data: { ...startedFact.data, ...(pins ? { pins } : {}) } }),
      seq: 1,
    }) as const;
  expect(asRan(drawn, first()).pins).toEqual({});
  expect(asRan(drawn, undefined).pins).toEqual({});
  // What a try took over from another run stands in for a node too, and nobody pinned it.
  expect(
    asRan({ ...drawn, pins: { hook: [{ n: 1 }] } }, first({ hook: { out: [{ n: 1 }] }, price: { out: [] } })).pins,
  ).toEqual({
    hook: [{ n: 1 }],
  });
  // Nor is what was pinned told of a node that the data of another run stood in for.
  expect(asRan(drawn, first({ hook: { out: [{ n: 7 }] } })).pins).toEqual({});
});

const startedFact = {
  type: 'run.started',
  at: 1,
  data: {
    workflow: { id: 'w', name: 'W', version: 1 },
    plan: 'p',
    engine: 1,
    start: 'hook',
    input: { items: [] },
    lane: 'realtime',
    trigger: { kind: 'webhook' },
    mode: 'live',
    root: 'r',
    seed: 's',
  },
};

import { expect, test } from 'vitest';
import { compile } from '../compile/compile.ts';
import type { NodeCard } from '../document/card.ts';
import type { Node, Workflow } from '../document/workflow.ts';
import { catalogueOf, testCards } from '../testing/cards.ts';
import { draw } from '../testing/draw.ts';
import { check } from './check.ts';
import { codes } from './codes.ts';
import { rules } from './rules.ts';
import type { CheckContext } from './view.ts';

const pure = testCards.find(({ type }) => type === 'test.pure') as NodeCard;
const start = testCards.find(({ type }) => type === 'test.start') as NodeCard;
const text = { type: 'string' };

const cards: readonly NodeCard[] = [
  ...testCards,
  { ...pure, type: 'test.old' },
  { ...pure, type: 'rules.decision-table' },
  { ...pure, type: 'test.old', version: 2 },
  {
    ...start,
    type: 'test.hook',
    defaults: { methods: ['POST'], reply: 'now' },
    params: {
      type: 'object',
      required: ['path'],
      properties: { path: text, methods: { type: 'array' }, reply: { enum: ['now', 'last', 'respond'] } },
    },
  },
  {
    ...pure,
    type: 'test.form',
    params: {
      type: 'object',
      required: ['name'],
      properties: {
        name: { type: 'string', minLength: 1 },
        color: { enum: ['red', 'green'] },
        login: { type: 'string', ui: 'credential' },
        call: { type: 'string', ui: 'workflow' },
        where: {},
        code: { type: 'string', ui: 'code' },
        said: { type: 'string', title: 'Said', literal: true },
        body: { ui: 'json', title: 'Body' },
      },
    },
    checks: [
      {
        when: {
          all: [
            { left: '{{ $json.color }}', op: 'equals', right: 'red' },
            { left: '{{ $json.login }}', op: 'empty' },
          ],
        },
        message: 'Red needs a login.',
        param: 'login',
      },
    ],
  },
];
const catalogue = catalogueOf(cards);

const amount = { id: 'amount', type: 'number' };
const table = (rows: unknown[], columns: unknown[] = [amount], more = {}): Workflow =>
  draw('a:test.start -> t:rules.decision-table', { t: { params: { columns, rows, ...more } } });
const row = (when: object, then: unknown = 1) => ({ when, then: { then } });
const numbers = Array.from({ length: 12 }, (_, n) => ({ id: `n${n}`, type: 'number' }));
const crossed = Array.from({ length: 300 }, (_, r) =>
  row(
    Object.fromEntries(numbers.map(({ id }, c) => [id, { gte: (r * (c + 3)) % 300, lt: ((r * (c + 5)) % 300) + 100 }])),
    r,
  ),
);
const context: CheckContext = {
  types: cards.map(({ type }) => type),
  credentials: ['c1', 'hook'],
  unsent: ['hook'],
  taken: [
    { type: 'test.hook', path: 'bill/:nr', methods: ['POST', 'PUT'], by: 'Bill' },
    { type: 'test.hook', path: 'form', by: 'Page' },
  ],
  workflows: [
    { id: 'w1', name: 'Bill', isPublished: true },
    { id: 'w2', name: 'Ship', isPublished: false },
  ],
};

const line = (params: Node['params'], more: Partial<Node> = {}): Workflow =>
  draw('begin:test.start -> form:test.form', { form: { params: { name: 'x', ...params }, ...more } });

/** Each row: a document with one thing wrong, the code, a part of the message, a part of what mends it. */
const wrongs: readonly [string, unknown, string, string, string][] = [
  ['a table that leaves a case open', table([row({ amount: { gte: 10 } })]), 'table.gap', 'below 10', 'otherwise'],
  [
    'a row that never decides',
    table([row({}), row({ amount: { gt: 1 } })]),
    'table.unreachable',
    'Row 2',
    'move it above',
  ],
  [
    'rows at odds',
    table([row({ amount: { gte: 1 } }), row({ amount: { lte: 5 } }, 2)]),
    'table.overlap',
    'Rows 1 and 2',
    'Narrow',
  ],
  ['a table beyond looking at', table(crossed, numbers), 'table.too-large', 'too large', 'Split'],
  ['a type nobody has', draw('a:test.start -> b:test.puer'), 'unknown-type', '“test.puer”', 'Write test.pure'],
  [
    'a version nobody has',
    draw('a:test.start -> b:test.old', { b: { version: 7 } }),
    'unknown-type',
    'up to version 2',
    'update',
  ],
  [
    'an old version',
    draw('a:test.start -> b:test.old', { b: { version: 1 } }),
    'newer-version',
    'newer version, 2',
    'goes on working',
  ],
  [
    'an edge to nowhere',
    { ...draw('price:test.start'), edges: [{ from: 'price', to: 'prize' }] },
    'edge-end',
    '“prize”',
    'Write price',
  ],
  [
    'an edge from a port that is not there',
    draw('a:test.start -> b:test.two\nb.c -> d'),
    'edge-end',
    'two has no output “c”',
    '“a”, “b”',
  ],
  [
    'an edge into a start',
    draw('a:test.start -> b\nc:test.start -> a'),
    'edge-end',
    'it is a start',
    'Remove the edge',
  ],
  [
    'a part where items go',
    draw('a:test.start -> g:test.agent\nm:test.model -> g.model\nm -> g.in'),
    'edge-kind',
    'gives a part',
    'made for it',
  ],
  [
    'items where a part goes',
    draw('a:test.start -> b:test.agent\na -> b.model'),
    'edge-kind',
    'takes a part',
    'made for it',
  ],
  ['an edge twice', draw('a:test.start -> b\na.out -> b.in'), 'edge-twice', 'from start to pure', 'Remove one'],
  ['a circle', draw('a:test.start -> b -> c -> b\nc -> d'), 'cycle', 'pure (b) → pure (c) → pure (b)', 'input “next”'],
  ['a circle of one', draw('a:test.start -> b -> b'), 'cycle', 'pure → pure', 'input “next”'],
  [
    'an edge out of a body',
    draw('a:test.start -> l:test.loop\nl.each -> b -> l.next\nl.done -> c\nb -> c'),
    'loop-leak',
    'body of loop',
    'output “done”',
  ],
  [
    'an edge back from outside',
    draw('a:test.start -> l:test.loop\nl.each -> b -> l.next\nl.done -> c -> l.next'),
    'loop-back',
    'from outside',
    'own body',
  ],
  ['a loop without a body', draw('a:test.start -> l:test.loop\nl.done -> b'), 'loop-empty', 'no body', 'output “each”'],
  [
    'a loop into which nothing comes back: it ran green, with “0 done · 3 each”',
    draw('a:test.start -> l:test.loop\nl.each -> b\nl.done -> c'),
    'loop-open',
    'Nothing comes back into loop, so its output “done”',
    'to its input “next”',
  ],
  [
    'a repeat into which nothing comes back',
    draw('a:test.start -> l:test.repeat\nl.try -> b'),
    'loop-open',
    'nothing that its conditions',
    'to its input “next”',
  ],
  ['no start', draw('a -> b'), 'no-start', 'Nothing starts', 'Add a start'],
  [
    'a start that leads to nothing',
    draw('a:test.start -> b\nc:test.hook', { c: { params: { path: 'o' } } }),
    'start-alone',
    'start (c) leads to no node: a run that it starts does nothing.',
    'Connect it',
  ],
  [
    'a start that leads to a disabled node and no other',
    draw('a:test.start -> b', { b: { settings: { disabled: true } } }),
    'start-alone',
    'start leads to no node',
    'Connect it',
  ],
  ['a node apart', draw('a:test.start -> b\nc'), 'unreachable', 'leads to pure (c)', 'Connect it'],
  ['a missing param', line({ name: undefined }), 'param-missing', 'Enter a name.', ''],
  ['an empty param', line({ name: '' }), 'param-invalid', 'Enter a name.', ''],
  ['a wrong word', line({ color: 'gren' }), 'param-invalid', 'color is “gren”', 'Use “green”'],
  ...(
    [
      [
        'that is never closed',
        'greeting {{ $json.',
        '{{ opens an expression that is not closed at line 1, column 10',
        '}}',
      ],
      ['closed by one bracket', '{{ $json.name } !', 'column 1', 'write \\{{ to keep'],
      ['behind one that is whole', 'a\n{{ $json.a }} {{ $json.b', 'line 2, column 15', 'Close it with }}'],
      ['that is never opened', 'Hi $json.name }}', '}} closes an expression that is not opened', 'Put {{ in front'],
      ['in single brackets', 'Hi { $json.name }!', 'one pair of brackets at line 1, column 4', 'Write {{ and }}'],
      ['without brackets', ' $json.lines[0].net', 'without brackets at line 1, column 2', 'Write {{ and }}'],
      ['of another node, without brackets', "$('a').item.name", 'without brackets', 'Write {{ and }}'],
    ] as const
  ).map(([what, given, says, mend]): [string, Workflow, string, string, string] => [
    `nearly an expression, ${what}: it was text in silence`,
    line({ name: given }),
    'expression-nearly',
    says,
    mend,
  ]),
  [
    'an expression where none is read',
    line({ said: 'Hi {{ $json.a }}' }),
    'expression-unread',
    'Said is used',
    'itself',
  ],
  ['a misspelt param', line({ colour: 'red' }), 'param-unknown', 'no field “colour”', 'Use color'],
  ['params at odds', line({ color: 'red' }), 'param-check', 'Red needs a login.', ''],
  [
    'ports by expression',
    draw('a:test.start -> m.in1:test.merge', { m: { params: { inputs: '{{ $json.n }}' } } }),
    'param-ports',
    'cannot be an expression',
    'fixed value',
  ],
  ['a book in a param', line({ where: 'x'.repeat(200_000) }), 'large-params', '200 thousand', 'data table'],
  ['an expression that does not parse', line({ name: '{{ $json. }}' }), 'expression.syntax', '', ''],
  [
    'a name that does not exist',
    line({ name: '{{ jsn.x }}' }),
    'expression.unknown-name',
    '“jsn”'.replaceAll(/[“”]/g, '"'),
    '',
  ],
  [
    'a node that is not there',
    line({ name: "{{ $('begn').first().x }}" }),
    'reference-unknown',
    '“begn”',
    "$('begin')",
  ],
  [
    'a node that runs later',
    draw('a:test.start -> b -> c', { b: { params: { x: "{{ $('c').item }}" } } }),
    'reference-later',
    'runs only after',
    'before',
  ],
  [
    'itself',
    draw('a:test.start -> b', { b: { params: { x: "{{ $('b').item }}" } } }),
    'reference-later',
    'its own output',
    'before',
  ],
  [
    'a node on another way',
    draw('a:test.start -> b\na -> c', { b: { params: { x: "{{ $('c').item }}" } } }),
    'reference-aside',
    'another way',
    'Lead an edge',
  ],
  ['a credential that cannot be sent', line({ login: 'hook' }), 'credential-kind', '“hook”', 'bearer token'],
  ['a lost credential', line({ login: 'c9' }), 'credential-missing', '“c9”', 'Create it'],
  [
    'a cookie in an answer',
    draw('a:test.hook -> r:test.respond', {
      a: { params: { path: 'o', reply: 'respond' } },
      r: { params: { headers: { 'Set-Cookie': 'a=1' } } },
    }),
    'header-unsent',
    'Set-Cookie is not sent: Heddle’s screens share this address',
    'an address of its own',
  ],
  [
    'a credential by expression',
    line({ login: '{{ $json.c }}' }),
    'credential-worked-out',
    'allows all',
    'Choose a fixed connection',
  ],
  ['a lost workflow', line({ call: 'w9' }), 'workflow-missing', 'is not in this workspace', 'Choose another workflow'],
  ['a called draft, by its name', line({ call: 'w2' }), 'workflow-missing', '“Ship” is not published', 'Publish it'],
  [
    'a lost error workflow',
    { ...line({}), settings: { errorWorkflow: 'w9' } },
    'workflow-missing',
    'is not in this workspace',
    'Choose another workflow',
  ],
  [
    'a lookahead',
    line({ where: { all: [{ left: 1, op: 'matches', right: 'a(?=b)' }] } }),
    'pattern-unusable',
    'a(?=b)',
    'code node',
  ],
  [
    'a broken pattern',
    line({ where: { left: 1, op: 'not-matches', right: 'a(' } }),
    'pattern-unusable',
    'a(',
    'brackets must close',
  ],
  [
    'broken JSON around an expression',
    line({ body: '{"id": "{{ $json.id }}",\n "total": oops}' }),
    'json-broken',
    'Body is not valid JSON at line 2, column 11',
    'quotes, commas and brackets',
  ],
  [
    'two starts on one path',
    draw('a:test.hook -> c\nb:test.hook -> c', { a: { params: { path: 'o/:id' } }, b: { params: { path: 'o/:nr' } } }),
    'path-twice',
    'as start (a) does',
    'another path',
  ],
  [
    'a path that another workflow has: only publishing told',
    draw('a:test.hook -> c', { a: { params: { path: 'bill/:id', methods: ['PUT'] } } }),
    'path-taken',
    'The workflow “Bill” listens on the path “bill/:id”.',
    'Enter another path',
  ],
  [
    'a path of a form, which has all methods',
    draw('a:test.hook -> c', { a: { params: { path: 'form', methods: ['DELETE'] } } }),
    'path-taken',
    '“Page” listens on the path “form”',
    'Enter another path',
  ],
  [
    'a reply nobody gives',
    draw('a:test.hook -> b', { a: { params: { path: 'o', reply: 'respond' } } }),
    'reply-without-respond',
    'leads to none',
    'Add a Respond',
  ],
  [
    'a branch after which nobody answers',
    draw('a:test.hook -> b -> r:test.respond\nb.error -> c', {
      a: { params: { path: 'o', reply: 'respond' } },
      b: { settings: { onError: 'port' } },
    }),
    'respond-branch-open',
    'No Respond node follows “error”: the caller of start gets an empty answer there.',
    'Connect “error” to a Respond node.',
  ],
  [
    'a reply nobody hears',
    draw('a:test.hook -> r:test.respond', { a: { params: { path: 'o' } } }),
    'respond-unheard',
    'respond is never used: start responds immediately',
    'Set “reply” of start to “respond”',
  ],
  [
    'a reply nobody hears, with a start by hand beside it to try it out',
    draw('a:test.hook -> r:test.respond\nb:test.start -> r', { a: { params: { path: 'o', reply: 'last' } } }),
    'respond-unheard',
    'start (a) responds when the last node finishes',
    'Set “reply” of start (a)',
  ],
  [
    'a reply that a node gives which is off',
    draw('a:test.hook -> r:test.respond', {
      a: { params: { path: 'o', reply: 'respond' } },
      r: { settings: { disabled: true } },
    }),
    'reply-without-respond',
    'leads to none',
    'Add a Respond',
  ],
  [
    'a link of nothing',
    draw('a:test.start -> b', { b: { params: { text: 'Go on: {{ $step.resumeUrl }}' } } }),
    'link-nowhere',
    'no node after it waits',
    'Put a Wait node',
  ],
  [
    'a link that nobody gets',
    draw('a:test.start -> w:test.called'),
    'link-untold',
    'no node before it sends',
    '$step.resumeUrl',
  ],
  [
    'a retried effect',
    draw('a:test.start -> b:test.effect', { b: { settings: { retry: { times: 2 } } } }),
    'retry-of-effect',
    'first time',
    'Set “Retries” to 0',
  ],
  [
    'an effect in a repeat',
    draw('a:test.start -> l:test.repeat\nl.try -> b:test.effect -> l.next'),
    'effect-in-repeat',
    'every try of repeat',
    'behind',
  ],
  [
    'an effect in a loop',
    draw('a:test.start -> l:test.loop\nl.each -> b:test.effect -> l.next'),
    'effect-in-loop',
    'every iteration of loop',
    'behind',
  ],
  [
    'errors that lead nowhere',
    line({}, { settings: { onError: 'port' } }),
    'error-port-open',
    'leads nowhere',
    'set “On error” to “Stop the run”',
  ],
  [
    'a zone that is none',
    { ...line({}), settings: { timezone: 'Berlin' } },
    'unknown-timezone',
    '“Berlin”',
    'Europe/Berlin',
  ],
  ['a pin of nobody', { ...line({}), pins: { ghost: [] } }, 'stray-name', '“ghost”', 'Correct the key'],
  [
    'a group of nobody',
    { ...line({}), groups: [{ id: 'g', title: 'G', nodes: ['ghost'] }] },
    'stray-name',
    '“G”',
    'Correct the key',
  ],
  ['a test of nobody', { ...line({}), tests: [{ name: 't', start: 'ghost' }] }, 'stray-name', '“t”', 'Correct the key'],
];

test.each(wrongs)('%s: one Issue that says what and how to mend it', (_, document, code, message, mend) => {
  const issues = check(document, catalogue, context);
  expect(issues.map((issue) => issue.code)).toEqual([code]);
  expect(issues[0]).toMatchObject({
    message: expect.stringContaining(message),
    mend: expect.stringContaining(mend),
    level: codes[code as keyof typeof codes].level,
  });
  // What a message asks for by itself needs no second sentence.
  for (const words of [issues[0]!.message, issues[0]!.mend || 'Said.']) expect(words).toMatch(/^\S.*\.$/s);
});

test('more loops than can be followed are refused, not followed', () => {
  const many = Array.from(
    { length: 101 },
    (_, n) => `l${n}:test.loop\nl${n}.each -> b${n} -> l${n}.next\na -> l${n}.in`,
  );
  const issues = check(draw(`a:test.start\n${many.join('\n')}`), catalogue);
  expect(issues.map(({ code }) => code)).toEqual(['too-many-loops']);
});

test('every code that a rule of the graph may report is reported in a test above', () => {
  const tried = new Set<string>(wrongs.map(([, , code]) => code));
  // Those of times, comparisons and addresses hang on fields of real nodes: nodes/issues.test.ts.
  const ofTimes = ['cron-unusable', 'duration-unusable', 'duration-absurd'];
  const ofAnswers = ['type-unsent', 'redirect-open'];
  const ofNodes = [...ofTimes, ...ofAnswers, 'condition-kinds', 'condition-empty', 'address-example', 'batch-large'];
  const ofCode = ['code-syntax', 'code-unavailable'];
  const ofOthers = ['too-many-loops', 'unchecked-expressions', 'key-long', 'endless-recursion', ...ofCode];
  const elsewhere = new Set([...ofOthers, ...ofNodes]);
  const untried = rules
    .flatMap((rule) => rule.codes)
    .filter((code) => !tried.has(code) && !elsewhere.has(code) && !code.startsWith('expression.'));
  expect(untried).toEqual([]);
  const known = new Set<string>(rules.flatMap((rule) => rule.codes));
  const orphans = Object.keys(codes).filter((code) => !known.has(code) && !code.startsWith('document.'));
  expect(orphans).toEqual(['too-much-to-check', 'not-checked', 'check-failed']);
});

const rights: readonly [string, Workflow][] = [
  ['a chain', draw('a:test.start -> b -> c')],
  ['several starts', draw('a:test.start -> c\nb:test.start -> c')],
  [
    'nested loops',
    draw(
      'a:test.start -> l:test.loop\nl.each -> m.in:test.repeat\nm.try -> b -> m.next\nm.done -> l.next\nl.done -> c',
    ),
  ],
  [
    'a loop read from within, and from behind',
    draw('a:test.start -> l:test.loop\nl.each -> b -> l.next\nl.done -> c', {
      b: { params: { x: "{{ $('l').item + $('a').first() }}" } },
      c: { params: { x: "{{ $('l').all() }}" } },
    }),
  ],
  ['a model wired into an agent', draw('a:test.start -> b:test.agent\nm:test.model -> b.model')],
  [
    'an error port that leads on',
    draw('a:test.start -> b -> c\nb.error -> d', { b: { settings: { onError: 'port' } } }),
  ],
  [
    'a disabled node with wrong params',
    draw('a:test.start -> form:test.form -> b', {
      form: { params: { name: '{{', color: 'x' }, settings: { disabled: true } },
    }),
  ],
  ['brackets in code', line({ code: 'return {{ a: 1 }' })],
  ...[
    'Write \\{{ to open one, or \\{{ $json.name } as it is',
    '{"a":{"b":{"c":1}}}',
    'costs $5 }} and {5}',
    '`${$json.name}`'.slice(1, -1),
    '{{ {a: {b: $json.a}} }} of {{ "{{" }}',
    'See $json in the docs',
  ].map((name): [string, Workflow] => [`a text of brackets that is no expression: ${name}`, line({ name })]),
  ['a template in any field', line({ color: '{{ $json.color }}' })],
  [
    'a caller that waits for a reply',
    draw('a:test.hook -> r:test.respond', { a: { params: { path: 'o', reply: 'respond' } } }),
  ],
  [
    'a reply that one of two callers waits for',
    draw('a:test.hook -> r:test.respond\nb:test.hook -> r', {
      a: { params: { path: 'o', reply: 'respond' } },
      b: { params: { path: 'p' } },
    }),
  ],
  [
    'other methods on one path',
    draw('a:test.hook -> c\nb:test.hook -> c', {
      a: { params: { path: 'o' } },
      b: { params: { path: 'o', methods: ['GET'] } },
    }),
  ],
  [
    'a retried effect with a key',
    draw('a:test.start -> b:test.effect', {
      b: { settings: { retry: { times: 2 } }, params: { headers: { 'Idempotency-Key': 'k' } } },
    }),
  ],
];

test.each(rights)('nothing is wrong with %s', (_, document) => {
  expect(check(document, catalogue, context)).toEqual([]);
  expect(compile(document, catalogue)).toMatchObject({ ok: true });
});

test('errors come first, and hints last', () => {
  const levels = check({ ...line({ name: '', colour: 1 }), pins: { ghost: [] } }, catalogue).map(({ level }) => level);
  expect(levels).toEqual(['error', 'warning', 'hint']);
});

test('a catalogue that breaks is our fault, and no exception', () => {
  const broken = () => {
    throw new Error('the store is gone');
  };
  expect(check(line({}), broken)).toMatchObject([
    { code: 'check-failed', message: expect.stringContaining('the store is gone') },
  ]);
});

test('how a node that never runs is set keeps nothing from running; how the graph hangs together does', () => {
  const levels = (edges: string, params: object = {}) => {
    const { nodes, ...rest } = draw(edges);
    const document = {
      ...rest,
      nodes: nodes.map((node) => (node.key === 'f' ? { ...node, type: 'test.form', params } : node)),
    };
    return check(document, catalogue).flatMap(({ level, code, where }) =>
      where.node === 'f' || where.edge !== undefined ? [`${level} ${code}`] : [],
    );
  };
  expect(levels('a:test.start -> f')).toEqual(['error param-missing']);
  expect(levels('a:test.start -> b\nf')).toEqual(['warning unreachable', 'warning param-missing']);
  expect(levels('a:test.start -> b\nf', { name: '{{ nope( }}' })).toEqual([
    'warning unreachable',
    expect.stringMatching(/^warning expression/),
  ]);
  expect(levels('a:test.start -> b\nf -> gone.x', { name: 'n' })).toContain('error edge-end');
  // Without a start nobody knows what will lead where.
  expect(levels('b -> f')).toEqual(['error param-missing']);
});

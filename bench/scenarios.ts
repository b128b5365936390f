import type { Workflow } from '../flow/document/workflow.ts';

/** The body of S1 to S3. */
export const order = { name: 'Ada', email: 'ada@example.com', amount: 120, plan: 'pro' };

type Node = Workflow['nodes'][number];
export const hook = (path: string, reply = 'respond'): Node => ({
  key: 'hook',
  type: 'start.webhook',
  params: { path, methods: ['POST'], reply },
});
export const set = (key: string, fields: Record<string, [string, unknown]>): Node => ({
  key,
  type: 'data.set',
  params: { keep: 'all', fields: Object.entries(fields).map(([name, [type, value]]) => ({ name, type, value })) },
});
const where = (left: string, op: string, right?: unknown) => ({
  where: { all: [right === undefined ? { left, op } : { left, op, right }] },
});
export const reply: Node = { key: 'reply', type: 'control.respond', params: { with: 'first', status: 200 } };
export const chain = (...ends: string[]) => ends.slice(1).map((to, index) => ({ from: ends[index]!, to }));
export const named = (name: string, nodes: Node[], edges: Workflow['edges']): Workflow => ({
  heddle: 1,
  name,
  nodes,
  edges,
});

/** Webhook, set three fields, reply. */
export const s1 = named(
  'S1',
  [
    hook('s1'),
    {
      key: 'set',
      type: 'data.set',
      params: {
        keep: 'none',
        fields: [
          { name: 'greeting', type: 'string', value: 'Hello {{ $json.body.name }}' },
          { name: 'total', type: 'number', value: '{{ $json.body.amount * 1.2 }}' },
          { name: 'source', type: 'string', value: 'bench' },
        ],
      },
    },
    reply,
  ],
  chain('hook', 'set', 'reply'),
);

/** Webhook, ten pure nodes in a row, reply. */
export const s2 = named(
  'S2',
  [
    hook('s2'),
    {
      key: 'set4',
      type: 'data.set',
      params: {
        keep: 'none',
        fields: ['name', 'email', 'amount', 'plan'].map((name) => ({
          name,
          type: name === 'amount' ? 'number' : 'string',
          value: `{{ $json.body.${name} }}`,
        })),
      },
    },
    { key: 'above', type: 'rules.filter', params: where('{{ $json.amount }}', 'gt', 10) },
    { key: 'pro', type: 'rules.if', params: where('{{ $json.plan }}', 'equals', 'pro') },
    set('total', { total: ['number', '{{ $json.amount * 1.2 }}'] }),
    { key: 'customer', type: 'data.rename', params: { names: [{ from: 'name', to: 'customer' }] } },
    { key: 'mailed', type: 'rules.filter', params: where('{{ $json.email }}', 'not-empty') },
    { key: 'big', type: 'rules.if', params: where('{{ $json.total }}', 'gt', 100) },
    set('label', { label: ['string', '{{ $json.customer.toUpperCase() }}-{{ $json.plan }}'] }),
    { key: 'grand', type: 'data.rename', params: { names: [{ from: 'total', to: 'grandTotal' }] } },
    set('source', { source: ['string', 'bench'] }),
    reply,
  ],
  [
    ...chain('hook', 'set4', 'above', 'pro'),
    { from: 'pro.true', to: 'total' },
    ...chain('total', 'customer', 'mailed', 'big'),
    { from: 'big.true', to: 'label' },
    ...chain('label', 'grand', 'source', 'reply'),
  ],
);

/** Webhook answers at once; set, filter and set run in the background. */
export const s3 = named(
  'S3',
  [
    hook('s3', 'now'),
    set('first', {
      total: ['number', '{{ $json.body.amount * 1.2 }}'],
      greeting: ['string', 'Hello {{ $json.body.name }}'],
    }),
    { key: 'above', type: 'rules.filter', params: where('{{ $json.total }}', 'gt', 10) },
    set('second', { label: ['string', '{{ $json.greeting }}!'] }),
  ],
  chain('hook', 'first', 'above', 'second'),
);

const records = `
const regions = ['north', 'south', 'east', 'west', 'centre'];
const out = [];
for (let id = 0; id < 10000; id++) out.push({ id, region: regions[id % 5], amount: (id * 7919) % 1000, qty: 1 + (id % 9), name: 'item ' + id });
return out;`;

/** Webhook, 10,000 records from code, filter, sort, set, summarise, reply. */
export const s4 = named(
  'S4',
  [
    hook('s4'),
    { key: 'records', type: 'code.javascript', params: { mode: 'all', code: records } },
    { key: 'above', type: 'rules.filter', params: where('{{ $json.amount }}', 'gte', 100) },
    { key: 'sorted', type: 'data.sort', params: { by: [{ field: 'amount', order: 'desc' }] } },
    set('priced', {
      total: ['number', '{{ $json.amount * $json.qty }}'],
      label: ['string', '{{ $json.name.toUpperCase() }}-{{ $json.region }}'],
    }),
    {
      key: 'sums',
      type: 'data.summarize',
      params: {
        by: ['region'],
        sums: [
          { field: 'id', op: 'count', as: 'count' },
          { field: 'total', op: 'sum', as: 'total' },
        ],
        as: 'items',
      },
    },
    { key: 'reply', type: 'control.respond', params: { with: 'all', status: 200 } },
  ],
  [...chain('hook', 'records', 'above', 'sorted', 'priced', 'sums', 'reply')],
);

const work = (item: string) =>
  `({ ...${item}, name: ${item}.name.trim().toUpperCase(), city: ${item}.city.slice(0, 3), note: ${item}.note + '!', amount: ${item}.amount * 2, added: true })`;
const s5 = (name: string, mode: 'all' | 'each'): Workflow =>
  named(
    name,
    [
      hook(name.toLowerCase()),
      { key: 'split', type: 'data.split-out', params: { field: 'body' } },
      {
        key: 'code',
        type: 'code.javascript',
        params: {
          mode,
          code: mode === 'all' ? `return items.map((item) => ${work('item')});` : `return ${work('item')};`,
        },
      },
      {
        key: 'count',
        type: 'data.summarize',
        params: { by: [], sums: [{ field: 'name', op: 'count', as: 'count' }], as: 'items' },
      },
      reply,
    ],
    chain('hook', 'split', 'code', 'count', 'reply'),
  );

/** 1,000 items, split, code once for all, count. */
export const s5a = s5('S5a', 'all');
/** 1,000 items, split, code once for each, count. */
export const s5b = s5('S5b', 'each');

/** The 1,000 items of S5, about 100 bytes each. */
export const thousand = Array.from({ length: 1_000 }, (_, id) => ({
  id,
  name: ` item ${id} `,
  city: 'Amsterdam',
  note: 'a note of some length',
  amount: id % 97,
}));

/** What S6 calls once for each item: one field is set. */
export const s6child = named(
  'S6 child',
  [{ key: 'given', type: 'start.called' }, set('set', { total: ['number', '{{ $json.amount * 2 }}'] })],
  chain('given', 'set'),
);

/** Webhook, split, the workflow of this id once for each item, count. */
export const s6 = (child: string): Workflow =>
  named(
    'S6',
    [
      hook('s6'),
      { key: 'split', type: 'data.split-out', params: { field: 'body' } },
      { key: 'call', type: 'control.call', params: { workflow: child, mode: 'each' } },
      {
        key: 'count',
        type: 'data.summarize',
        params: { by: [], sums: [{ field: 'total', op: 'count', as: 'count' }], as: 'items' },
      },
      reply,
    ],
    chain('hook', 'split', 'call', 'count', 'reply'),
  );

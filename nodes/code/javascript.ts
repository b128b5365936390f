import * as z from 'zod';
import { durationMs } from '../../flow/document/duration.ts';
import { isObject } from '../../flow/document/json.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { defineNode } from '../kit/define-node.ts';
import { choice, code, timeLimit, whole } from '../kit/fields.ts';
import { option } from '../kit/unfolding.ts';

export const javascript = defineNode({
  type: 'code.javascript',
  version: 1,
  title: 'Code',
  icon: 'braces',
  summary: 'Runs your JavaScript over the items, in a sandbox without network or files.',
  line: '{{ mode === "each" ? "for each item" : "once for all items" }}',
  params: z.object({
    code: code({
      title: 'Code',
      description: 'The body of a function. Read items with $input.all() or $json; return the output.',
      noun: 'code',
      placeholder: 'return $input.all()\n  .map((item) => ({\n    ...item,\n    total: 2 * item.price,\n  }));',
      language: 'javascript',
    }),
    mode: choice(['all', 'each'], {
      title: 'Run',
      labels: { all: 'Once for all items', each: 'Once for each item' },
    }).default('all'),
    timeout: option(timeLimit({ title: 'Timeout' })).default('30s'),
    memory: option(whole({ title: 'Memory limit (MB)', min: 8, max: 1_024 })).default(128),
  }),
  literal: ['code', 'mode', 'timeout', 'memory'],
  inputs: { in: {} },
  outputs: { out: {} },
  needs: ['code'],
  effect: 'pure',
  all: async ({ items, params, code: sandbox, log }) => {
    const { code: source, mode, timeout, memory: memoryMb } = params;
    const timeoutMs = Math.min(durationMs(timeout) ?? 30_000, 300_000);
    const readHint = readingHint(source, items);
    const returned = await sandbox.run({ source, mode, items, timeoutMs, memoryMb }).catch((error: unknown) => {
      throw withHint(error, readHint);
    });
    const made = mode === 'each' ? fromEach(returned) : fromAll(returned);
    const hint = envelopeHint(returned, mode) ?? readHint;
    if (hint !== undefined) log.warn(hint);
    return made;
  },
  examples: [
    {
      name: 'One sum of all items',
      params: { code: 'return { sum: $input.all().reduce((sum, item) => sum + item.n, 0) };' },
      given: { in: [{ n: 2 }, { n: 3 }] },
      with: { code: (items: { n: number }[]) => ({ sum: items.reduce((sum, item) => sum + item.n, 0) }) },
      gives: { out: [{ sum: 5 }] },
    },
    {
      name: 'Each item by itself; nothing returned drops it',
      params: { mode: 'each', code: 'return $json?.name?.toUpperCase();' },
      given: { in: [{ name: 'åsa' }, {}, null] },
      with: { code: (items: ({ name?: string } | null)[]) => items.map((item) => item?.name?.toUpperCase()) },
      gives: { out: ['ÅSA'] },
    },
    {
      name: 'Says which item a new one comes from',
      params: { code: 'return $input.all().map((item, $from) => ({ double: item.n * 2, $from })).reverse();' },
      given: { in: [{ n: 1 }, { n: 2 }] },
      with: {
        code: (items: { n: number }[]) => items.map((item, $from) => ({ double: item.n * 2, $from })).toReversed(),
      },
      gives: { out: [{ double: 4 }, { double: 2 }] },
    },
    {
      name: 'Code that throws',
      params: { code: 'throw new Error("no stock");' },
      given: { in: [{}] },
      with: { code: { fault: 'code.threw', message: 'no stock' } },
      gives: { fault: 'code.threw' },
    },
  ],
});

/** The item as code writes it, `{ total: 1 }`; what is long or has odd names stands for itself as dots. */
function literal(item: unknown): string {
  const fields = Object.entries(isObject(item) ? item : {}).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  const text = fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
  return text.length <= 80 && Object.keys(isObject(item) ? item : {}).every((name) => /^[A-Za-z_$][\w$]*$/.test(name))
    ? text
    : '{ … }';
}

/** What to read instead, where code reads items as n8n has them, `item.json.total`: here the item is the data itself. */
function readingHint(source: string, items: readonly unknown[]): string | undefined {
  const read = itemsJson.exec(source);
  const isThere = items.some((item) => isObject(item) && Object.hasOwn(item, 'json'));
  if (!read || isThere || /\$node\b/.test(source)) return undefined;
  const [, name] = read;
  return name === undefined
    ? 'Items have no json here: write item instead of item.json.'
    : `Items have no json here: write item.${name} instead of item.json.${name}.`;
}

/** `item.json`, `items[0].json`, `$input.first()?.json`, with the field that is read; not `$json` nor `response.json()`. */
const itemsJson = /(?:[)\]]|(?<![\w$])[A-Za-z_]\w*)\s*\??\.json\b(?!\s*\()(?:\??\.([A-Za-z_$][\w$]*))?/;

/** A fault of code that has nothing to say on how to mend it, with the hint. */
function withHint(error: unknown, hint: string | undefined): unknown {
  if (hint === undefined || !(error instanceof Fault) || error.code !== 'code.threw' || error.mend) return error;
  return new Fault(error.code, error.message, { details: error.details, mend: hint });
}

const envelope = new Set(['json', 'binary', 'pairedItem', '$from']);

/** What to return instead, where code returned items as n8n has them, `{ json: { … } }`: here that is an item whose one field is json. */
function envelopeHint(returned: unknown, mode: 'all' | 'each'): string | undefined {
  const items = (Array.isArray(returned) ? returned.flat() : [returned]).filter((item) => item !== undefined);
  const [first] = items;
  const isEnvelope = (item: unknown) =>
    isObject(item) && isObject(item['json']) && Object.keys(item).every((name) => envelope.has(name));
  if (!isObject(first) || !items.every(isEnvelope)) return undefined;
  const written = literal(first['json']);
  const shown = mode === 'each' || !Array.isArray(returned) ? written : `[${written}]`;
  return `Each item came out with all its fields under json. Return the item itself: return ${shown}`;
}

/** What code returned once for all: a list of items, one item, or nothing. */
function fromAll(returned: unknown): readonly unknown[] {
  if (returned === undefined) return [];
  return Array.isArray(returned) ? returned.map(wrapped) : [wrapped(returned)];
}

/** The author's `{…, $from}` is the whole item, whatever its fields are called; `{value, $from}` would be taken apart (E25). */
function wrapped(value: unknown): unknown {
  if (!isObject(value) || !Object.hasOwn(value, '$from')) return value;
  const { $from, ...item } = value;
  return { value: item, $from };
}

/** What code returned for each item: nothing, one value, or a list of several. */
function fromEach(returned: unknown): readonly unknown[] {
  if (!Array.isArray(returned)) {
    throw new Fault('code.bad-output', 'The sandbox gave no list of what the code returned for each item.');
  }
  return returned.flatMap((value: unknown, $from) => {
    if (value === undefined) return [];
    return (Array.isArray(value) ? value : [value]).map((item: unknown) => ({ value: item, $from }));
  });
}

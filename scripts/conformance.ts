import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { compileTemplate } from '../flow/expression/compile.ts';
import { ExpressionFault } from '../flow/expression/faults.ts';
import { fromForeign } from '../flow/expression/foreign.ts';
import type { NodeScope, Scope } from '../flow/expression/scope.ts';

/**
 * `npm run conformance -- FOLDER [--json]`: works out every expression of FOLDER/expressions.jsonl.gz, as the importer would
 * bring it in, and compares with the value that the corpus' engine gives. Equal is equal as JSON, with one rule of ours: an
 * object in the middle of text prints as JSON here and as `[object Object]` there.
 */
const sampleSchema = z.object({
  id: z.string(),
  expr: z.string(),
  json: z.unknown(),
  nodes: z.record(z.string(), z.unknown()),
  expected: z.unknown().optional(),
  error: z.string().optional(),
});

type Sample = z.infer<typeof sampleSchema>;

/** What an expression came to: a value, a missing value, or a fault by code. */
type Outcome = { readonly value: unknown } | { readonly fault: string; readonly message: string };

function samplesIn(folder: string): Sample[] {
  const text = gunzipSync(readFileSync(join(folder, 'expressions.jsonl.gz'))).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => sampleSchema.parse(JSON.parse(line)));
}

/** Keys for titles, as the importer makes them: lower case, underscores, unique. */
function keysFor(titles: readonly string[]): Map<string, string> {
  const keys = new Map<string, string>();
  const taken = new Set<string>();
  for (const title of titles) {
    const stem = `n_${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')}`;
    let key = stem;
    for (let i = 2; taken.has(key); i++) key = `${stem}_${i}`;
    taken.add(key);
    keys.set(title, key);
  }
  return keys;
}

function scopeOf(sample: Sample, keys: ReadonlyMap<string, string>): Scope {
  const nodes = new Map<string, NodeScope>();
  for (const [title, json] of Object.entries(sample.nodes)) {
    const node = { item: () => json, first: () => json, last: () => json, all: () => [json] };
    nodes.set(keys.get(title) ?? title, node);
  }
  return {
    json: sample.json,
    itemIndex: 0,
    items: [sample.json],
    node: (key) => nodes.get(key),
    now: clockOf(sample),
    zone: 'UTC',
    turn: 0,
    runIndex: 0,
    workflow: { id: '1', name: 'oracle' },
    run: { id: 'run_1', mode: 'manual' },
    vars: {},
    random: () => 0.5,
  };
}

/**
 * What the clock said when the sample was recorded: the recorder stopped it, save for `new Date` without brackets and for Luxon's own
 * clock, where its real time is in the answer (two samples).
 */
function clockOf({ expr, expected }: Sample): number {
  const isReal = /new Date\b(?!\s*\()|DateTime\..*\.ts\b/.test(expr);
  const at = typeof expected === 'number' ? expected : typeof expected === 'string' ? Date.parse(expected) : Number.NaN;
  return isReal && new Date(at).getUTCFullYear() === 2026 ? at : Date.UTC(2024, 2, 5, 14, 30, 15);
}

function workOut(sample: Sample): Outcome {
  const keys = keysFor(Object.keys(sample.nodes));
  const { text } = fromForeign(sample.expr, (title) => keys.get(title));
  try {
    return { value: compileTemplate(text)(scopeOf(sample, keys)) };
  } catch (thrown) {
    if (thrown instanceof ExpressionFault) return { fault: thrown.code, message: thrown.message };
    return { fault: 'crash', message: String(thrown) };
  }
}

/** The corpus' marks `$undefined`, `$num` (NaN, infinities) and `$luxon` (a DateTime, by its ISO text) as our values. */
function expectedOf(sample: Sample): Outcome {
  if (sample.error !== undefined) return { fault: 'any', message: sample.error };
  const { expected } = sample;
  if (typeof expected !== 'object' || expected === null) return { value: expected };
  if ('$error' in expected) return { fault: 'any', message: String(expected.$error) };
  if ('$undefined' in expected) return { value: undefined };
  if ('$num' in expected) return { value: Number(expected.$num) };
  if ('$luxon' in expected) return { value: expected.$luxon };
  return { value: expected };
}

const printed = (value: unknown): string =>
  typeof value === 'number' ? String(value) : (JSON.stringify(sorted(value)) ?? 'undefined');

/** The order of an object's fields does not count. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}

const inText = 'object in text (counted as equal: ours prints JSON where the corpus has [object Object])';

/** `equal`, the documented rule, or the cause of a difference. */
function verdict(sample: Sample, got: Outcome, wanted: Outcome): string {
  if ('fault' in wanted) return 'fault' in got ? 'equal' : causeOfValue(wanted.message);
  if ('fault' in got)
    return `fault ${got.fault} where the corpus has ${wanted.value === undefined ? 'undefined' : 'a value'}`;
  if (printed(got.value) === printed(wanted.value)) return 'equal';
  if (differOnlyInObjects(got.value, wanted.value)) return inText;
  return knownCause(sample.expr, got.value, wanted.value) ?? plainCause(got.value, wanted.value);
}

function causeOfValue(message: string): string {
  if (message.includes('security concerns'))
    return 'data under a name that the corpus engine refuses and ours need not';
  if (message.includes('only callable on')) return 'a function that ours has for more kinds of values';
  return `value where the corpus has the error "${message.slice(0, 60)}"`;
}

/** Differences that were looked at and are meant, or are the other engine's mistake. */
function knownCause(expr: string, got: unknown, wanted: unknown): string | undefined {
  const flat = (value: unknown) => printed(value).replaceAll('\\n ', '\\n');
  if (flat(got) === flat(wanted)) return 'the corpus engine puts a space after line ends inside template literals';
  if (/new Date\b(?!\([^)])|\$now|\$today|Date\.now|DateTime\.(?:now|local)|\.ts\b/.test(expr))
    return 'depends on the clock';
  if (expr.includes('$if') && wanted === undefined) return 'only the branch taken is worked out';
  const isEnvelope = typeof wanted === 'object' && wanted !== null && 'json' in wanted && 'pairedItem' in wanted;
  return isEnvelope ? 'an item is its value here, an envelope around it there' : undefined;
}

function plainCause(got: unknown, wanted: unknown): string {
  if (wanted === undefined) return 'value where the corpus has undefined';
  if (got === undefined) return 'undefined where the corpus has a value';
  return typeof got === typeof wanted ? `another ${typeof got}` : `${typeof got} for ${typeof wanted}`;
}

/** Whether the texts agree around every `[object Object]`, and ours has JSON there. */
function differOnlyInObjects(got: unknown, wanted: unknown): boolean {
  if (typeof got !== 'string' || typeof wanted !== 'string' || !wanted.includes('[object Object]')) return false;
  const pieces = wanted.split(/\[object Object\](?:,\[object Object\])*/);
  let at = 0;
  for (const [i, piece] of pieces.entries()) {
    const found = i === 0 ? (got.startsWith(piece) ? 0 : -1) : got.indexOf(piece, at);
    if (found < 0 || (i > 0 && !/^[[{][\s\S]*[\]}]$/.test(got.slice(at, found)) && piece !== '')) return false;
    at = found + piece.length;
  }
  return true;
}

const short = (text: string): string => (text.length > 160 ? `${text.slice(0, 160)}…` : text).replaceAll('\n', '\\n');

function report(folder: string, asJson: boolean): void {
  const samples = samplesIn(folder);
  const groups = new Map<string, string[]>();
  for (const sample of samples) {
    const got = workOut(sample);
    const wanted = expectedOf(sample);
    const cause = verdict(sample, got, wanted);
    const words = 'fault' in got ? `${got.fault}: ${got.message}` : printed(got.value);
    const other = 'fault' in wanted ? wanted.message : printed(wanted.value);
    const line = `  ${sample.id} ${short(sample.expr)}\n      ours ${short(words)}\n      corpus ${short(other)}`;
    groups.set(cause, [...(groups.get(cause) ?? []), line]);
  }
  const counts = (cause: string) => groups.get(cause)?.length ?? 0;
  const equal = counts('equal') + counts(inText);
  if (!asJson) {
    for (const [cause, lines] of groups) {
      if (cause !== 'equal') process.stdout.write(`${cause}: ${lines.length}\n${lines.join('\n')}\n\n`);
    }
    const share = ((100 * equal) / samples.length).toFixed(2);
    process.stdout.write(
      `${equal} of ${samples.length} equal (${share} %), of these ${counts(inText)} by the rule that objects in text print as JSON\n`,
    );
  }
  if (asJson) process.stdout.write(`${JSON.stringify({ equal, total: samples.length })}\n`);
}

const [folder, ...rest] = process.argv.slice(2).filter((part) => part !== '--');
if (folder === undefined || folder.startsWith('--')) {
  process.stderr.write('usage: npm run conformance -- FOLDER [--json]\n');
  process.exitCode = 2;
} else report(folder, rest.includes('--json'));

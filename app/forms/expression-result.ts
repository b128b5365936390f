import { isObject } from '../../flow/document/json.ts';
import type { ExpressionError } from '../../flow/expression/faults.ts';
import { ExpressionFault } from '../../flow/expression/faults.ts';
import { compilePieces, compileTemplate, isOneExpression } from '../../flow/expression/compile.ts';
import type { NodeScope, Scope } from '../../flow/expression/scope.ts';
import { beginsAsJson } from '../../flow/values/broken-json.ts';
import { readJson } from '../../flow/values/json-text.ts';

/** What is known of the data around a node: from the last run, or from pins. */
export interface Samples {
  /** The node's input on its first port. */
  readonly items: readonly unknown[];
  /** Outputs of other nodes, on their first port, by key. */
  readonly outputs: ReadonlyMap<string, readonly unknown[]>;
  readonly zone: string;
  readonly workflow: { readonly id: string; readonly name: string };
  /** Now, in epoch milliseconds. */
  readonly now: number;
}

/** What an expression gives for one item, in words. */
export type Gives =
  | { readonly ok: true; readonly value: unknown; readonly text: string; readonly type: string }
  | { readonly ok: false; readonly error: Pick<ExpressionError, 'message' | 'mend'> };

/** Works an expression out over one item of the samples, as a run would. */
export function gives(text: string, samples: Samples, index: number): Gives {
  try {
    const value = compileTemplate(text)(scopeOf(samples, index));
    return { ok: true, value, text: shown(value), type: typeWords(value) };
  } catch (error) {
    if (error instanceof ExpressionFault) return { ok: false, error: error.toError() };
    throw error;
  }
}

/** As `gives`, in a field that takes JSON: what is no JSON once it is filled in fails the run, and is no result here either. */
export function givesJson(title: string, text: string, samples: Samples, index: number): Gives {
  const given = gives(text, samples, index);
  if (!given.ok) return given;
  if (isOneExpression(text) && !(typeof given.value === 'string' && beginsAsJson(given.value))) return given;
  const pieces = isOneExpression(text)
    ? [{ text: String(given.value), isFilled: false }]
    : compilePieces(text)(scopeOf(samples, index));
  const read = readJson(pieces);
  if (read.ok) return { ok: true, value: read.value, text: shown(read.value), type: typeWords(read.value) };
  return { ok: false, error: { message: `${title} ${read.message}.`, mend: read.mend } };
}

function scopeOf(samples: Samples, index: number): Scope {
  return {
    json: samples.items[index],
    itemIndex: index,
    items: samples.items,
    node: (key) => nodeScope(samples, key, index),
    now: samples.now,
    zone: samples.zone,
    turn: 0,
    runIndex: 0,
    workflow: { ...samples.workflow },
    run: { id: 'preview', mode: 'manual' },
    vars: {},
    // A preview that changed with each key would be read as an error.
    random: () => 0.5,
  };
}

/** Lineage is not known here: with as many items as ours the one at our place, with one item that one. */
function nodeScope({ outputs, items }: Samples, key: string, index: number): NodeScope | undefined {
  const list = outputs.get(key);
  if (!list) return undefined;
  return {
    item: () => (list.length === items.length ? list[index] : list[0]),
    first: () => list[0],
    last: () => list.at(-1),
    all: () => list,
  };
}

const longest = 400;

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text === '' ? 'empty text' : text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** A value's kind in one word, as under fields and over columns. */
export function typeWords(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (isObject(value)) return 'object';
  return typeof value === 'string' ? 'text' : typeof value === 'undefined' ? '' : typeof value;
}

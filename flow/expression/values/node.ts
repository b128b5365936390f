import { Halt, mistake } from '../faults.ts';
import type { Run } from '../run.ts';
import type { NodeScope } from '../scope.ts';
import { Box } from './box.ts';
import { toInteger } from './convert.ts';

/** `$('key')` or `$input`: what a node gave, or what this one was given. */
export class NodeBox extends Box {
  readonly kind = 'node';
  readonly node: NodeScope;

  constructor(node: NodeScope) {
    super();
    this.node = node;
  }
  text(): string {
    return '[object Node]';
  }
  plain(): unknown {
    return undefined;
  }
}

/** A node that did not run: it can be asked whether it did, and nothing else. */
export class AbsentNodeBox extends Box {
  readonly kind = 'node';
  readonly key: string;

  constructor(key: string) {
    super();
    this.key = key;
  }
  text(): string {
    throw unknownNode(this.key);
  }
  plain(): unknown {
    throw unknownNode(this.key);
  }
}

/** The node of a key; throws when it is not there or did not run. */
export function nodeAt(run: Run, key: string): NodeScope {
  const node = run.scope.node(key);
  if (node === undefined) throw unknownNode(key);
  return node;
}

/** The fault for a key that names no node that ran. */
export function unknownNode(key: string): Halt {
  return new Halt(
    'expression.unknown-node',
    `There is no node "${key.slice(0, 60)}" that ran before this one.`,
    'Use the key of a node upstream, and connect it; $("key").isExecuted tells whether it ran.',
  );
}

/** The node's own input as a node. */
export function inputOf(run: Run): NodeScope {
  const { scope } = run;
  return {
    item: () => scope.json,
    first: () => scope.items[0],
    last: () => scope.items.at(-1),
    all: () => scope.items,
    files: () => scope.files,
  };
}

/** A field of a node; undefined when there is none. */
export function nodePart(run: Run, { node }: NodeBox, name: string): unknown {
  if (name === 'item' || name === 'json') return run.item(node.item());
  if (name === 'binary') return node.files?.() ?? {};
  return name === 'isExecuted' ? true : undefined;
}

/** Calls a method of a node. */
export function callNode(run: Run, { node }: NodeBox, name: string, args: readonly unknown[]): unknown {
  if (name === 'first') return run.item(node.first());
  if (name === 'last') return run.item(node.last());
  if (name === 'all') return items(run, node.all());
  if (name === 'item' || name === 'pairedItem') return run.item(node.item());
  if (name === 'itemMatching') return run.item(node.all()[toInteger(run, args[0])]);
  throw mistake(`A node has no method ${name}().`, 'Use first(), last(), all() or item.');
}

function items(run: Run, all: readonly unknown[]): unknown[] {
  run.length(all.length);
  for (const item of all) run.item(item);
  return [...all];
}

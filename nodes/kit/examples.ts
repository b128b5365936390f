import { inputPorts } from '../../flow/document/ports.ts';
import { scopeOver } from '../../flow/expression/scope.ts';
import { isObject } from '../../flow/document/json.ts';
import type { Batch } from './call.ts';
import { cardOf } from './card.ts';
import type { AnyNode } from './define-node.ts';
import { Failed } from './fault-record.ts';
import { fakeWorld } from './fakes.ts';
import type { FakeWorld, Fakes } from './fakes.ts';
import { prepare } from './perform.ts';
import type { NodeOutcome } from './perform.ts';

export type AnyExample = AnyNode['examples'][number];

/** What an example came to, in the form of its `gives`: items by port, or `{fault}`, or `{reply}`. */
export interface Played {
  readonly gives: unknown;
  /** The whole fault, when there was one. */
  readonly fault?: Failed['record'];
  readonly outcome?: NodeOutcome;
  readonly world: FakeWorld;
}

/** Carries an example out with its fakes. Ports without items are left out of `gives`, as authors leave them out. */
export async function playExample(
  definition: AnyNode,
  example: AnyExample,
  onError: Batch['onError'] = 'stop',
): Promise<Played> {
  const params = isObject(example.params) ? example.params : {};
  const fakes: Fakes = example.with ?? {};
  const world = fakeWorld(fakes);
  const batch = exampleBatch(definition, params, { given: example.given, fakes, onError });
  try {
    const outcome = await prepare(definition, params).batch(batch, world.powers);
    return { gives: givesOf(definition, outcome, example), outcome, world };
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    return { gives: { fault: error.record.code }, fault: error.record, world };
  }
}

/** What the example promises, in the same form as `Played.gives`. */
export const promised = (example: AnyExample): unknown =>
  isObject(example.gives) ? withoutEmpty(example.gives) : example.gives;

interface Given {
  readonly given: Readonly<Partial<Record<string, readonly unknown[]>>>;
  readonly fakes?: Fakes;
  readonly onError?: Batch['onError'];
}

/** A batch outside any run: for examples, previews and tests. */
export function exampleBatch(
  definition: AnyNode,
  params: Readonly<Record<string, unknown>>,
  { given, fakes = {}, onError }: Given,
): Batch {
  const ports = inputPorts(cardOf(definition), { key: 'example', type: definition.type, params: { ...params } });
  const inputs = definition.role === 'start' ? { event: fakes.event ?? [] } : inputsOf(ports, given);
  const now = Date.parse(fakes.clock?.now ?? '2026-01-15T09:30:00Z');
  const zone = fakes.clock?.zone ?? 'UTC';
  return {
    node: 'example',
    attempt: 1,
    inputs,
    first: Object.keys(inputs)[0] ?? 'in',
    scope: scopeOver(undefined, {
      items: [],
      now,
      zone,
      workflow: { id: 'workflow_example', name: 'Example' },
      run: { id: 'run_example', mode: 'test' },
      random: () => 0.5,
    }),
    onError: onError ?? 'stop',
    ...(fakes.loop === undefined ? {} : { turn: fakes.loop.turn, back: fakes.loop.back }),
    idempotencyKey: (index) => `wf_example${index === undefined ? '' : `_${index}`}`,
    signal: { aborted: false, throwIfAborted: () => undefined },
    now,
    zone,
  };
}

const inputsOf = (ports: readonly { name: string }[], given: Given['given']): Record<string, readonly unknown[]> =>
  Object.fromEntries(ports.map(({ name }) => [name, given[name] ?? []]));

function givesOf(definition: AnyNode, outcome: NodeOutcome, example: AnyExample): unknown {
  const wantsReply = 'reply' in example.gives && isObject(example.gives.reply);
  if (wantsReply) return { reply: withoutNode(outcome.reply) };
  if (outcome.stop) return { stop: outcome.stop };
  if (outcome.turn) return withoutEmpty(turnGives(definition, outcome.turn));
  return withoutEmpty(Object.fromEntries(Object.entries(outcome.out).map(([port, { items }]) => [port, items])));
}

const withoutNode = (reply: NodeOutcome['reply']): unknown => {
  if (reply === undefined) return undefined;
  const { node: _, ...rest } = reply;
  return rest;
};

/** A loop leaves by `done`; its other port is the body. */
function turnGives(definition: AnyNode, turn: NonNullable<NodeOutcome['turn']>): Record<string, unknown> {
  const body = Object.keys(definition.outputs).find((port) => port !== 'done') ?? 'each';
  return turn.done ? { done: turn.done } : { [body]: turn.body ?? [] };
}

const withoutEmpty = (ports: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(ports).filter(([, items]) => !Array.isArray(items) || items.length > 0));

import type * as z from 'zod';
import type { EffectClass, EffectSpec, NodeCard, PortsSpec, Role } from '../../flow/document/card.ts';
import type { AmbientPower, Power } from '../../flow/document/powers.ts';
import type { Compute } from './computation.ts';
import type { Budget } from '../../flow/facts/budget.ts';
import type { Granted, Powers, RolePowers, StopSignal } from './powers.ts';

/** What a node is given at each call beside its powers. Times are epoch milliseconds; `now` is the same on every attempt. */
export interface CallContext<Params> {
  readonly params: Params;
  readonly signal: StopSignal;
  readonly now: number;
  readonly zone: string;
  /** Told of loops over data, of what is made and of what cannot be interrupted, so that no node holds or fills its process. */
  readonly budget?: Budget | undefined;
  /** The behaviour number of the plan (E17): how values are read. */
  readonly engine: number;
  /** The same string on every attempt at the same item (or batch): `wf_…`. */
  readonly idempotencyKey: string;
  /** Parses a text of any length without holding the process: a long one is carried out in another. */
  readonly compute: Compute;
  /** The JSON text of a value of any size, written so that others have their turn. */
  readonly jsonText: (value: unknown) => Promise<string>;
  /**
   * Between two pieces of work of a node that stays in its process, because it asks for something outside: what is to be awaited when others should
   * have their turn now, mostly nothing.
   */
  readonly rest: () => Promise<void> | undefined;
}

type FixedPortNames<Spec> = Spec extends { each: string } | { count: string } ? string : keyof Spec & string;

/** Values by port, made with `deliver`; carries its port names in the type, so that a wrong port is a type error. */
export const delivery = Symbol('delivery');
export interface Delivery<PortName extends string = string> {
  readonly [delivery]: Readonly<Partial<Record<PortName, readonly unknown[]>>>;
  readonly ports?: PortName;
}

/** Says what leaves by which port: `deliver({ true: [item] })`. */
export const deliver = <PortName extends string>(
  ports: Readonly<Partial<Record<PortName, readonly unknown[]>>>,
): Delivery<PortName> => ({
  [delivery]: ports,
});

/** Marks a value made from the given item(s) of the first input, by index: lineage for `all` nodes (E25). */
export interface Derived {
  readonly value: unknown;
  readonly $from: number | readonly number[];
}

/** Effect of a pure node is `pure` and needs only ambient powers; with any other power `pure` is a type error. */
type EffectFor<Needs extends Power> = [Exclude<Needs, AmbientPower>] extends [never]
  ? EffectClass | EffectBy<EffectClass>
  : Exclude<EffectClass, 'pure'> | EffectBy<Exclude<EffectClass, 'pure'>>;
type EffectBy<Class extends EffectClass> = {
  readonly by: string;
  readonly else: Class;
  readonly [value: string]: string;
};

type RoleContext<NodeRole> = NodeRole extends 'respond'
  ? Pick<RolePowers, 'reply'>
  : NodeRole extends 'stop'
    ? Pick<RolePowers, 'stop'>
    : unknown;

type Each<Params, Outputs, Needs extends Power, NodeRole> = (
  call: CallContext<Params> & { item: unknown; index: number } & Granted<Needs> & RoleContext<NodeRole>,
) => EachReturn<Outputs> | Promise<EachReturn<Outputs>>;
/** With one output: a value, a list of values, or nothing. With several: what leaves by which (E26). */
type EachReturn<Outputs> =
  HasOneName<FixedPortNames<Outputs>> extends true ? unknown : Delivery<FixedPortNames<Outputs>> | undefined | void;
type HasOneName<Name extends string> = string extends Name
  ? false
  : [Name] extends [UnionToIntersection<Name>]
    ? true
    : false;
type UnionToIntersection<Union> = (Union extends unknown ? (member: Union) => void : never) extends (
  member: infer Whole,
) => void
  ? Whole
  : never;

/** A node that asks for something outside stays where it is, and its params may be worked out elsewhere: then they are awaited. */
type ParamsFor<Params, Needs extends Power> = [Exclude<Needs, AmbientPower>] extends [never]
  ? Params
  : Params | Promise<Params>;

type AllReturn<Outputs> = readonly unknown[] | Delivery<FixedPortNames<Outputs>>;
type All<Params, Inputs, Outputs, Needs extends Power, NodeRole> = (
  call: CallContext<Params> & {
    /** Items of the first input port. */
    items: readonly unknown[];
    inputs: Readonly<Record<FixedPortNames<Inputs>, readonly unknown[]>>;
    /** The params resolved for one item, for nodes that need expressions item by item: `paramsOf(3)`. */
    paramsOf: (index: number) => ParamsFor<Params, Needs>;
  } & Granted<Needs> &
    RoleContext<NodeRole>,
) => AllReturn<Outputs> | Promise<AllReturn<Outputs>>;

/**
 * What the service says of a request that was sent and not answered: it was done, and `gives` is what the node would have returned; it was not
 * done, so that it may be sent again; or it cannot tell, and a person is asked.
 */
export type Reconciled =
  | { readonly did: 'done'; readonly gives: unknown }
  | { readonly did: 'not-done' }
  | { readonly did: 'unknown'; readonly why?: string };

/** One turn of a loop: goes on with items for the body, or leaves. `back` is what came back in the turn before. */
type Turn<Params> = (
  call: CallContext<Params> & {
    items: readonly unknown[];
    turn: number;
    back: readonly (readonly unknown[])[];
    /** The params resolved for an item that came back from the turn before; in turn 0, for an input item. */
    paramsOf: (index: number) => Params;
  },
) => { body: readonly unknown[]; waitMs?: number } | { done: readonly unknown[] };

/** An example is manual, palette preview and test at once. `given` and `gives` are items by port. */
export interface Example<Params, Inputs, Outputs> {
  readonly name: string;
  readonly params: Params;
  readonly given: Readonly<Partial<Record<FixedPortNames<Inputs>, readonly unknown[]>>>;
  /** Fakes for powers, by power name: see `fakes.ts`. */
  readonly with?: Readonly<Record<string, unknown>>;
  readonly gives:
    | Readonly<Partial<Record<FixedPortNames<Outputs>, readonly unknown[]>>>
    | { readonly fault: string }
    | { readonly reply: unknown };
}

export interface NodeDefinition<
  Schema extends z.ZodObject = z.ZodObject,
  Inputs extends PortsSpec = PortsSpec,
  Outputs extends PortsSpec = PortsSpec,
  Needs extends Power = Power,
  NodeRole extends string | undefined = string | undefined,
> {
  readonly type: `${string}.${string}`;
  readonly version: number;
  readonly title: string;
  readonly icon: string;
  readonly summary: string;
  /** One line on the canvas card, a template over the params: `{{ method }} {{ url }}`; `said` has the params with choices by their labels. */
  readonly line?: string;
  /** Resolved params: what the node is called with. */
  readonly params: Schema;
  readonly inputs: Inputs;
  readonly outputs: Outputs;
  readonly needs?: readonly Needs[];
  readonly effect: EffectFor<Needs>;
  readonly role?: NodeRole;
  readonly runOnEmpty?: boolean;
  /** It sends each item one way: ports that no item took are skipped, even for what runs on empty. */
  readonly branches?: boolean;
  /** The literal switch that makes it wait until its link is called (E13). */
  readonly callable?: keyof z.infer<Schema> & string;
  /** The literal switch that lets a redirect of a GET or HEAD lead to another public host (E31). */
  readonly leads?: keyof z.infer<Schema> & string;
  /** When a power is not used: while each of these params has one of these values as written; null stands for one that is left out. */
  readonly idle?: {
    readonly [Name in Needs]?: Readonly<Partial<Record<keyof z.infer<Schema> & string, readonly (string | null)[]>>>;
  };
  readonly asTool?: boolean;
  /** Cross-field rules as data: when the condition (as in rules.if) holds over the params, the message is an Issue. */
  readonly checks?: readonly { readonly when: unknown; readonly message: string; readonly param?: string }[];
  /** Params kept as they were written (not resolved): code, or a template the node resolves itself. */
  readonly literal?: readonly (keyof z.infer<Schema> & string)[];
  readonly each?: Each<z.output<Schema>, Outputs, Needs, NodeRole>;
  readonly all?: All<z.output<Schema>, Inputs, Outputs, Needs, NodeRole>;
  /** Asks the service, changing nothing there, whether this item was done: what `inDoubt: verify` calls (E11). */
  readonly reconcile?: (
    call: CallContext<z.output<Schema>> & { item: unknown; index: number } & Granted<Needs>,
  ) => Promise<Reconciled>;
  readonly turn?: Turn<z.output<Schema>>;
  readonly examples: readonly Example<z.input<Schema>, Inputs, Outputs>[];
}

type ExactlyOne<Definition> =
  | (Definition & { each: object; all?: never; turn?: never })
  | (Definition & { all: object; each?: never; turn?: never })
  | (Definition & { turn: object; each?: never; all?: never });

/** What the kit calls a node with: every power that it was granted, whichever those are. */
export type AnyCall = CallContext<Readonly<Record<string, unknown>>> & {
  readonly items: readonly unknown[];
  readonly inputs: Readonly<Record<string, readonly unknown[]>>;
  readonly item: unknown;
  readonly index: number;
  readonly turn: number;
  readonly back: readonly (readonly unknown[])[];
  readonly paramsOf: (index: number) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>;
} & Partial<Powers> &
  Partial<RolePowers>;

/** A definition as the kit, the catalogue and the engine hold it: its own types were checked where it was defined. */
export interface AnyNode extends Omit<
  NodeDefinition,
  | 'each'
  | 'all'
  | 'turn'
  | 'reconcile'
  | 'effect'
  | 'needs'
  | 'role'
  | 'literal'
  | 'callable'
  | 'leads'
  | 'idle'
  | 'examples'
> {
  readonly effect: EffectSpec;
  readonly needs?: readonly Power[];
  readonly role?: Role;
  readonly literal?: readonly string[];
  readonly callable?: string;
  readonly leads?: string;
  readonly idle?: NodeCard['idle'];
  readonly examples: readonly Example<unknown, PortsSpec, PortsSpec>[];
  readonly each?: (call: AnyCall) => unknown;
  readonly all?: (call: AnyCall) => unknown;
  readonly turn?: (call: AnyCall) => unknown;
  readonly reconcile?: (call: AnyCall) => Promise<Reconciled>;
}

/** Defines a node: one object from which form, validation, types, docs, palette entry, tests and retry behaviour come. */
export function defineNode<
  Schema extends z.ZodObject,
  const Inputs extends PortsSpec,
  const Outputs extends PortsSpec,
  const Needs extends Power = never,
  const NodeRole extends Role | undefined = undefined,
>(definition: ExactlyOne<NodeDefinition<Schema, Inputs, Outputs, Needs, NodeRole>>): AnyNode {
  // The one place where a node's own types are forgotten: from here on the kit calls every node alike.
  return definition as unknown as AnyNode;
}

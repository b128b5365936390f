import type { Run } from '../run.ts';

/** What a value is, in the words that a fault shows. Everything but plain data is one of our own closed kinds. */
export type Kind =
  | 'undefined'
  | 'null'
  | 'text'
  | 'number'
  | 'boolean'
  | 'list'
  | 'record'
  | 'function'
  | 'date'
  | 'moment'
  | 'duration'
  | 'interval'
  | 'zone'
  | 'regex'
  | 'set'
  | 'map'
  | 'url'
  | 'query'
  | 'error'
  | 'format'
  | 'namespace'
  | 'node';

/**
 * A value that is not plain data. No field of a box is ever read by an expression: members come from the closed tables,
 * so no prototype and no host object is reachable.
 */
export abstract class Box {
  abstract readonly kind: Kind;
  /** As JavaScript would print it. */
  abstract text(run: Run): string;
  /** As JavaScript would count with it; NaN when it is no number. */
  number(): number {
    return Number.NaN;
  }
  /** What becomes of it when it leaves the expression: plain data, or undefined. */
  abstract plain(run: Run): unknown;
}

/** The work of a function: what it was called on and with. */
export type Work = (run: Run, args: readonly unknown[], self: unknown) => unknown;

/** A function, ours or the expression's own; never a host function. */
export class Callable extends Box {
  readonly kind = 'function';
  readonly name: string;
  readonly work: Work;
  readonly members: ReadonlyMap<string, unknown>;
  /** What `new` makes; undefined when it cannot be used with `new`. */
  readonly make: Work | undefined;
  /** Whether a value counts as one of its instances. */
  readonly owns: ((value: unknown) => boolean) | undefined;

  constructor(
    name: string,
    work: Work,
    more: { members?: ReadonlyMap<string, unknown>; make?: Work; owns?: (value: unknown) => boolean } = {},
  ) {
    super();
    this.name = name;
    this.work = work;
    this.members = more.members ?? none;
    this.make = more.make;
    this.owns = more.owns;
  }
  text(): string {
    return `function ${this.name}() { … }`;
  }
  plain(): unknown {
    return undefined;
  }
}

const none: ReadonlyMap<string, unknown> = new Map();

/** A closed set of names, such as `Math`. */
export class Namespace extends Box {
  readonly kind = 'namespace';
  readonly name: string;
  readonly members: ReadonlyMap<string, unknown>;

  constructor(name: string, members: ReadonlyMap<string, unknown>) {
    super();
    this.name = name;
    this.members = members;
  }
  text(): string {
    return `[object ${this.name}]`;
  }
  plain(): unknown {
    return undefined;
  }
}

/** An error that an expression made or caught. */
export class ErrorBox extends Box {
  readonly kind = 'error';
  readonly name: string;
  readonly message: string;

  constructor(name: string, message: string) {
    super();
    this.name = name;
    this.message = message;
  }
  text(): string {
    return this.message === '' ? this.name : `${this.name}: ${this.message}`;
  }
  plain(): unknown {
    return {};
  }
}

/** A method of a kind of value: its receiver is of the kind that the table is for. */
export type Method<T> = (run: Run, self: T, args: readonly unknown[]) => unknown;

/** The methods of one kind: a Map, so that no name can reach a prototype. */
export type Methods<T> = ReadonlyMap<string, Method<T>>;

/** A closed table from an object written down in a source file. */
export function table<T>(entries: Record<string, T>): ReadonlyMap<string, T> {
  return new Map(Object.entries(entries));
}

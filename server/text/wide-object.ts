/** An object with more keys than this is built as a wide one: up to here V8 doubles its dictionary within a few milliseconds. */
export const wideFrom = 32_768;

/** So many Maps share the keys: of two million each holds some 30,000. */
const shards = 64;

const keysOf = new WeakMap<object, readonly string[]>();

/**
 * The keys of an object that was built here as a wide one, without asking it: V8 takes half a microsecond for each key only to name them, in one go.
 * Undefined for every other object.
 */
export const wideKeys = (value: object): readonly string[] | undefined => keysOf.get(value);

/** The same in the order in which JavaScript names them. */
export const wideKeysInOrder = (value: object): readonly string[] | undefined => {
  const keys = keysOf.get(value);
  return keys && inOrder(keys);
};

/**
 * An object that takes as many keys as somebody sends, each in the same time. V8 keeps an object of many keys in one dictionary and doubles that in
 * one go, which takes 240 ms at 1.4 million keys, whoever inserts in turns. So beyond `wideFrom` the keys are parted among Maps by a hash, and what
 * looks like the object is a proxy that reads there. It cannot be changed: values that came in never are.
 */
export class ObjectBuilder {
  /** The keys that were set, each once, in the order in which they came. */
  readonly keys: string[] = [];
  private plain: Record<string, unknown> = {};
  private wide: Map<string, unknown>[] | undefined;
  private proxy: Record<string, unknown> | undefined;

  /** What stands at an own key. */
  get(key: string): unknown {
    return this.wide ? shardOf(this.wide, key).get(key) : ownOf(this.plain, key);
  }

  set(key: string, value: unknown): void {
    if (!this.has(key)) this.keys.push(key);
    if (this.wide) shardOf(this.wide, key).set(key, value);
    else {
      put(this.plain, key, value);
      if (this.keys.length > wideFrom) this.widen();
    }
  }

  /** The object, the same one each time. */
  get value(): Record<string, unknown> {
    return this.proxy ?? this.plain;
  }

  private has(key: string): boolean {
    return this.wide ? shardOf(this.wide, key).has(key) : Object.hasOwn(this.plain, key);
  }

  private widen(): void {
    const wide = Array.from({ length: shards }, () => new Map<string, unknown>());
    for (const key of this.keys) shardOf(wide, key).set(key, ownOf(this.plain, key));
    this.wide = wide;
    this.proxy = proxyOf(wide, this.keys);
    this.plain = {};
  }
}

const ownOf = (object: Record<string, unknown>, key: string): unknown =>
  Object.hasOwn(object, key) ? object[key] : undefined;

function put(object: Record<string, unknown>, key: string, value: unknown): void {
  // Assigned to, it would be the prototype.
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

/**
 * FNV-1a: each letter is looked at once. The last Map gets twice as many keys as the first and those between in steps, so that their doublings come
 * one after the other and not all within the same thousand keys.
 */
function shardOf(wide: readonly Map<string, unknown>[], key: string): Map<string, unknown> {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  const share = ((hash ^ (hash >>> 15)) >>> 0) / 4_294_967_296;
  return wide[Math.floor(shards * Math.log2(1 + share))]!;
}

function proxyOf(wide: readonly Map<string, unknown>[], keys: readonly string[]): Record<string, unknown> {
  let ordered: string[] = [];
  const described = (key: string | symbol): PropertyDescriptor | undefined => {
    const shard = typeof key === 'string' ? shardOf(wide, key) : undefined;
    if (!shard?.has(String(key))) return undefined;
    return { value: shard.get(String(key)), enumerable: true, configurable: true, writable: true };
  };
  const value = new Proxy<Record<string, unknown>>(
    {},
    {
      has: (target, key) => described(key) !== undefined || Reflect.has(target, key),
      get: (target, key) => {
        const shard = typeof key === 'string' ? shardOf(wide, key) : undefined;
        return shard?.has(String(key)) ? shard.get(String(key)) : Reflect.get(target, key);
      },
      ownKeys: () => (ordered.length === keys.length ? ordered : (ordered = inOrder(keys))),
      getOwnPropertyDescriptor: (_, key) => described(key),
      set: () => false,
      defineProperty: () => false,
      deleteProperty: () => false,
      setPrototypeOf: () => false,
      preventExtensions: () => false,
    },
  );
  keysOf.set(value, keys);
  return value;
}

/** As JavaScript orders keys: those that are array indices first, by number, then all others as they came. */
function inOrder(keys: readonly string[]): string[] {
  const indices = keys.filter(isIndex);
  if (indices.length === 0) return [...keys];
  return [...indices.toSorted((a, b) => Number(a) - Number(b)), ...keys.filter((key) => !isIndex(key))];
}

const isIndex = (key: string): boolean => /^(0|[1-9]\d{0,9})$/.test(key) && Number(key) < 4_294_967_295;

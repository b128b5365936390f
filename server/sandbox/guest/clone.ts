/**
 * Gives an isolate `structuredClone` for data: primitives, arrays, plain objects, Date, RegExp, Map, Set, Error, buffers
 * and views of them, with cycles; functions and symbols are refused as the standard does.
 * The text of this function runs inside the isolate: it may use nothing from outside itself.
 */
export function installClone(): void {
  function clone(value: unknown, seen: Map<unknown, unknown>): unknown {
    if (typeof value === 'function' || typeof value === 'symbol')
      throw new TypeError(`A ${typeof value} cannot be cloned`);
    if (typeof value !== 'object' || value === null) return value;
    if (seen.has(value)) return seen.get(value);
    const copy = shell(value, seen);
    seen.set(value, copy);
    if (value instanceof Map && copy instanceof Map) {
      for (const [key, entry] of value) copy.set(clone(key, seen), clone(entry, seen));
    } else if (value instanceof Set && copy instanceof Set) {
      for (const entry of value) copy.add(clone(entry, seen));
    } else if (Array.isArray(value) || !isSpecial(value)) {
      for (const [key, entry] of Object.entries(value)) {
        Object.defineProperty(copy, key, {
          value: clone(entry, seen),
          writable: true,
          enumerable: true,
          configurable: true,
        });
      }
    }
    return copy;
  }

  function isSpecial(value: object): boolean {
    return [Date, RegExp, Error, ArrayBuffer].some((kind) => value instanceof kind) || ArrayBuffer.isView(value);
  }

  function shell(value: object, seen: Map<unknown, unknown>): object {
    if (Array.isArray(value)) return Array.from({ length: value.length });
    if (value instanceof Date) return new Date(value.getTime());
    if (value instanceof RegExp) return new RegExp(value.source, value.flags);
    if (value instanceof Map) return new Map();
    if (value instanceof Set) return new Set();
    if (value instanceof ArrayBuffer) return value.slice(0);
    if (value instanceof DataView) return new DataView(buffer(value, seen), value.byteOffset, value.byteLength);
    if (ArrayBuffer.isView(value)) {
      const kind = value.constructor;
      return Reflect.construct(Object(kind), [buffer(value, seen), value.byteOffset, Reflect.get(value, 'length')]);
    }
    if (value instanceof Error) return Object.assign(new Error(value.message), { name: value.name });
    return {};
  }

  function buffer(view: ArrayBufferView, seen: Map<unknown, unknown>): ArrayBuffer {
    const copy = clone(view.buffer, seen);
    if (copy instanceof ArrayBuffer) return copy;
    throw new TypeError('The view has no buffer that can be cloned');
  }

  Object.assign(globalThis, { structuredClone: (value: unknown) => clone(value, new Map()) });
}

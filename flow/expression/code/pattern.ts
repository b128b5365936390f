import type { AnyNode, ArrayPattern, ObjectPattern } from 'acorn';
import { missing, unsupported } from '../faults.ts';
import type { Code, Frame } from '../run.ts';
import { elements } from '../values/call.ts';
import { isRecord } from '../values/kinds.ts';
import { read, refuse } from '../values/member.ts';
import { nameOf } from '../values/names.ts';
import { expression, keyName } from './expression.ts';
import type { Names } from './names.ts';

/** Takes a value apart into variables or fields. */
export type Binder = (f: Frame, value: unknown) => void;

/** How the leaf of a pattern, a name or a field, is set. */
export type Leaf = (node: AnyNode) => Binder;

/** Compiles a pattern: a name, a default, `{ a, b: [c], ...rest }`. */
export function pattern(node: AnyNode, names: Names, leaf: Leaf): Binder {
  switch (node.type) {
    case 'ObjectPattern':
      return recordPattern(node, names, leaf);
    case 'ArrayPattern':
      return listPattern(node, names, leaf);
    case 'AssignmentPattern': {
      const bind = pattern(node.left, names, leaf);
      const fallback = expression(node.right, names);
      return (f, value) => bind(f, value === undefined ? fallback(f) : value);
    }
    default:
      return leaf(node);
  }
}

/** The leaf of a declaration: a new variable of the scope. */
export function declaring(names: Names, isConstant: boolean): Leaf {
  return (node) => {
    if (node.type !== 'Identifier') throw unsupported('This pattern', node);
    const slot = names.declare(node.name, isConstant);
    return (f, value) => {
      f.vars[slot] = value;
    };
  };
}

/** The leaf of a `var`: a variable of the function, however deep the block is. */
export function hoisting(names: Names): Leaf {
  return (node) => {
    if (node.type !== 'Identifier') throw unsupported('This pattern', node);
    names.function.declare(node.name, false);
    const place = names.find(node.name);
    return (f, value) => {
      let at: Frame = f;
      for (let i = 0; i < (place?.hops ?? 0); i++) at = at.parent ?? at;
      at.vars[place?.slot ?? 0] = value;
    };
  };
}

function recordPattern(node: ObjectPattern, names: Names, leaf: Leaf): Binder {
  const parts = node.properties.map((part) => {
    if (part.type === 'RestElement') return { key: undefined, bind: pattern(part.argument, names, leaf) };
    if (!part.computed) refuse(keyName(part.key), part.key);
    const name = keyName(part.key);
    const key: Code = part.computed ? expression(part.key, names) : () => name;
    return { key, bind: pattern(part.value, names, leaf) };
  });
  return (f, value) => {
    if (value === undefined || value === null) throw missing(`${value} cannot be taken apart.`);
    const taken = new Set<string>();
    for (const { key, bind } of parts) {
      if (!key) bind(f, rest(f, value, taken));
      else {
        const name = nameOf(f.run, key(f));
        taken.add(name);
        bind(f, read(f.run, value, name));
      }
    }
  };
}

function rest(f: Frame, value: unknown, taken: ReadonlySet<string>): Record<string, unknown> {
  if (!isRecord(value)) return {};
  const left = Object.entries(f.run.view(value)).filter(([name]) => !taken.has(name) && name !== '__proto__');
  f.run.length(left.length);
  return Object.fromEntries(left);
}

function listPattern(node: ArrayPattern, names: Names, leaf: Leaf): Binder {
  const parts = node.elements.map((part) => {
    if (part === null) return undefined;
    const isRest = part.type === 'RestElement';
    return { isRest, bind: pattern(isRest ? part.argument : part, names, leaf) };
  });
  return (f, value) => {
    const values = elements(f.run, value);
    parts.forEach((part, i) => part?.bind(f, part.isRest ? values.slice(i) : values[i]));
  };
}

import type { AnyNode, Identifier, Literal, ObjectExpression, Property, SpreadElement, TemplateLiteral } from 'acorn';
import { unsupported } from '../faults.ts';
import { constants } from '../globals/names.ts';
import { roots } from '../globals/roots.ts';
import { compileRegex } from '../regex/regex.ts';
import type { Code, Frame } from '../run.ts';
import { elements } from '../values/call.ts';
import { toText } from '../values/convert.ts';
import { isForbidden } from '../values/forbidden.ts';
import { isRecord } from '../values/kinds.ts';
import { refuse } from '../values/member.ts';
import { nameOf } from '../values/names.ts';
import { assignment, update } from './assign.ts';
import { call, construct } from './call.ts';
import { arrowOrFunction } from './function.ts';
import { chain, member } from './member.ts';
import type { Names } from './names.ts';
import { binary, logical, unary } from './operators.ts';

/** Compiles an expression's syntax tree to a closure. Throws a `Halt` for what the language does not have. */
export function expression(node: AnyNode, names: Names): Code {
  switch (node.type) {
    case 'Literal':
      return literal(node);
    case 'Identifier':
      return identifier(node, names);
    case 'MemberExpression':
      return member(node, names);
    case 'ChainExpression':
      return chain(node, names);
    case 'CallExpression':
      return call(node, names);
    case 'NewExpression':
      return construct(node, names);
    case 'ParenthesizedExpression':
      return expression(node.expression, names);
    case 'TemplateLiteral':
      return template(node, names);
    case 'ConditionalExpression': {
      const [test, yes, no] = [node.test, node.consequent, node.alternate].map((part) => expression(part, names));
      return (f) => (test?.(f) ? yes?.(f) : no?.(f));
    }
    case 'BinaryExpression':
      return binary(node, names);
    case 'LogicalExpression':
      return logical(node, names);
    case 'UnaryExpression':
      return unary(node, names);
    case 'AssignmentExpression':
      return assignment(node, names);
    case 'UpdateExpression':
      return update(node, names);
    case 'ArrayExpression':
      return list(node.elements, names);
    case 'ObjectExpression':
      return record(node, names);
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return arrowOrFunction(node, names);
    case 'SequenceExpression': {
      const parts = node.expressions.map((part) => expression(part, names));
      return (f) => {
        let value: unknown;
        for (const part of parts) value = part(f);
        return value;
      };
    }
    default:
      throw unsupported(`"${words[node.type] ?? node.type}"`, node);
  }
}

const words: Readonly<Record<string, string>> = {
  ThisExpression: 'this',
  AwaitExpression: 'await',
  YieldExpression: 'yield',
  ClassExpression: 'class',
  ImportExpression: 'import()',
  TaggedTemplateExpression: 'A tagged template',
  MetaProperty: 'new.target or import.meta',
};

function literal(node: Literal): Code {
  if (node.regex) {
    const { pattern, flags } = node.regex;
    compileRegex(pattern, flags);
    // Not kept here: of a few letters a megabyte may be made, and what is kept of all is bounded.
    return ({ run }) => compileRegex(pattern, flags, run.budget);
  }
  if (node.bigint) throw unsupported('A bigint', node);
  const value: unknown = node.value;
  return () => value;
}

/** A name that does not exist is undefined, as `check/` will have said; the segment may guard it with ?? or ||. */
function identifier(node: Identifier, names: Names): Code {
  const place = names.find(node.name);
  if (place) return variable(place.hops, place.slot);
  refuse(node.name, node);
  const root = roots.get(node.name);
  if (root) return (f) => root(f.run);
  const value = constants.get(node.name);
  return () => value;
}

function variable(hops: number, slot: number): Code {
  if (hops === 0) return (f) => f.vars[slot];
  if (hops === 1) return (f) => f.parent?.vars[slot];
  return (f) => {
    let at: Frame | undefined = f;
    for (let i = 0; i < hops; i++) at = at?.parent;
    return at?.vars[slot];
  };
}

function template(node: TemplateLiteral, names: Names): Code {
  const texts = node.quasis.map((part) => part.value.cooked ?? part.value.raw);
  const parts = node.expressions.map((part) => expression(part, names));
  return (f) => {
    let text = texts[0] ?? '';
    parts.forEach((part, i) => {
      text = f.run.joined(text + toText(f.run, part(f)) + (texts[i + 1] ?? ''));
    });
    return text;
  };
}

/** The values of a list or of a call's arguments, spreads included. */
export function list(nodes: readonly (AnyNode | SpreadElement | null)[], names: Names): (f: Frame) => unknown[] {
  const parts = nodes.map((node) => {
    if (node === null) return { code: () => undefined, isSpread: false };
    const isSpread = node.type === 'SpreadElement';
    return { code: expression(isSpread ? node.argument : node, names), isSpread };
  });
  if (!parts.some((part) => part.isSpread)) {
    const codes = parts.map((part) => part.code);
    return (f) => codes.map((code) => code(f));
  }
  return (f) => {
    const values: unknown[] = [];
    for (const part of parts) {
      if (!part.isSpread) values.push(part.code(f));
      else for (const value of elements(f.run, part.code(f))) values.push(value);
    }
    f.run.length(values.length);
    return values;
  };
}

type Field = (f: Frame, record: Record<string, unknown>) => void;

function record(node: ObjectExpression, names: Names): Code {
  const fields = node.properties.map((part) =>
    part.type === 'SpreadElement' ? spread(part, names) : field(part, names),
  );
  return (f) => {
    const made: Record<string, unknown> = {};
    for (const add of fields) add(f, made);
    return made;
  };
}

function field(node: Property, names: Names): Field {
  if (node.kind !== 'init') throw unsupported('A getter or setter', node);
  const value = expression(node.value, names);
  if (node.computed) {
    const key = expression(node.key, names);
    return (f, made) => {
      const name = nameOf(f.run, key(f));
      made[name] = value(f);
    };
  }
  const name = keyName(node.key);
  refuse(name, node.key);
  return (f, made) => {
    made[name] = value(f);
  };
}

/** The name of a key that is not computed: `a`, `'a'` or `1`. */
export function keyName(key: AnyNode): string {
  return key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : '';
}

function spread(node: SpreadElement, names: Names): Field {
  const value = expression(node.argument, names);
  return (f, made) => {
    const source = value(f);
    if (isRecord(source) || Array.isArray(source) || typeof source === 'string')
      for (const [name, part] of entriesOf(f, source)) if (!isForbidden(name)) made[name] = part;
  };
}

function entriesOf(f: Frame, source: object | string): [string, unknown][] {
  const entries: [string, unknown][] = Object.entries(typeof source === 'string' ? [...source] : f.run.view(source));
  f.run.length(entries.length);
  return entries;
}

import type { AnyNode, AssignmentExpression, MemberExpression, Pattern, UpdateExpression } from 'acorn';
import { Halt, unsupported } from '../faults.ts';
import type { Code, Frame } from '../run.ts';
import { toNumber } from '../values/convert.ts';
import { read, refuse, write } from '../values/member.ts';
import { expression } from './expression.ts';
import { objectOf, staticName } from './member.ts';
import type { Names } from './names.ts';
import { operation } from './operators.ts';
import { pattern } from './pattern.ts';

/** Something that can be set: reads it, then sets it; the object and key are worked out once. */
type Target = (f: Frame) => { get(): unknown; set(value: unknown): void };

/** `a = b`, `a += b`, `a ??= b`, `[a, b] = c`. */
export function assignment(node: AssignmentExpression, names: Names): Code {
  const value = expression(node.right, names);
  if (node.operator === '=') return plainAssignment(node.left, value, names);
  const to = target(node.left, names);
  const logic = { '&&=': true, '||=': true, '??=': true };
  if (Object.hasOwn(logic, node.operator)) return logicalAssignment(node.operator, to, value);
  const work = operation(node.operator.slice(0, -1));
  return (f) => {
    const place = to(f);
    const made = work(f.run, place.get(), value(f));
    place.set(made);
    return made;
  };
}

function plainAssignment(left: Pattern, value: Code, names: Names): Code {
  if (left.type === 'ObjectPattern' || left.type === 'ArrayPattern') {
    const bind = pattern(left, names, (part) => setter(part, names));
    return (f) => {
      const made = value(f);
      bind(f, made);
      return made;
    };
  }
  const to = target(left, names);
  return (f) => {
    const place = to(f);
    const made = value(f);
    place.set(made);
    return made;
  };
}

function logicalAssignment(operator: string, to: Target, value: Code): Code {
  return (f) => {
    const place = to(f);
    const now = place.get();
    const keeps = operator === '&&=' ? !now : operator === '||=' ? Boolean(now) : now !== undefined && now !== null;
    if (keeps) return now;
    const made = value(f);
    place.set(made);
    return made;
  };
}

/** `a++`, `--a`. */
export function update(node: UpdateExpression, names: Names): Code {
  const to = target(node.argument, names);
  const step = node.operator === '++' ? 1 : -1;
  return (f) => {
    const place = to(f);
    const before = toNumber(f.run, place.get());
    place.set(before + step);
    return node.prefix ? before + step : before;
  };
}

/** How a part of a pattern is set in an assignment: a variable that is there, or a field. */
function setter(node: AnyNode, names: Names): (f: Frame, value: unknown) => void {
  const to = target(node, names);
  return (f, value) => to(f).set(value);
}

function target(node: AnyNode, names: Names): Target {
  if (node.type === 'ParenthesizedExpression') return target(node.expression, names);
  if (node.type === 'MemberExpression') return field(node, names);
  if (node.type !== 'Identifier') throw unsupported('Setting this', node);
  const place = names.find(node.name);
  if (!place) throw unsupported(`Setting "${node.name}", which is no variable of the expression,`, node);
  if (place.isConstant) throw constant(node.name, node);
  return (f) => {
    let at: Frame = f;
    for (let i = 0; i < place.hops; i++) at = at.parent ?? at;
    return { get: () => at.vars[place.slot], set: (value) => void (at.vars[place.slot] = value) };
  };
}

const constant = (name: string, at: { start: number; end: number }): Halt =>
  new Halt('expression.syntax', `"${name}" is a const and cannot be set.`, 'Declare it with let.', at);

function field(node: MemberExpression, names: Names): Target {
  const name = staticName(node);
  if (name !== undefined) refuse(name, node.property);
  const object = objectOf(node.object, names);
  const key: Code = name === undefined ? expression(node.property, names) : () => name;
  return (f) => {
    const self = object(f);
    const at = key(f);
    return { get: () => read(f.run, self, at), set: (value) => write(f.run, self, at, value) };
  };
}

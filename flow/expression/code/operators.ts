import type { BinaryExpression, BinaryOperator, LogicalExpression, UnaryExpression } from 'acorn';
import { mistake, unsupported } from '../faults.ts';
import type { Code, Run } from '../run.ts';
import { Callable } from '../values/box.ts';
import { add, isLess, looselyEqual, toNumber } from '../values/convert.ts';
import { typeOf } from '../values/kinds.ts';
import { has, read, remove } from '../values/member.ts';
import { expression } from './expression.ts';
import { objectOf, staticName } from './member.ts';
import type { Names } from './names.ts';

type Operation = (run: Run, a: unknown, b: unknown) => unknown;

const counting =
  (work: (a: number, b: number) => number): Operation =>
  (run, a, b) =>
    work(toNumber(run, a), toNumber(run, b));

const operations: Readonly<Record<Exclude<BinaryOperator, '===' | '!=='>, Operation>> = {
  '+': add,
  '-': counting((a, b) => a - b),
  '*': counting((a, b) => a * b),
  '/': counting((a, b) => a / b),
  '%': counting((a, b) => a % b),
  '**': counting((a, b) => a ** b),
  '&': counting((a, b) => a & b),
  '|': counting((a, b) => a | b),
  '^': counting((a, b) => a ^ b),
  '<<': counting((a, b) => a << b),
  '>>': counting((a, b) => a >> b),
  '>>>': counting((a, b) => a >>> b),
  '==': looselyEqual,
  '!=': (run, a, b) => !looselyEqual(run, a, b),
  '<': (run, a, b) => isLess(run, a, b) === true,
  '>': (run, a, b) => isLess(run, b, a) === true,
  '<=': (run, a, b) => isLess(run, b, a) === false,
  '>=': (run, a, b) => isLess(run, a, b) === false,
  in: (run, a, b) => has(run, b, a),
  instanceof: (_run, a, b) => {
    if (b instanceof Callable) return b.owns?.(a) ?? false;
    throw mistake('instanceof needs a type on its right.');
  },
};

/** What an operator such as `+` does, for `a += b`. */
export function operation(operator: string): Operation {
  if (Object.hasOwn(operations, operator)) return operations[operator as keyof typeof operations];
  throw unsupported(`The operator ${operator}`);
}

/** `a + b` and its like. */
export function binary(node: BinaryExpression, names: Names): Code {
  if (node.left.type === 'PrivateIdentifier') throw unsupported('A private name', node.left);
  const left = expression(node.left, names);
  const right = expression(node.right, names);
  if (node.operator === '===') return (f) => isSame(f.run, left(f), right(f));
  if (node.operator === '!==') return (f) => !isSame(f.run, left(f), right(f));
  const work = operation(node.operator);
  return (f) => work(f.run, left(f), right(f));
}

function isSame(run: Run, a: unknown, b: unknown): boolean {
  if (typeof a === 'string') run.reads(a);
  return a === b;
}

/** `a && b`, `a || b`, `a ?? b`. */
export function logical(node: LogicalExpression, names: Names): Code {
  const left = expression(node.left, names);
  const right = expression(node.right, names);
  if (node.operator === '&&') return (f) => left(f) && right(f);
  if (node.operator === '||') return (f) => left(f) || right(f);
  return (f) => left(f) ?? right(f);
}

/** `!a`, `-a`, `typeof a`, `delete a.b` and their like. */
export function unary(node: UnaryExpression, names: Names): Code {
  if (node.operator === 'delete') return deletion(node, names);
  const of = expression(node.argument, names);
  switch (node.operator) {
    case '!':
      return (f) => !of(f);
    case '-':
      return (f) => -toNumber(f.run, of(f));
    case '+':
      return (f) => toNumber(f.run, of(f));
    case '~':
      return (f) => ~toNumber(f.run, of(f));
    case 'typeof':
      return (f) => typeOf(of(f));
    case 'void':
      return (f) => void of(f);
    default:
      throw unsupported(`The operator ${node.operator}`, node);
  }
}

function deletion(node: UnaryExpression, names: Names): Code {
  let target = node.argument;
  while (target.type === 'ParenthesizedExpression' || target.type === 'ChainExpression') target = target.expression;
  if (target.type !== 'MemberExpression') throw unsupported('delete of anything but a field', node);
  const name = staticName(target);
  const object = objectOf(target.object, names);
  const key: Code = name === undefined ? expression(target.property, names) : () => name;
  return (f) => {
    const self = object(f);
    if (self === undefined || self === null) return read(f.run, self, key(f));
    return remove(f.run, self, key(f));
  };
}

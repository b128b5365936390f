import type { CallExpression, MemberExpression, NewExpression } from 'acorn';
import { missing, mistake, unsupported } from '../faults.ts';
import { isBlank } from '../methods/record-extensions.ts';
import type { Code, Frame } from '../run.ts';
import { Callable } from '../values/box.ts';
import { invoke } from '../values/call.ts';
import { read, refuse } from '../values/member.ts';
import { callMember } from '../values/method.ts';
import { nameOf } from '../values/names.ts';
import { expression, list } from './expression.ts';
import { canSkip, nodeCall, objectOf, skip, staticName } from './member.ts';
import type { Names } from './names.ts';

/** A call: of a method from a closed table, of a function, or of `$('key')`, `$if` and `$ifEmpty`. */
export function call(node: CallExpression, names: Names): Code {
  const { callee } = node;
  if (callee.type === 'Super') throw unsupported('super()', callee);
  if (callee.type === 'MemberExpression') return methodCall(node, callee, names);
  const special =
    callee.type === 'Identifier' && !names.find(callee.name) ? specialCall(node, callee.name, names) : undefined;
  return special ?? functionCall(node, names);
}

/** `$if` and `$ifEmpty` work out only the branch that they give. */
function specialCall(node: CallExpression, name: string, names: Names): Code | undefined {
  if (name === '$') return nodeCall(node);
  if ((name !== '$if' && name !== '$ifEmpty') || node.arguments.some((part) => part.type === 'SpreadElement'))
    return undefined;
  const [first = nothing, second = nothing, third = nothing] = node.arguments.map((part) => expression(part, names));
  // As in n8n, what is not true and has no else is false.
  const other: Code = node.arguments.length > 2 ? third : () => false;
  if (name === '$if') return (f) => (first(f) ? second(f) : other(f));
  return (f) => {
    const value = first(f);
    return isBlank(f.run, value) ? second(f) : value;
  };
}

const nothing: Code = () => undefined;

function functionCall(node: CallExpression, names: Names): Code {
  const callee = objectOf(node.callee, names);
  const args = list(node.arguments, names);
  const words = describe(node.callee);
  const optional = node.optional;
  return (f) => {
    const value = callee(f);
    if (value === skip || (optional && (value === undefined || value === null))) return skip;
    return called(f, value, args(f), words);
  };
}

function methodCall(node: CallExpression, callee: MemberExpression, names: Names): Code {
  const object = objectOf(callee.object, names);
  const args = list(node.arguments, names);
  if (node.optional) return optionalMethod(node, callee, names);
  const name = staticName(callee);
  if (callee.property.type === 'PrivateIdentifier') throw unsupported('A private name', callee.property);
  if (name !== undefined) refuse(name, callee.property);
  const key: Code = name === undefined ? expression(callee.property, names) : () => name;
  const optional = callee.optional;
  if (name !== undefined && !canSkip(callee)) return (f) => callMember(f.run, object(f), name, args(f));
  return (f) => {
    const self = object(f);
    if (self === skip || (optional && (self === undefined || self === null))) return skip;
    const method = key(f);
    // A function kept in a list is called as it is; everything else goes by name.
    const own = Array.isArray(self) && typeof method === 'number' ? read(f.run, self, method) : undefined;
    if (own instanceof Callable) return invoke(f.run, own, args(f), self);
    return callMember(f.run, self, nameOf(f.run, method), args(f));
  };
}

/** `object.method?.()`: undefined when there is no such method. */
function optionalMethod(node: CallExpression, callee: MemberExpression, names: Names): Code {
  const method = expression(callee, names);
  const args = list(node.arguments, names);
  return (f) => {
    const value = method(f);
    if (value === skip || value === undefined || value === null) return skip;
    return called(f, value, args(f), 'it');
  };
}

function called(f: Frame, value: unknown, args: unknown[], words: string): unknown {
  if (value instanceof Callable) return invoke(f.run, value, args);
  if (value === undefined || value === null) throw missing(`${words} is ${value}, and not a function.`);
  throw mistake(`${words} is not a function.`);
}

const describe = (callee: { type: string; name?: string }): string => callee.name ?? 'What was called';

/** What the host's formatters and dates take to be made: told to the budget alone. */
const stepsAMaking = 500;

/** `new Date()` and the like: only what the closed table can make. */
export function construct(node: NewExpression, names: Names): Code {
  const callee = objectOf(node.callee, names);
  const args = list(node.arguments, names);
  return (f) => {
    const value = callee(f);
    f.run.charge(1);
    f.run.budget?.spend(stepsAMaking);
    if (value instanceof Callable && value.make) return value.make(f.run, args(f), undefined);
    throw mistake('What stands after new cannot be made.');
  };
}

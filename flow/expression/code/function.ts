import type {
  AnonymousFunctionDeclaration,
  AnyNode,
  ArrowFunctionExpression,
  FunctionDeclaration,
  FunctionExpression,
} from 'acorn';
import { unsupported } from '../faults.ts';
import type { Code, Frame } from '../run.ts';
import { Callable } from '../values/box.ts';
import { expression } from './expression.ts';
import { Names } from './names.ts';
import { type Binder, declaring, pattern } from './pattern.ts';
import { statements } from './statement.ts';

type AnyFunction = ArrowFunctionExpression | FunctionExpression | FunctionDeclaration | AnonymousFunctionDeclaration;

/** A function of the expression's own. It closes over the frame it was made in, never over anything of the host. */
export function arrowOrFunction(node: AnyFunction, names: Names): Code {
  if (node.async) throw unsupported('async', node);
  if (node.generator) throw unsupported('A generator', node);
  const inner = new Names(names, 'function');
  const bind = parameters(node.params, inner);
  const own = node.type === 'FunctionExpression' && node.id && !inner.find(node.id.name) ? node.id.name : undefined;
  const ownSlot = own === undefined ? undefined : inner.declare(own, false);
  const body = node.body.type === 'BlockStatement' ? block(node.body.body, inner) : expression(node.body, inner);
  const name = node.id?.name ?? 'anonymous';
  return (f) => {
    const made: Callable = new Callable(name, (_run, args) => {
      const frame = inner.frame(f.run, f);
      if (ownSlot !== undefined) frame.vars[ownSlot] = made;
      bind(frame, args);
      return body(frame);
    });
    return made;
  };
}

function block(nodes: readonly AnyNode[], names: Names): Code {
  const run = statements(nodes, names);
  return (f) => {
    if (run(f) !== 'return') return undefined;
    const value = f.run.returned;
    f.run.returned = undefined;
    return value;
  };
}

function parameters(nodes: readonly AnyNode[], names: Names): (f: Frame, args: readonly unknown[]) => void {
  // Names first, so that the slots of plain parameters are their places.
  const leaf = declaring(names, false);
  const binders = nodes.map((node): { isRest: boolean; bind: Binder } => {
    const isRest = node.type === 'RestElement';
    return { isRest, bind: pattern(isRest ? node.argument : node, names, leaf) };
  });
  return (f, args) => {
    for (let i = 0; i < binders.length; i++) {
      const binder = binders[i];
      binder?.bind(f, binder.isRest ? args.slice(i) : args[i]);
    }
  };
}

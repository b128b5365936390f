import type {
  AnyNode,
  ForInStatement,
  ForOfStatement,
  ForStatement,
  SwitchStatement,
  VariableDeclaration,
} from 'acorn';
import { mistake, unsupported } from '../faults.ts';
import type { Code, Frame } from '../run.ts';
import { elements } from '../values/call.ts';
import { isRecord } from '../values/kinds.ts';
import { expression } from './expression.ts';
import { arrowOrFunction } from './function.ts';
import { Names } from './names.ts';
import { type Binder, declaring, hoisting, pattern } from './pattern.ts';
import { throwing, trying } from './trying.ts';

/** How a statement ended; undefined is the normal way. A returned value waits in `run.returned`. */
export type End = 'break' | 'continue' | 'return' | undefined;

/** A compiled statement. */
export type Step = (f: Frame) => End;

/** Compiles statements one after another, in a scope that is already there. */
export function statements(nodes: readonly AnyNode[], names: Names): Step {
  for (const node of nodes) declareAhead(node, names);
  const hoisted = nodes.filter((node) => node.type === 'FunctionDeclaration');
  const others = nodes.filter((node) => node.type !== 'FunctionDeclaration');
  const steps = [...hoisted, ...others].map((node) => statement(node, names));
  return (f) => {
    for (const step of steps) {
      const end = step(f);
      if (end !== undefined) return end;
    }
    return undefined;
  };
}

/** Functions may be used above their place, and closures may see variables declared below. */
function declareAhead(node: AnyNode, names: Names): void {
  if (node.type === 'FunctionDeclaration' && node.id) names.declare(node.id.name, false);
  if (node.type === 'VariableDeclaration' && node.kind !== 'var')
    for (const { id } of node.declarations) if (id.type === 'Identifier') names.declare(id.name, node.kind === 'const');
}

/** Statements between braces, with a scope of their own. */
export function block(nodes: readonly AnyNode[], names: Names): Step {
  const inner = new Names(names, 'block');
  const steps = statements(nodes, inner);
  return (f) => steps(inner.frame(f.run, f));
}

/** Compiles one statement. */
export function statement(node: AnyNode, names: Names): Step {
  switch (node.type) {
    case 'ExpressionStatement':
      return evaluation(expression(node.expression, names), names);
    case 'VariableDeclaration':
      return declaration(node, names);
    case 'FunctionDeclaration': {
      const made = arrowOrFunction(node, names);
      const slot = names.declare(node.id?.name ?? '', false);
      return (f) => void (f.vars[slot] = made(f));
    }
    case 'ReturnStatement': {
      const value = node.argument ? expression(node.argument, names) : undefined;
      return (f) => {
        f.run.returned = value?.(f);
        return 'return';
      };
    }
    case 'IfStatement': {
      const test = expression(node.test, names);
      const yes = statement(node.consequent, names);
      const no = node.alternate ? statement(node.alternate, names) : undefined;
      return (f) => (test(f) ? yes(f) : no?.(f));
    }
    case 'BlockStatement':
      return block(node.body, names);
    case 'ForStatement':
      return forLoop(node, names);
    case 'ForOfStatement':
    case 'ForInStatement':
      return forEach(node, names);
    case 'WhileStatement':
      return loop(expression(node.test, names), statement(node.body, names), true);
    case 'DoWhileStatement':
      return loop(expression(node.test, names), statement(node.body, names), false);
    case 'SwitchStatement':
      return choice(node, names);
    case 'TryStatement':
      return trying(node, names);
    case 'ThrowStatement':
      return throwing(node, names);
    case 'BreakStatement':
    case 'ContinueStatement': {
      if (node.label) throw unsupported('A label', node);
      const end = node.type === 'BreakStatement' ? 'break' : 'continue';
      return () => end;
    }
    case 'EmptyStatement':
      return () => undefined;
    default:
      throw unsupported(`"${node.type.replace(/(Statement|Declaration)$/, '').toLowerCase()}"`, node);
  }
}

/** The value of a program is that of its last statement that is an expression. */
function evaluation(value: Code, names: Names): Step {
  if (names.function.owner === 'function') return (f) => void value(f);
  return (f) => {
    const made = value(f);
    f.run.returned = made;
    return undefined;
  };
}

function declaration(node: VariableDeclaration, names: Names): Step {
  const leaf = node.kind === 'var' ? hoisting(names) : declaring(names, node.kind === 'const');
  const parts = node.declarations.map(({ id, init }) => ({
    value: init ? expression(init, names) : undefined,
    bind: pattern(id, names, leaf),
    isVar: node.kind === 'var',
  }));
  return (f) => {
    for (const { value, bind, isVar } of parts) if (value || !isVar) bind(f, value?.(f));
    return undefined;
  };
}

/** Goes round while a test holds; each turn is a step. */
function loop(test: Code, body: Step, testFirst: boolean): Step {
  return (f) => {
    if (testFirst && !test(f)) return undefined;
    do {
      f.run.charge(1);
      const end = body(f);
      if (end === 'break') return undefined;
      if (end === 'return') return end;
    } while (test(f));
    return undefined;
  };
}

/** Each turn has variables of its own, so that a function made in one keeps that turn's. */
function forLoop(node: ForStatement, names: Names): Step {
  const inner = new Names(names, 'block');
  const init = node.init
    ? node.init.type === 'VariableDeclaration'
      ? declaration(node.init, inner)
      : expression(node.init, inner)
    : undefined;
  const test = node.test ? expression(node.test, inner) : undefined;
  const update = node.update ? expression(node.update, inner) : undefined;
  const body = statement(node.body, inner);
  return (f) => {
    let frame = inner.frame(f.run, f);
    init?.(frame);
    while (test === undefined || test(frame)) {
      f.run.charge(1);
      const end = body(frame);
      if (end === 'break') return undefined;
      if (end === 'return') return end;
      const next = inner.frame(f.run, f);
      for (let i = 0; i < next.vars.length; i++) next.vars[i] = frame.vars[i];
      frame = next;
      update?.(frame);
    }
    return undefined;
  };
}

function forEach(node: ForOfStatement | ForInStatement, names: Names): Step {
  if (node.type === 'ForOfStatement' && node.await) throw unsupported('for await', node);
  const inner = new Names(names, 'block');
  const source = expression(node.right, names);
  const bind = loopVariable(node.left, inner);
  const body = statement(node.body, inner);
  const valuesOf = node.type === 'ForOfStatement' ? elements : keysOf;
  return (f) => {
    for (const value of valuesOf(f.run, source(f))) {
      f.run.charge(1);
      const frame = inner.frame(f.run, f);
      bind(frame, value);
      const end = body(frame);
      if (end === 'break') return undefined;
      if (end === 'return') return end;
    }
    return undefined;
  };
}

function loopVariable(node: AnyNode, names: Names): Binder {
  if (node.type !== 'VariableDeclaration') throw unsupported('A loop over a variable that is not declared in it', node);
  const leaf = node.kind === 'var' ? hoisting(names) : declaring(names, node.kind === 'const');
  const first = node.declarations[0];
  if (!first) throw unsupported('This loop', node);
  return pattern(first.id, names, leaf);
}

function keysOf(run: Frame['run'], value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'string' && !Array.isArray(value) && !isRecord(value)) throw mistake('for-in needs an object.');
  const keys = Object.keys(typeof value === 'string' ? [...value] : run.view(value));
  run.length(keys.length);
  return keys;
}

function choice(node: SwitchStatement, names: Names): Step {
  const inner = new Names(names, 'block');
  const subject = expression(node.discriminant, names);
  const cases = node.cases.map((part) => ({
    test: part.test ? expression(part.test, inner) : undefined,
    body: statements(part.consequent, inner),
  }));
  return (f) => {
    const frame = inner.frame(f.run, f);
    const value = subject(f);
    const found = cases.findIndex(({ test }) => test && test(frame) === value);
    const from = found >= 0 ? found : cases.findIndex(({ test }) => !test);
    for (const { body } of from < 0 ? [] : cases.slice(from)) {
      const end = body(frame);
      if (end !== undefined) return end === 'break' ? undefined : end;
    }
    return undefined;
  };
}

import type { ThrowStatement, TryStatement } from 'acorn';
import { isOverBudget } from '../../facts/budget.ts';
import { ExpressionFault, Halt } from '../faults.ts';
import type { Frame } from '../run.ts';
import { ErrorBox } from '../values/box.ts';
import { toText } from '../values/convert.ts';
import { fromHost } from '../values/method.ts';
import { expression } from './expression.ts';
import { Names } from './names.ts';
import { declaring, pattern } from './pattern.ts';
import { block, type End, statements, type Step } from './statement.ts';

/** What the expression itself threw, on its way to a catch of its own or out. */
export class Thrown extends Halt {
  readonly value: unknown;

  constructor(value: unknown, message: string) {
    super('expression.thrown', message, 'The expression says so itself, with throw.');
    this.value = value;
  }
}

/** `throw value`. */
export function throwing(node: ThrowStatement, names: Names): Step {
  const value = expression(node.argument, names);
  return (f) => {
    const made = value(f);
    throw new Thrown(made, made instanceof ErrorBox ? made.message : toText(f.run, made));
  };
}

/** `try`, `catch`, `finally`. Limits and forbidden names cannot be caught. */
export function trying(node: TryStatement, names: Names): Step {
  const body = block(node.block.body, names);
  const rescue = node.handler ? rescuing(node.handler.param ?? undefined, node.handler.body.body, names) : undefined;
  const last = node.finalizer ? block(node.finalizer.body, names) : undefined;
  if (!last) return (f) => attempt(f, body, rescue);
  return (f) => {
    let end: End;
    let thrown: { halt: unknown } | undefined;
    try {
      end = attempt(f, body, rescue);
    } catch (halt) {
      // A finally that returns would swallow it.
      if (isOverBudget(halt)) throw halt;
      thrown = { halt };
    }
    const { returned } = f.run;
    const after = last(f);
    if (after !== undefined) return after;
    f.run.returned = returned;
    if (thrown) throw thrown.halt;
    return end;
  };
}

type Rescue = (f: Frame, caught: unknown) => End;

function attempt(f: Frame, body: Step, rescue: Rescue | undefined): End {
  const { calls } = f.run;
  try {
    return body(f);
  } catch (thrown) {
    const halt = fromHost(thrown);
    if (!rescue || !isCatchable(halt)) throw halt;
    f.run.calls = calls;
    return rescue(f, caughtAs(halt));
  }
}

function isCatchable(halt: unknown): halt is Halt | ExpressionFault {
  const known = halt instanceof Halt || halt instanceof ExpressionFault;
  return known && halt.code !== 'expression.limit' && halt.code !== 'expression.forbidden';
}

function caughtAs(halt: Halt | ExpressionFault): unknown {
  return halt instanceof Thrown ? halt.value : new ErrorBox('Error', halt.message);
}

function rescuing(
  param: Parameters<typeof pattern>[0] | undefined,
  nodes: Parameters<typeof statements>[0],
  names: Names,
): Rescue {
  const inner = new Names(names, 'block');
  const bind = param ? pattern(param, inner, declaring(inner, false)) : undefined;
  const steps = statements(nodes, inner);
  return (f, caught) => {
    const frame = inner.frame(f.run, f);
    bind?.(frame, caught);
    return steps(frame);
  };
}

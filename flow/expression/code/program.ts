import { Halt } from '../faults.ts';
import { Frame, type Run } from '../run.ts';
import type { Code } from '../syntax/tree.ts';
import { expression } from './expression.ts';
import { Names } from './names.ts';
import { statements } from './statement.ts';

/** The compiled code of one segment. */
export type Program = (run: Run) => unknown;

/** Compiles a segment. A `Halt` says, in the template's own positions, what the language does not have. */
export function compileCode(code: Code): Program {
  try {
    return programOf(code);
  } catch (thrown) {
    throw thrown instanceof Halt ? moved(thrown, code.offset) : thrown;
  }
}

function programOf({ body }: Code): Program {
  const names = new Names(undefined, 'program');
  if (body.kind === 'empty') return () => undefined;
  if (body.kind === 'expression') {
    const value = expression(body.expression, names);
    return (run) => value(new Frame(run, undefined, none));
  }
  const steps = statements(body.statements, names);
  return (run) => {
    steps(names.frame(run, undefined));
    return run.returned;
  };
}

/** An expression declares nothing outside its functions. */
const none: unknown[] = [];

function moved(halt: Halt, offset: number): Halt {
  if (!halt.at) return halt;
  const { start, end } = halt.at;
  return new Halt(halt.code, halt.message, halt.mend, { start: start + offset, end: end + offset });
}

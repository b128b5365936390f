import { isOverBudget } from '../facts/budget.ts';

/** Every way in which an expression can go wrong; the code is stable, the words may improve. */
export const faultWords = {
  'expression.syntax': 'The expression does not parse.',
  'expression.unsupported': 'The expression uses a part of JavaScript that expressions do not have.',
  'expression.forbidden': 'The expression names something that no expression may reach.',
  'expression.unknown-name': 'The expression uses a name that does not exist.',
  'expression.unknown-node': 'The expression names a node that is not there or has not run.',
  'expression.no-ancestor': 'The item does not come from exactly one item of the named node.',
  'expression.wrong-kind': 'A function was called on a kind of value that does not have it.',
  'expression.value': 'A value could not be converted.',
  'expression.missing': 'A value on the way was missing.',
  'expression.mistake': 'The expression asks of a value what it does not have.',
  'expression.regex': 'The regular expression cannot be used.',
  'expression.limit': 'The expression is too big or takes too long.',
  'expression.env': 'Expressions cannot read the environment.',
  'expression.thrown': 'The expression threw an error of its own.',
  'expression.internal': 'Something went wrong in Heddle: the expression language failed.',
} as const;

/** The code of an expression's fault. */
export type FaultCode = keyof typeof faultWords;

/** A stretch of the template's text, as offsets in UTF-16 units, the end not included. */
export type Span = { readonly start: number; readonly end: number };

/** What is wrong with an expression, where in the template's text, and what would mend it. */
export type ExpressionError = {
  readonly code: FaultCode;
  readonly message: string;
  readonly mend: string;
  readonly at: Span;
};

/** The only thing that compiling or running an expression throws. */
export class ExpressionFault extends Error implements ExpressionError {
  override readonly name = 'ExpressionFault';
  readonly code: FaultCode;
  readonly mend: string;
  readonly at: Span;

  constructor(error: ExpressionError) {
    super(error.message);
    this.code = error.code;
    this.mend = error.mend;
    this.at = error.at;
  }

  /** The fault as plain data, for an Issue or a fact. */
  toError(): ExpressionError {
    return { code: this.code, message: this.message, mend: this.mend, at: this.at };
  }
}

/**
 * A fault on its way out of an expression. Not an Error: capturing a stack costs 2-5 µs, and a missing value on a path
 * is an everyday event that S4 meets once an item.
 */
export class Halt {
  readonly code: FaultCode;
  readonly message: string;
  readonly mend: string;
  readonly at: Span | undefined;

  constructor(code: FaultCode, message: string, mend: string, at?: Span) {
    this.code = code;
    this.message = message;
    this.mend = mend;
    this.at = at;
  }
}

/** A value was missing where one was needed: the segment is undefined, unless the expression guards against it. */
export const missing = (message: string): Halt =>
  new Halt('expression.missing', message, 'Guard it: use ?. before the part that may be missing, or ?? for a default.');

/** Something was asked of a value that is there and does not have it: a misspelt method, a bad argument. Nothing swallows it. */
export const mistake = (message: string, mend = 'Check the spelling, or convert the value first.'): Halt =>
  new Halt('expression.mistake', message, mend);

/** A limit on steps, size or depth was passed. */
export const tooMuch = (message: string): Halt =>
  new Halt('expression.limit', message, 'Do heavy work in a code node, which has its own limits.');

/** A part of JavaScript that expressions do not have. */
export const unsupported = (what: string, at?: Span): Halt =>
  new Halt('expression.unsupported', `${what} cannot be used in an expression.`, 'Use a code node for it.', at);

/** A name that no expression may read or set, own key or not. */
export const forbidden = (name: string, at?: Span): Halt =>
  new Halt(
    'expression.forbidden',
    `"${name}" can be neither read nor set in an expression.`,
    'Rename the field before this node, with data.rename or a code node.',
    at,
  );

/** A fault with its place in the template, ready to leave the room. Throws what is none: a budget that is over. */
export function toFault(thrown: unknown, at: Span): ExpressionFault {
  if (isOverBudget(thrown)) throw thrown;
  if (thrown instanceof ExpressionFault) return thrown;
  if (thrown instanceof Halt)
    return new ExpressionFault({
      code: thrown.code,
      message: thrown.message,
      mend: thrown.mend,
      at: thrown.at ?? at,
    });
  if (thrown instanceof RangeError) {
    const halt = tooMuch('The expression is nested too deeply or builds too big a value.');
    return new ExpressionFault({ code: halt.code, message: halt.message, mend: halt.mend, at });
  }
  const message = thrown instanceof Error ? thrown.message : 'unknown';
  const mend = 'Report this expression to us; a code node can do the same meanwhile.';
  return new ExpressionFault({
    code: 'expression.internal',
    message: `${faultWords['expression.internal']} (${message})`,
    mend,
    at,
  });
}

import { type AnyNode, type Expression, Parser, parse, tokenizer, tokTypes } from 'acorn';
import { quote } from '../../document/quote.ts';
import { Halt, tooMuch } from '../faults.ts';
import { limits } from '../limits.ts';
import { children, type Code, roots } from './tree.ts';

const options = {
  ecmaVersion: 'latest',
  allowReturnOutsideFunction: true,
  sourceType: 'script',
  // Without it `(a)` would end before its closing bracket, and what follows could not be told from rubbish.
  preserveParens: true,
} as const;

/** Parses the code of one segment, an expression if it can be one, else statements. Throws a `Halt` that says where. */
export function parseCode(source: string, offset: number): Code {
  const code: Code = { source, offset, body: bodyOf(source, offset) };
  for (const root of roots(code)) refuseDepth(root, 0);
  return code;
}

function bodyOf(source: string, offset: number): Code['body'] {
  if (isEmpty(source)) return { kind: 'empty' };
  const expression = asExpression(source);
  if (expression) return { kind: 'expression', expression };
  try {
    return { kind: 'statements', statements: parse(source, options).body };
  } catch (thrown) {
    throw fromAcorn(thrown, source, offset);
  }
}

/** Only semicolons and comments may follow an expression. */
function asExpression(source: string): Expression | undefined {
  try {
    const expression = Parser.parseExpressionAt(source, 0, options);
    return isEmpty(source.slice(expression.end)) ? expression : undefined;
  } catch {
    return undefined;
  }
}

function isEmpty(source: string): boolean {
  if (source.trim() === '') return true;
  try {
    for (const token of tokenizer(source, options)) if (token.type !== tokTypes.semi) return false;
    return true;
  } catch {
    return false;
  }
}

function refuseDepth(node: AnyNode, depth: number): void {
  if (depth > limits.syntax) throw tooMuch('The expression is nested too deeply.');
  for (const child of children(node)) refuseDepth(child, depth + 1);
}

function fromAcorn(thrown: unknown, source: string, offset: number): Halt {
  const isTooDeep = !(thrown instanceof SyntaxError) || thrown.message.includes('stack space');
  if (isTooDeep) return tooMuch('The expression is nested too deeply.');
  const pos = 'pos' in thrown && typeof thrown.pos === 'number' ? thrown.pos : 0;
  const start = Math.min(pos, source.length);
  const what = thrown.message.replace(/ \(\d+:\d+\)$/, '');
  return new Halt('expression.syntax', `The expression does not parse: ${named(what, source, start)}.`, mendFor(what), {
    start: offset + start,
    end: offset + Math.min(start + 1, source.length),
  });
}

/** What acorn says, with the token that it only points to. */
function named(what: string, source: string, start: number): string {
  if (what !== 'Unexpected token') return what;
  const [token] = /^(?:[\p{L}\p{N}_$]+|[^\s])/u.exec(source.slice(start, start + 60)) ?? [];
  return token === undefined ? 'it ends too early' : `unexpected ${quote(token)}`;
}

function mendFor(what: string): string {
  if (what.includes('string')) return 'Close the quote, or escape a quote inside the text with a backslash.';
  if (what.includes('template')) return 'Close the backtick.';
  return 'Correct what stands here: a bracket, a comma or an operator is missing or too many.';
}

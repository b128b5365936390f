import { tsPlugin } from '@sveltejs/acorn-typescript';
import { Parser, type AnyNode, type Program } from 'acorn';

/** A place in code, from 1 as editors count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The syntax tree of a code node's text, or why it has none. */
export type Parsed =
  | { readonly ok: true; readonly program: Program }
  | ({ readonly ok: false; readonly message: string } & Position);

// A code node's text is the body of a function, async when it awaits.
const options = {
  ecmaVersion: 'latest',
  sourceType: 'script',
  allowReturnOutsideFunction: true,
  allowAwaitOutsideFunction: true,
  locations: true,
} as const;
const TypeScript = Parser.extend(tsPlugin());

/** Parses code as JavaScript, and what is none as TypeScript. The error is that of the parser that came further. */
export function parseSource(source: string): Parsed {
  const plain = attempt(Parser, source);
  if (plain.ok) return plain;
  const typed = attempt(TypeScript, source);
  return typed.ok || isAfter(typed, plain) ? typed : plain;
}

const isAfter = (a: Position, b: Position): boolean => a.line > b.line || (a.line === b.line && a.column > b.column);

function attempt(parser: typeof Parser, source: string): Parsed {
  try {
    return { ok: true, program: parser.parse(source, options) };
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : '';
    if (!(thrown instanceof SyntaxError) || message.includes('stack space'))
      return { ok: false, message: 'The code is too deeply nested to be read', line: 1, column: 1 };
    return { ok: false, message: message.replace(/ \(\d+:\d+\)$/, ''), ...placeIn(thrown) };
  }
}

function placeIn(thrown: SyntaxError): Position {
  const loc: unknown = 'loc' in thrown ? thrown.loc : undefined;
  const { line, column } = Object(loc) as { line?: unknown; column?: unknown };
  return {
    line: typeof line === 'number' ? line : 1,
    column: typeof column === 'number' ? column + 1 : 1,
  };
}

// Types are not code: `x: Buffer` uses no Buffer. Only these hold an expression that runs.
const typedExpressions = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'TSTypeAssertion']);

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value;

/** The nodes straight below a node that are code rather than types, in the order of the text. */
export function childrenOf(node: AnyNode): AnyNode[] {
  const type: string = node.type;
  const parts = typedExpressions.has(type)
    ? [Object(node).expression]
    : type.startsWith('TS')
      ? []
      : Object.values(node).flat();
  return parts.filter(isNode);
}

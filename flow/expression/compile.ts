import { compileCode, type Program } from './code/program.ts';
import { ExpressionFault, Halt, toFault, tooMuch } from './faults.ts';
import { limits } from './limits.ts';
import { Run } from './run.ts';
import type { Scope } from './scope.ts';
import { isDataPath } from './syntax/path.ts';
import { isTemplate, parseTemplate, type Segment, type Template } from './template.ts';
import { plain } from './values/plain.ts';
import { print } from './values/print.ts';

/** Works a template out in a scope. Throws an `ExpressionFault`, and nothing else. */
export type Compiled = (scope: Scope) => unknown;

const cache = new Map<string, Compiled>();
const cacheSize = 5_000;

/**
 * Compiles a template once; the same text gives the same closure. A string that is one `{{ … }}` gives the value with its
 * type, as plain JSON data; any other gives text. Throws an `ExpressionFault` when it does not parse or uses what
 * expressions do not have.
 */
export function compileTemplate(text: string): Compiled {
  const known = cache.get(text);
  if (known) return known;
  const parsed = parseTemplate(text);
  if (!parsed.ok) throw new ExpressionFault(parsed.error);
  const made = compileSegments(parsed.template);
  // Oldest first: a Map keeps the order in which texts came.
  for (const oldest of cache.size >= cacheSize ? cache.keys() : []) {
    cache.delete(oldest);
    break;
  }
  cache.set(text, made);
  return made;
}

function compileSegments(template: Template): Compiled {
  const first = template.segments[0];
  if (template.segments.length === 1 && first) return first.kind === 'code' ? compileWhole(first) : () => first.text;
  const parts = template.segments.map((segment) => (segment.kind === 'code' ? compileInText(segment) : segment.text));
  return (scope) => {
    let text = '';
    for (const part of parts) text += typeof part === 'string' ? part : part(scope);
    return text;
  };
}

type CodeSegment = Extract<Segment, { kind: 'code' }>;

/** One expression by itself: its value, as plain data. */
function compileWhole(segment: CodeSegment): Compiled {
  const code = compiled(segment);
  // What a path finds in the data is plain data already: `{{ $json }}` passes a whole item through unread.
  const isPath = isDataPath(segment.code);
  return (scope) => {
    const run = new Run(scope);
    try {
      const value = code(run);
      return typeof value === 'object' && value !== null && !isPath ? plain(run, value) : value;
    } catch (thrown) {
      return missed(thrown, segment, scope);
    }
  };
}

function compiled({ code, start, end }: CodeSegment): Program {
  try {
    return compileCode(code);
  } catch (thrown) {
    throw toFault(thrown, { start, end });
  }
}

/** One expression in the middle of text. */
function compileInText(segment: CodeSegment): (scope: Scope) => string {
  const code = compiled(segment);
  return (scope) => {
    const run = new Run(scope);
    try {
      return print(run, code(run));
    } catch (thrown) {
      missed(thrown, segment, scope);
      return '';
    }
  };
}

/** A missing value makes its segment undefined, as the trace is told; every other fault is thrown. */
function missed(thrown: unknown, { start, end }: CodeSegment, scope: Scope): undefined {
  const at = { start, end };
  if (!(thrown instanceof Halt) || thrown.code !== 'expression.missing') throw toFault(thrown, at);
  // Not through an Error: its stack costs 20 µs, and this happens once an item where a field is often missing.
  scope.missed?.({ code: thrown.code, message: thrown.message, mend: thrown.mend, at: thrown.at ?? at });
}

/**
 * Compiles a node's params: every string in them that holds an expression. Call it once per node and what it returns once
 * per item. Values without an expression come back as they are, not copied. Throws as `compileTemplate` does.
 */
export function compileValue(value: unknown): Compiled {
  return compilePart(value, 0) ?? (() => value);
}

/** Undefined when there is nothing to work out. */
function compilePart(value: unknown, depth: number): Compiled | undefined {
  if (typeof value === 'string') return isTemplate(value) ? compileTemplate(value) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > limits.depth) throw toFault(tooMuch('The params are nested too deeply.'), { start: 0, end: 0 });
  return Array.isArray(value) ? compileList(value, depth) : compileRecord(value, depth);
}

function compileList(list: readonly unknown[], depth: number): Compiled | undefined {
  const parts = list.map((part) => compilePart(part, depth + 1));
  if (!parts.some(Boolean)) return undefined;
  return (scope) => parts.map((part, i) => (part ? part(scope) : list[i]));
}

function compileRecord(record: object, depth: number): Compiled | undefined {
  const fields = Object.entries(record).filter(([key]) => key !== '__proto__');
  const parts = fields.map(([key, value]) => ({ key, value: value as unknown, part: compilePart(value, depth + 1) }));
  if (!parts.some(({ part }) => part)) return undefined;
  return (scope) => {
    const made: Record<string, unknown> = {};
    for (const { key, value, part } of parts) made[key] = part ? part(scope) : value;
    return made;
  };
}

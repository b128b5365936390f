import { LRUCache } from 'lru-cache';
import { currentEngine } from '../compile/plan.ts';
import type { Budget } from '../facts/budget.ts';
import { bytesACharacter, codeLength, stepsACharacter } from './code-length.ts';
import { compileCode, type Program } from './code/program.ts';
import { ExpressionFault, Halt, mistake, toFault, tooMuch } from './faults.ts';
import { limits } from './limits.ts';
import { Run } from './run.ts';
import type { Scope } from './scope.ts';
import { isDataPath } from './syntax/path.ts';
import { isTemplate, parseTemplate, type Segment, type Template } from './template.ts';
import { Callable } from './values/box.ts';
import { plain } from './values/plain.ts';
import { print } from './values/print.ts';

/** Works a template out in a scope. Throws an `ExpressionFault`, and nothing else. */
export type Compiled = (scope: Scope) => unknown;

/**
 * How a template is read: by the rules of an engine number (E17); `asText` where white space around an expression is meant. Where a call has it
 * compiled, its budget is told.
 */
export interface Reading {
  readonly engine?: number | undefined;
  readonly asText?: boolean | undefined;
  readonly budget?: Budget | undefined;
}

interface Rules {
  readonly engine: number;
  readonly keepsSpace: boolean;
}

/** By what is made of the texts: 5,000 of usual length. One of which more is made than of 130 kB of code is compiled each time it is prepared. */
const cache = new LRUCache<string, Compiled>({
  max: 5_000,
  maxSize: 64 * 1024 * 1024,
  maxEntrySize: 16 * 1024 * 1024,
});

/**
 * Compiles a template once; the same text gives the same closure. A string that is one `{{ … }}`, but for white space around it, gives
 * the value with its type, as plain JSON data; any other gives text. Throws an `ExpressionFault` when it does not parse or uses
 * what expressions do not have.
 */
export function compileTemplate(
  text: string,
  { engine = currentEngine, asText = false, budget }: Reading = {},
): Compiled {
  const rules = { engine, keepsSpace: asText || engine < 2 };
  const key = `${engine}${asText ? 't' : ''} ${text}`;
  const known = cache.get(key);
  if (known) return known;
  const length = codeLength(text);
  budget?.about(length * stepsACharacter);
  const parsed = parseTemplate(text);
  if (!parsed.ok) throw new ExpressionFault(parsed.error);
  const made = compileSegments(parsed.template, rules);
  cache.set(key, made, { size: key.length + length * bytesACharacter });
  return made;
}

function compileSegments(template: Template, rules: Rules): Compiled {
  const segments = rules.keepsSpace ? template.segments : withoutSpace(template.segments);
  const first = segments[0];
  if (segments.length === 1 && first) return first.kind === 'code' ? compileWhole(first, rules) : () => first.text;
  const parts = segments.map((segment) => (segment.kind === 'code' ? compileInText(segment, rules) : segment.text));
  return (scope) => {
    let text = '';
    for (const part of parts) {
      const more = typeof part === 'string' ? part : part(scope);
      scope.budget?.makes(more.length);
      text += more;
    }
    return text;
  };
}

/** One stretch of a template once it is filled in. */
export interface Filled {
  readonly text: string;
  readonly isFilled: boolean;
}

/** Compiles a template to its stretches: what stands in it, and what its expressions print. */
export function compilePieces(text: string, engine: number = currentEngine): (scope: Scope) => readonly Filled[] {
  const parsed = parseTemplate(text);
  if (!parsed.ok) throw new ExpressionFault(parsed.error);
  const rules = { engine, keepsSpace: true };
  const parts = parsed.template.segments.map((segment) =>
    segment.kind === 'code' ? compileInText(segment, rules) : segment.text,
  );
  return (scope) =>
    parts.map((part) =>
      typeof part === 'string' ? { text: part, isFilled: false } : { text: part(scope), isFilled: true },
    );
}

/** Whether a template is one expression and nothing else but white space: its value is then of any kind. */
export function isOneExpression(text: string): boolean {
  const parsed = parseTemplate(text);
  return (
    parsed.ok &&
    withoutSpace(parsed.template.segments).length === 1 &&
    parsed.template.segments.some(({ kind }) => kind === 'code')
  );
}

/** The one expression of a template that holds nothing else but white space; else all of it. */
function withoutSpace(segments: readonly Segment[]): readonly Segment[] {
  const said = segments.filter((segment) => segment.kind === 'code' || segment.text.trim() !== '');
  return said.length === 1 && said[0]?.kind === 'code' ? said : segments;
}

type CodeSegment = Extract<Segment, { kind: 'code' }>;

/** One expression by itself: its value, as plain data. */
function compileWhole(segment: CodeSegment, rules: Rules): Compiled {
  const code = compiled(segment);
  // What a path finds in the data is plain data already: `{{ $json }}` passes a whole item through unread.
  const isPath = isDataPath(segment.code);
  return (scope) => {
    const run = new Run(scope, rules.engine);
    try {
      const value = code(run);
      if (typeof value !== 'object' || value === null) return value;
      return isPath ? result(run, value) : plain(run, result(run, value));
    } catch (thrown) {
      return missed(thrown, segment, scope, rules);
    }
  };
}

/** A function is nobody's value: its call was left out. */
function result(run: Run, value: object): object {
  if (value instanceof Callable && run.engine >= 2)
    throw mistake(`What comes out is the function ${value.name} and not a value.`, `Call it: ${value.name}().`);
  return value;
}

function compiled({ code, start, end }: CodeSegment): Program {
  try {
    return compileCode(code);
  } catch (thrown) {
    throw toFault(thrown, { start, end });
  }
}

/** One expression in the middle of text. */
function compileInText(segment: CodeSegment, rules: Rules): (scope: Scope) => string {
  const code = compiled(segment);
  return (scope) => {
    const run = new Run(scope, rules.engine);
    try {
      const value = code(run);
      return print(run, typeof value === 'object' && value !== null ? result(run, value) : value);
    } catch (thrown) {
      missed(thrown, segment, scope, rules);
      return '';
    }
  };
}

/** A missing value makes its segment undefined, as the trace is told; every other fault is thrown. Engine 1 knew no mistakes. */
function missed(thrown: unknown, { start, end }: CodeSegment, scope: Scope, { engine }: Rules): undefined {
  const at = { start, end };
  const isMissing =
    thrown instanceof Halt &&
    (thrown.code === 'expression.missing' || (engine < 2 && thrown.code === 'expression.mistake'));
  if (!isMissing) throw toFault(thrown, at);
  // Not through an Error: its stack costs 20 µs, and this happens once an item where a field is often missing.
  scope.missed?.({ code: thrown.code, message: thrown.message, mend: thrown.mend, at: thrown.at ?? at });
}

/**
 * Compiles a node's params: every string in them that holds an expression. Call it once per node and what it returns once
 * per item. Values without an expression come back as they are, not copied. Throws as `compileTemplate` does.
 */
export function compileValue(value: unknown, engine: number = currentEngine, budget?: Budget): Compiled {
  return compilePart(value, { engine, budget }, 0) ?? (() => value);
}

/** Undefined when there is nothing to work out. */
function compilePart(value: unknown, reading: Reading, depth: number): Compiled | undefined {
  if (typeof value === 'string') return isTemplate(value) ? compileTemplate(value, reading) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > limits.depth) throw toFault(tooMuch('The fields are nested too deeply.'), { start: 0, end: 0 });
  return Array.isArray(value) ? compileList(value, reading, depth) : compileRecord(value, reading, depth);
}

function compileList(list: readonly unknown[], reading: Reading, depth: number): Compiled | undefined {
  const parts = list.map((part) => compilePart(part, reading, depth + 1));
  if (!parts.some(Boolean)) return undefined;
  return (scope) => parts.map((part, i) => (part ? part(scope) : list[i]));
}

function compileRecord(record: object, reading: Reading, depth: number): Compiled | undefined {
  const fields = Object.entries(record).filter(([key]) => key !== '__proto__');
  const parts = fields.map(([key, value]) => ({
    key,
    value: value as unknown,
    part: compilePart(value, reading, depth + 1),
  }));
  if (!parts.some(({ part }) => part)) return undefined;
  return (scope) => {
    const made: Record<string, unknown> = {};
    for (const { key, value, part } of parts) made[key] = part ? part(scope) : value;
    return made;
  };
}

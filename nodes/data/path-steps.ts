/** The three names through which a prototype could be reached: no field that a node makes may carry them. */
export const refused: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** How a text names a field: `name` when it can only be one name, else the steps of a path; `isFixed` when it was written out which. */
export interface Steps {
  readonly names: readonly string[];
  readonly isFixed: boolean;
}

const known = new Map<string, Steps>();

/**
 * The steps of `a.b[0].c`: a, b, 0, c. `["a.b"]` is one name whatever is in it, also within a path; `$.a.b` is a path whatever names there
 * are. A dot beside white space or inside round brackets parts nothing: `price (incl. VAT)` is a name.
 */
export function stepsOf(text: string): Steps {
  let steps = known.get(text);
  if (steps === undefined) {
    if (known.size > 2_000) known.clear();
    known.set(text, (steps = parse(text)));
  }
  return steps;
}

/** The steps as plans of engine 1 read them: every dot and bracket parts. */
export const stepsBefore2 = (text: string): readonly string[] =>
  text
    .replaceAll('[', '.')
    .replaceAll(']', '')
    .split('.')
    .filter((name) => name !== '');

function parse(text: string): Steps {
  if (/^\$(?:\.|\[)/.test(text)) return { names: partsOf(text.slice(1)), isFixed: true };
  const names = isPath(text) ? partsOf(text) : [text];
  return { names, isFixed: quotedStep.test(text) };
}

const quotedStep = /\[(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\]/;
const step = /\[(?:(\d{1,9})|("(?:[^"\\]|\\.)*")|'((?:[^'\\]|\\.)*)')\]|\.?([^.[]+)|\.|\[/gy;

function partsOf(text: string): string[] {
  const names: string[] = [];
  for (const [whole, index, quoted, apostrophed, name] of text.matchAll(step)) {
    if (index !== undefined) names.push(index);
    else if (quoted !== undefined) names.push(unquoted(quoted));
    else if (apostrophed !== undefined) names.push(apostrophed.replaceAll(/\\(.)/g, '$1'));
    else if (name !== undefined) names.push(name);
    else if (whole === '[') names.push(`${names.pop() ?? ''}[`);
  }
  return names.length === 0 ? [text] : names;
}

function unquoted(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1);
  }
}

/** Whether the dots and brackets of a text part names. */
function isPath(text: string): boolean {
  const bare = text.replaceAll(new RegExp(quotedStep, 'g'), '[0]');
  if (!/[.[]/.test(bare) || /\.\s|\s\.|\s\[|^\.|\.$/.test(bare)) return false;
  if (/\[(?!\d{1,9}\])/.test(bare)) return false;
  return bare.split('.').every((part) => part.split('(').length === part.split(')').length);
}

import type { Wired } from '../../compile/wiring.ts';
import { isObject } from '../../document/json.ts';
import { quote } from '../../document/quote.ts';
import type { Issue } from '../../document/workflow.ts';
import { kindOfTemplate } from '../../expression/errors.ts';
import { found } from '../codes.ts';
import { pathText } from '../params/places.ts';
import type { Path } from '../params/schema.ts';
import { enabled } from '../view.ts';
import type { Rule, View } from '../view.ts';

/** Conditions that compare what cannot be compared, as far as it is known before a run: there it is a fault. */
export const comparisons: Rule = {
  codes: ['condition-kinds'],
  check: (view) => enabled(view).flatMap((wired) => nodeIssues(view, wired)),
};

function nodeIssues(view: View, wired: Wired): Issue[] {
  if (view.paramsOf(wired)['loose'] !== false) return [];
  return view
    .placesOf(wired)
    .filter(({ ui }) => ui === 'conditions')
    .flatMap(({ value, path }) => conditionsIn(value, path))
    .flatMap(({ condition, path }) => issueOf(wired, condition, path));
}

type Fields = Readonly<Record<string, unknown>>;

function conditionsIn(value: unknown, path: Path, depth = 0): { condition: Fields; path: Path }[] {
  if (!isObject(value) || depth > 50) return [];
  for (const join of ['all', 'any']) {
    const parts = value[join];
    if (Array.isArray(parts)) return parts.flatMap((part, at) => conditionsIn(part, [...path, join, at], depth + 1));
  }
  return [{ condition: value, path }];
}

type Known = 'text' | 'number' | 'boolean' | 'list' | 'object' | undefined;

function issueOf({ node }: Wired, { left, op, right }: Fields, path: Path): Issue[] {
  const [one, other] = [knownKind(left), knownKind(right)];
  const wrong = typeof op === 'string' ? clash(op, one, other) : undefined;
  if (wrong === undefined) return [];
  const message = `${shown(left)} ${String(op)} ${shown(right)}: ${wrong}.`;
  return [
    found(
      'condition-kinds',
      { node: node.key, param: pathText(path) },
      message,
      'Turn on Convert types, or convert one of the values.',
    ),
  ];
}

const ordered = new Set(['gt', 'gte', 'lt', 'lte']);

function clash(op: string, left: Known, right: Known): string | undefined {
  if (ordered.has(op)) {
    const odd = [left, right].find((kind) => kind !== undefined && kind !== 'number');
    return odd && `it compares numbers, and a ${odd} is none`;
  }
  if (op !== 'equals' && op !== 'not-equals') return undefined;
  return left !== undefined && right !== undefined && left !== right ? `a ${left} is never a ${right}` : undefined;
}

/** The kind of a literal, or of what an expression always gives; dates leave an expression as text and are left out. */
function knownKind(value: unknown): Known {
  if (typeof value === 'string')
    return value.includes('{{') ? kindOfTemplate(value) : value === '' ? undefined : 'text';
  if (typeof value === 'number' || typeof value === 'boolean') return typeof value === 'number' ? 'number' : 'boolean';
  return Array.isArray(value) ? 'list' : isObject(value) ? 'object' : undefined;
}

const shown = (value: unknown): string => quote(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

import type { Wired } from '../../compile/wiring.ts';
import { isObject } from '../../document/json.ts';
import { quote } from '../../document/quote.ts';
import type { Issue } from '../../document/workflow.ts';
import { kindOfTemplate } from '../../expression/errors.ts';
import { conditionOp } from '../../values/condition.ts';
import { found } from '../codes.ts';
import { pathText } from '../params/places.ts';
import type { Path } from '../params/schema.ts';
import { titleText } from '../params/titles.ts';
import { enabled } from '../view.ts';
import type { Rule, View } from '../view.ts';

/**
 * Conditions that are not filled in, which are always or never true; and those that compare what cannot be compared, as far as it is
 * known before a run: there it is a fault.
 */
export const comparisons: Rule = {
  codes: ['condition-kinds', 'condition-empty'],
  check: (view) => enabled(view).flatMap((wired) => nodeIssues(view, wired)),
};

function nodeIssues(view: View, wired: Wired): Issue[] {
  const isStrict = view.paramsOf(wired)['loose'] === false;
  return view
    .placesOf(wired)
    .filter(({ ui, value }) => ui === 'conditions' && isObject(value))
    .flatMap(({ value, path }) => conditionsIn(value, path))
    .flatMap(({ condition, path }) => {
      const empty = emptyIn(wired, condition, path);
      return empty || !isStrict ? (empty ?? []) : issueOf(wired, condition, path);
    });
}

const isBlank = (value: unknown): boolean => value === undefined || (typeof value === 'string' && value.trim() === '');

/** Operations that compare with an empty text and mean it, or with nothing. */
const mayBeBlank = new Set<unknown>(
  ['equals', 'not-equals', 'empty', 'not-empty', 'exists', 'not-exists'].concat([
    'is-true',
    'is-false',
    'in',
    'not-in',
  ]),
);

/** What of a condition, or of a group of none, is still to be filled in. */
function emptyIn({ node, card }: Wired, condition: Fields, path: Path): Issue[] | undefined {
  const title = titleText(card.params, path);
  const empty = (at: Path, message: string, mend: string) => [
    found('condition-empty', { node: node.key, param: pathText(at) }, message, mend),
  ];
  if ('all' in condition || 'any' in condition) return empty(path, `${title} has no condition.`, 'Add a condition.');
  if (!conditionOp.safeParse(condition['op']).success) return undefined;
  if (isBlank(condition['left']))
    return empty([...path, 'left'], `${title} has no value to look at.`, 'Enter one, such as {{ $json.total }}.');
  if (isBlank(condition['right']) && !mayBeBlank.has(condition['op']))
    return empty([...path, 'right'], `${title} has nothing to compare with.`, 'Enter a value.');
  return undefined;
}

type Fields = Readonly<Record<string, unknown>>;

function conditionsIn(value: unknown, path: Path, depth = 0): { condition: Fields; path: Path }[] {
  if (!isObject(value) || depth > 50) return [];
  for (const join of ['all', 'any']) {
    const parts = value[join];
    if (Array.isArray(parts) && parts.length > 0)
      return parts.flatMap((part, at) => conditionsIn(part, [...path, join, at], depth + 1));
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
      'Switch on “Convert types”, or convert one of the values.',
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

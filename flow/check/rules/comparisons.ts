import type { Wired } from '../../compile/wiring.ts';
import { isObject } from '../../document/json.ts';
import { quote } from '../../document/quote.ts';
import type { Issue } from '../../document/workflow.ts';
import { kindOfTemplate } from '../../expression/errors.ts';
import { conditionOp } from '../../values/condition.ts';
import type { ConditionOp } from '../../values/condition.ts';
import { conditionWords, isNumeric } from '../../values/condition-words.ts';
import { found } from '../codes.ts';
import { pathText } from '../params/places.ts';
import type { Path } from '../params/schema.ts';
import { titleText } from '../params/titles.ts';
import { enabled, findIn } from '../view.ts';
import type { Rule, View } from '../view.ts';

/**
 * Conditions that are not filled in, which are always or never true; and those that compare what cannot be compared, as far as it is
 * known before a run: there it is a fault.
 */
export const comparisons: Rule = {
  codes: ['condition-kinds', 'condition-empty'],
  check: (view) => {
    const reading = { left: mostCharacters, budget: view.budget };
    return findIn(view, enabled(view), (wired) => nodeIssues(view, wired, reading));
  },
};

/** Characters of templates that one check reads for what they give; of what stands beyond, nothing is known. */
const mostCharacters = 200_000;
/** What a text costs beside its characters. */
const perText = 40;

/** What reading a character of a template takes. */
const stepsACharacter = 50;

/** How much may still be read. */
interface ReadingLeft {
  left: number;
  readonly budget: View['budget'];
}

function nodeIssues(view: View, wired: Wired, reading: ReadingLeft): Iterable<Issue> {
  const isStrict = view.paramsOf(wired)['loose'] === false;
  const conditions = view
    .placesOf(wired)
    .filter(({ ui, value }) => ui === 'conditions' && isObject(value))
    .flatMap(({ value, path }) => conditionsIn(value, path));
  return findIn(view, conditions, ({ condition, path }) => {
    const empty = emptyIn(wired, condition, path);
    return empty || !isStrict ? (empty ?? []) : issueOf(wired, condition, path, reading);
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
  const empty = (at: Path, lacks: string, mend: string) => [
    found(
      'condition-empty',
      { node: node.key, param: pathText(at) },
      `${titleText(card.params, path)} ${lacks}.`,
      mend,
    ),
  ];
  if ('all' in condition || 'any' in condition) return empty(path, 'has no condition', 'Add a condition.');
  if (!conditionOp.safeParse(condition['op']).success) return undefined;
  if (isBlank(condition['left']))
    return empty([...path, 'left'], 'has no value to look at', 'Enter one, such as {{ $json.total }}.');
  // What was written as empty is compared with; what nobody wrote is not filled in yet.
  if (condition['right'] === undefined && (condition['op'] === 'equals' || condition['op'] === 'not-equals'))
    return empty(
      [...path, 'right'],
      'has nothing to compare with',
      'Enter a value. Whether there is one at all is another comparison.',
    );
  if (isBlank(condition['right']) && !mayBeBlank.has(condition['op']))
    return empty([...path, 'right'], 'has nothing to compare with', 'Enter a value.');
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

function issueOf({ node }: Wired, { left, op, right }: Fields, path: Path, reading: ReadingLeft): Issue[] {
  const known = conditionOp.safeParse(op).data;
  const [one, other] = [sideOf(left, reading), sideOf(right, reading)];
  const wrong = known && clash(known, one, other);
  if (wrong === undefined) return [];
  const message = `${shown(left)} ${conditionWords[known!]} ${shown(right)}: ${wrong}.`;
  const mend = [one, other].every((side) => mayConvert(side, ordered.has(known!)))
    ? 'Switch on “Convert types”, or convert one of the values.'
    : `${ordered.has(known!) ? 'Compare with a number' : 'Compare values of one kind'}, or choose another comparison.`;
  return [found('condition-kinds', { node: node.key, param: pathText(path) }, message, mend)];
}

const ordered = new Set<ConditionOp>(['gt', 'gte', 'lt', 'lte']);

/** One side of a comparison, and the kind that it always has. */
interface Side {
  readonly value: unknown;
  readonly kind: Known;
}

const sideOf = (value: unknown, reading: ReadingLeft): Side => ({ value, kind: knownKind(value, reading) });

function clash(op: ConditionOp, left: Side, right: Side): string | undefined {
  const sides = [left, right];
  if (ordered.has(op)) {
    const odd = sides.find(({ kind }) => kind !== undefined && kind !== 'number');
    return odd?.kind && `it compares numbers, and ${shown(odd.value)} is ${oneOf[odd.kind]}`;
  }
  if (op !== 'equals' && op !== 'not-equals') return undefined;
  const [one, other] = sides.map(({ kind }) => kind);
  return one && other && one !== other ? `${oneOf[one]} is never ${oneOf[other]}` : undefined;
}

const oneOf: Readonly<Record<NonNullable<Known>, string>> = {
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  list: 'a list',
  object: 'an object',
};

/** Whether converting may give what can be compared: a text that is no number never does. */
function mayConvert({ value, kind }: Side, isOrdered: boolean): boolean {
  if (kind === 'list' || kind === 'object') return false;
  if (typeof value !== 'string' || value.includes('{{') || value === '') return true;
  return isNumeric(value) || (!isOrdered && isTruth(value));
}

const isTruth = (text: string): boolean => ['true', 'false', 'yes', 'no'].includes(text.trim().toLowerCase());

/** The kind of a literal, or of what an expression always gives; dates leave an expression as text and are left out. */
function knownKind(value: unknown, reading: ReadingLeft): Known {
  if (typeof value === 'string' && value.includes('{{')) {
    reading.left -= value.length + perText;
    if (reading.left < 0) return undefined;
    reading.budget.about(value.length * stepsACharacter);
    return kindOfTemplate(value);
  }
  if (typeof value === 'string') return value === '' ? undefined : 'text';
  if (typeof value === 'number' || typeof value === 'boolean') return typeof value === 'number' ? 'number' : 'boolean';
  return Array.isArray(value) ? 'list' : isObject(value) ? 'object' : undefined;
}

const shown = (value: unknown): string => quote(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

import type { AnyNode } from 'acorn';
import { constants } from './globals/names.ts';
import { Callable, type Kind, Namespace } from './values/box.ts';
import { kindsHaving } from './values/spelling.ts';

type Returns = Partial<Readonly<Record<Kind, string>>>;

/** What the methods of each kind give, where that is always the same; the others are not known before a run. */
const returns: Partial<Readonly<Record<Kind, Returns>>> = {
  text: {
    text: 'at charAt concat normalize padEnd padStart repeat replace replaceAll slice substr substring toLowerCase toLocaleLowerCase toUpperCase toLocaleUpperCase toString trim trimEnd trimStart hash hmac base64Encode base64Decode urlEncode urlDecode toTitleCase toSentenceCase toSnakeCase removeTags removeMarkdown replaceSpecialChars quote',
    number: 'indexOf lastIndexOf localeCompare search charCodeAt toNumber toInt toFloat toWholeNumber toDecimalNumber',
    boolean: 'includes startsWith endsWith isEmpty isNotEmpty isEmail isUrl isDomain isNumeric toBoolean',
    list: 'split',
    moment: 'toDateTime',
    date: 'toDate',
  },
  number: {
    text: 'toFixed toPrecision toExponential toString toLocaleString format',
    number: 'ceil floor abs round toInt toFloat toNumber',
    boolean: 'isEven isOdd isInteger isEmpty isNotEmpty toBoolean',
    moment: 'toDateTime',
  },
  list: {
    list: 'concat filter flat flatMap map slice sort reverse toReversed toSorted unique removeDuplicates compact chunk pluck union difference intersection append',
    text: 'join toString toJsonString',
    number: 'indexOf lastIndexOf findIndex sum average push',
    boolean: 'includes every some isEmpty isNotEmpty',
  },
  moment: {
    moment: 'set startOf endOf plus minus setZone toUTC toLocal setLocale beginningOf endOfMonth',
    text: 'toISO toISODate toISOTime toFormat format toLocaleString toISOString toHTTP toRFC2822 toSQL toSQLDate toString',
    number: 'toMillis toSeconds toUnixInteger valueOf getTime',
    boolean: 'hasSame isBetween isWeekend isInLast equals',
    duration: 'diff diffNow',
  },
  record: { list: 'keys values', boolean: 'isEmpty isNotEmpty hasField', text: 'toJsonString' },
};

const results = new Map<string, Kind>();
for (const [kind, table] of Object.entries(returns))
  for (const [result, names] of Object.entries(table))
    for (const name of names.split(' ')) results.set(`${kind} ${name}`, result as Kind);

const rootKinds: Readonly<Record<string, Kind>> = {
  $now: 'moment',
  $today: 'moment',
  $input: 'node',
  $itemIndex: 'number',
  $runIndex: 'number',
  $turn: 'number',
};
const calledKinds: Readonly<Record<string, Kind>> = {
  $: 'node',
  String: 'text',
  Number: 'number',
  parseInt: 'number',
  parseFloat: 'number',
  Boolean: 'boolean',
  encodeURIComponent: 'text',
  numberList: 'list',
};
const staticKinds: Readonly<Record<string, Kind>> = {
  'JSON.stringify': 'text',
  'Object.keys': 'list',
  'Object.entries': 'list',
  'Object.values': 'list',
  'Array.from': 'list',
  'DateTime.now': 'moment',
  'DateTime.fromISO': 'moment',
  'DateTime.fromFormat': 'moment',
  'DateTime.fromMillis': 'moment',
  'DateTime.local': 'moment',
};

/** The kind of an expression's value, as far as its syntax tells; undefined where only a run can. `own` are names that it makes itself. */
export function kindOfNode(node: AnyNode, own: ReadonlySet<string>): Kind | undefined {
  switch (node.type) {
    case 'ParenthesizedExpression':
      return kindOfNode(node.expression, own);
    case 'Literal':
      return 'regex' in node ? 'regex' : literalKinds.get(typeof node.value);
    case 'TemplateLiteral':
      return 'text';
    case 'ArrayExpression':
      return 'list';
    case 'ObjectExpression':
      return 'record';
    case 'UnaryExpression':
      return node.operator === '!' ? 'boolean' : node.operator === 'typeof' ? 'text' : undefined;
    case 'BinaryExpression':
      return binaryKind(node, own);
    case 'Identifier':
      return own.has(node.name) || !Object.hasOwn(rootKinds, node.name) ? undefined : rootKinds[node.name];
    case 'MemberExpression':
      return partKind(node, own);
    case 'CallExpression':
      return callKind(node, own);
    default:
      return undefined;
  }
}

const literalKinds: ReadonlyMap<string, Kind> = new Map([
  ['string', 'text'],
  ['number', 'number'],
  ['boolean', 'boolean'],
]);

function binaryKind(node: Extract<AnyNode, { type: 'BinaryExpression' }>, own: ReadonlySet<string>): Kind | undefined {
  if (/^(?:[=!]==?|[<>]=?|in|instanceof)$/.test(node.operator)) return 'boolean';
  if (node.operator !== '+') return 'number';
  const kinds = [kindOfNode(node.left, own), kindOfNode(node.right, own)];
  if (kinds.includes('text')) return 'text';
  return kinds.every((kind) => kind === 'number') ? 'number' : undefined;
}

function partKind(node: Extract<AnyNode, { type: 'MemberExpression' }>, own: ReadonlySet<string>): Kind | undefined {
  if (node.computed || node.property.type !== 'Identifier' || node.property.name !== 'length') return undefined;
  const kind = kindOfNode(node.object, own);
  return kind === 'text' || kind === 'list' ? 'number' : undefined;
}

function callKind(
  { callee }: Extract<AnyNode, { type: 'CallExpression' }>,
  own: ReadonlySet<string>,
): Kind | undefined {
  if (callee.type === 'Identifier')
    return own.has(callee.name) || !Object.hasOwn(calledKinds, callee.name) ? undefined : calledKinds[callee.name];
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier') return undefined;
  const { object, property } = callee;
  if (object.type === 'Identifier' && !own.has(object.name)) {
    const name = `${object.name}.${property.name}`;
    if (Object.hasOwn(staticKinds, name)) return staticKinds[name];
    if (object.name === 'Math') return 'number';
  }
  if (own.has(property.name)) return undefined;
  const kind = kindOfNode(object, own);
  return kind === undefined ? onlyResult(property.name) : results.get(`${kind} ${property.name}`);
}

/** What a method gives of whatever has it, where all that have it give the same: only texts have trim(). */
function onlyResult(name: string): Kind | undefined {
  const [first, ...others] = kindsHaving(name).map((kind) => results.get(`${kind} ${name}`));
  return others.every((kind) => kind === first) ? first : undefined;
}

/** `Math`, `JSON`, `DateTime` and the like, by the name that an expression writes; undefined for what it makes itself. */
export function staticsOf(node: AnyNode, own: ReadonlySet<string>): Namespace | Callable | undefined {
  if (node.type !== 'Identifier' || own.has(node.name)) return undefined;
  const known = constants.get(node.name);
  return known instanceof Namespace || known instanceof Callable ? known : undefined;
}

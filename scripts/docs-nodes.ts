import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Family, NodeCard, PortsSpec } from '../flow/document/card.ts';
import { isObject } from '../flow/document/json.ts';
import { newestNodes } from '../nodes/all.ts';
import { keepCards } from './keep-cards.ts';
import { cardOf } from '../nodes/kit/card.ts';

const families: Readonly<Record<Family, string>> = {
  trigger: 'Triggers',
  connector: 'Connectors',
  etl: 'Data',
  rule: 'Rules',
  flow: 'Flow',
  code: 'Code',
  ai: 'AI',
  channel: 'Channels',
  data: 'Entities',
};

/** The page of all nodes, made of their cards: what a person who writes a document by hand needs to know. */
export function nodesPage(cards: readonly NodeCard[]): string {
  const sections = Object.entries(families).flatMap(([family, title]) => {
    const own = cards.filter((card) => card.family === family);
    return own.length === 0 ? [] : [`## ${title}\n\n${own.map(nodeSection).join('\n\n')}`];
  });
  return `# Nodes\n\nMade from the cards of the nodes by \`npm run docs:nodes\`; a test keeps it true. \`npx heddle nodes\` prints the same cards.
Nearly every param also takes a template, \`{{ … }}\`.\n\n${sections.join('\n\n')}\n`;
}

function nodeSection(card: NodeCard): string {
  const facts = [
    `in: ${portNames(card.inputs)}`,
    `out: ${portNames(card.outputs)}`,
    ...(card.needs.length === 0 ? [] : [`powers: ${card.needs.join(', ')}`]),
    `effect: ${effectText(card)}`,
    ...(card.runOnEmpty ? ['runs without items too'] : []),
  ];
  return [
    `### ${card.title} · \`${card.type}\``,
    card.summary,
    facts.join(' · '),
    ...paramsTable(card),
    ...firstExample(card),
  ].join('\n\n');
}

function portNames(spec: PortsSpec): string {
  if ('each' in spec && typeof spec.each === 'string') {
    return [`one for each of \`${spec.each}\``, ...Object.keys(isObject(spec.then) ? spec.then : {})].join(', ');
  }
  if ('count' in spec && typeof spec.count === 'string') return `${String(spec.id)}1 … as many as \`${spec.count}\``;
  const names = Object.keys(spec);
  return names.length === 0 ? '–' : names.join(', ');
}

function effectText({ effect }: NodeCard): string {
  if (typeof effect === 'string') return effect;
  const { by, else: otherwise, unless, ...named } = effect;
  const cases = Object.entries(named).map(([value, found]) => `${found} for ${value}`);
  return `by \`${by}\`: ${[...cases, `else ${otherwise}`].join(', ')}${typeof unless === 'string' ? `; idempotent when \`${unless}\`` : ''}`;
}

function paramsTable({ params, defaults }: NodeCard): string[] {
  const properties = isObject(params['properties']) ? params['properties'] : {};
  const required = Array.isArray(params['required']) ? params['required'] : [];
  const rows = Object.entries(properties).map(([name, schema]) => {
    const fallback = Object.hasOwn(defaults, name)
      ? `\`${cell(JSON.stringify(defaults[name]))}\``
      : required.includes(name)
        ? '**needed**'
        : '';
    return `| \`${name}\` | ${cell(kindOf(schema))} | ${fallback} | ${cell(aboutOf(schema))} |`;
  });
  return rows.length === 0 ? [] : [['| param | is | default | |', '|---|---|---|---|', ...rows].join('\n')];
}

/** What a param may be, in words; a template in its place goes without saying. */
function kindOf(schema: unknown): string {
  if (!isObject(schema)) return 'anything';
  if (Array.isArray(schema['enum'])) return schema['enum'].map((word) => `\`${String(word)}\``).join(' ');
  if ('const' in schema) return `\`${String(schema['const'])}\``;
  const options = [schema['anyOf'], schema['oneOf']].find(Array.isArray) as unknown[] | undefined;
  if (options) return [...new Set(options.filter((option) => !isTemplate(option)).map(kindOf))].join(' or ');
  if (schema['ui'] === 'conditions' || '$ref' in schema) return 'conditions';
  if (schema['type'] === 'array') return `list of ${kindOf(schema['items'])}`;
  if (schema['type'] === 'object') return objectText(schema);
  return typeof schema['type'] === 'string' ? (words[schema['type']] ?? schema['type']) : 'anything';
}

const words: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: 'yes or no',
  null: 'null',
};
const isTemplate = (option: unknown): boolean => isObject(option) && option['$ref'] === '#/$defs/template';

function objectText(schema: Readonly<Record<string, unknown>>): string {
  if (!isObject(schema['properties'])) return 'names with values';
  const names = Object.entries(schema['properties']).map(([name, part]) =>
    isObject(part) && typeof part['const'] === 'string' ? `\`${name}: ${part['const']}\`` : `\`${name}\``,
  );
  return `{ ${names.join(', ')} }`;
}

const aboutOf = (schema: unknown): string => {
  if (!isObject(schema)) return '';
  const { title, description } = schema;
  return [title, description].filter((part): part is string => typeof part === 'string').join('. ');
};

const firstExample = ({ examples }: NodeCard): string[] => {
  const [example] = examples;
  if (!example) return [];
  const { name, params, given, gives } = example;
  const isGiven = isObject(given) && Object.keys(given).length > 0;
  const lines = [
    `params  ${JSON.stringify(params)}`,
    ...(isGiven ? [`given   ${JSON.stringify(given)}`] : []),
    `gives   ${JSON.stringify(gives)}`,
  ];
  return [`${name}:\n\n\`\`\`\n${lines.join('\n')}\n\`\`\``];
};

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

if (import.meta.main) {
  keepCards();
  await writeFile(path.resolve(import.meta.dirname, '../docs/nodes.md'), nodesPage(newestNodes.map(cardOf)));
}

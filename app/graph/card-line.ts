import type { KnownWorkflow } from '../../flow/check/view.ts';
import type { NodeCard } from '../../flow/document/card.ts';
import { isObject } from '../../flow/document/json.ts';
import type { Node } from '../../flow/document/workflow.ts';
import { compileTemplate, isOneExpression } from '../../flow/expression/compile.ts';
import { scopeOver } from '../../flow/expression/scope.ts';
import { said } from '../forms/said-params.ts';

/**
 * The one line of a card, made from its params: `POST /orders/{{ $json.id }}`, `total > 500`. Expressions show as they are written, so that
 * none is taken for text; a side of a condition that is one and nothing else shows without brackets. `said` has the same params with choices by their labels. A line that cannot be worked out yet (nothing is filled in) is the card's summary.
 */
export function lineOf(card: NodeCard, node: Node, workflows: readonly KnownWorkflow[] = []): string {
  if (card.line === undefined) return card.summary;
  try {
    let isMissing = false;
    const params = named({ ...card.defaults, ...node.params }, card, workflows);
    if (params === undefined) return card.summary;
    const kept = bracketed(params, card.params);
    const scope = scopeOver({ ...kept, said: said(kept, card.params) });
    const value = compileTemplate(overParams(card))({ ...scope, missed: () => (isMissing = true) });
    const line = isMissing ? '' : tidy(String(value ?? ''));
    // A sign alone, as of a condition that is still empty, says nothing.
    return /[\p{L}\p{N}]/u.test(line) ? line : card.summary;
  } catch {
    return card.summary;
  }
}

type Params = Readonly<Record<string, unknown>>;

/** Params with the name of each workflow in place of its id; undefined while a name is not known. */
function named(params: Params, card: NodeCard, workflows: readonly KnownWorkflow[]): Params | undefined {
  const shape = card.params['properties'];
  const entries = Object.entries(params).map(([name, value]) => {
    const field = isObject(shape) ? shape[name] : undefined;
    if (!isObject(field) || field['ui'] !== 'workflow' || typeof value !== 'string' || value.includes('{{'))
      return [name, value] as const;
    return [name, workflows.find((one) => one.id === value || one.name === value)?.name] as const;
  });
  return entries.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(entries);
}

/** Lines name params as if they were variables: each expression becomes a function of them. */
function overParams({ line = '', params }: NodeCard): string {
  const names = isObject(params['properties']) ? Object.keys(params['properties']) : [];
  const open = `{{ (({ ${names.filter((name) => /^[A-Za-z_]\w*$/.test(name)).join(', ')}, said }) => (`;
  return line.replaceAll('{{', open).replaceAll('}}', '))($json) }}');
}

/** Brackets that stand for those of an expression which is shown with them, from the area that no text uses. */
const [opening, closing] = ['\uE000', '\uE001'];

function bracketed(params: Params, schema: Params): Params {
  const shape = isObject(schema['properties']) ? schema['properties'] : {};
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const field = shape[name];
      return [name, withBrackets(value, isObject(field) && field['ui'] === 'conditions')];
    }),
  );
}

function withBrackets(value: unknown, isCondition: boolean): unknown {
  if (typeof value === 'string')
    return isCondition && isOneExpression(value)
      ? value
      : value.replaceAll(/\{\{\s*/g, `${opening} `).replaceAll(/\s*\}\}/g, ` ${closing}`);
  if (Array.isArray(value)) return value.map((one: unknown) => withBrackets(one, isCondition));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withBrackets(inner, isCondition)]));
}

const tidy = (line: string): string =>
  line
    .split(/(\uE000[^\uE001]*\uE001)/)
    .map((part, index) => (index % 2 === 1 ? part : bare(part)))
    .join('')
    .replaceAll(opening, '{{')
    .replaceAll(closing, '}}')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 200);

const bare = (text: string): string => text.replaceAll(/\{\{\s*|\s*\}\}/g, '').replaceAll(/\$json\.(?=[A-Za-z_])/g, '');

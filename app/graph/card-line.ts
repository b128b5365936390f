import type { KnownWorkflow } from '../../flow/check/view.ts';
import type { NodeCard } from '../../flow/document/card.ts';
import { isObject } from '../../flow/document/json.ts';
import type { Node } from '../../flow/document/workflow.ts';
import { compileTemplate } from '../../flow/expression/compile.ts';
import { scopeOver } from '../../flow/expression/scope.ts';
import { said } from '../forms/said-params.ts';

/**
 * The one line of a card, made from its params: `POST /orders`, `total > 500`. Params that are expressions show as their
 * code without brackets; `said` has the same params with choices by their labels. A line that cannot be worked out yet (nothing is filled in) is the card's summary.
 */
export function lineOf(card: NodeCard, node: Node, workflows: readonly KnownWorkflow[] = []): string {
  if (card.line === undefined) return card.summary;
  try {
    let isMissing = false;
    const params = named({ ...card.defaults, ...node.params }, card, workflows);
    if (params === undefined) return card.summary;
    const scope = scopeOver({ ...params, said: said(params, card.params) });
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

const tidy = (line: string): string =>
  line
    .replaceAll(/\{\{\s*|\s*\}\}/g, '')
    .replaceAll(/\$json\.(?=[A-Za-z_])/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 200);

import { isObject } from '../../flow/document/json.ts';
import type { Catalogue } from '../../flow/document/card.ts';
import { effectOf, splitEnd } from '../../flow/document/ports.ts';
import type { Node, Workflow } from '../../flow/document/workflow.ts';
import { effectsOf } from '../../flow/facts/effects.ts';
import type { StoredFact } from '../../flow/facts/fact.ts';
import { nodeName } from '../../flow/document/node-name.ts';
import type { RunStep } from '../api/run-shapes.ts';

interface Ran {
  readonly document: Workflow;
  readonly catalogue: Catalogue;
  /** Undefined when a retry did its work: then every node may have sent. */
  readonly steps: readonly RunStep[] | undefined;
  readonly facts: readonly StoredFact[];
}

/**
 * The nodes of a run that did something outside and do it a second time when it is retried: all of them from the start, which is done under new
 * keys, else those that come after `from`, itself included. What a step that failed had sent is kept when it is retried from there (E24).
 */
export function sentAgain({ document, catalogue, steps, facts }: Ran, from?: string): string[] {
  const again = from === undefined ? undefined : withAfter(document, from);
  const sent = steps?.filter((step) => didSend(step, again ? [] : facts)).map(({ key }) => key);
  return document.nodes
    .filter(({ key }) => (sent?.includes(key) ?? true) && (again?.has(key) ?? true))
    .filter((node) => sends(node, catalogue, again === undefined))
    .map((node) => nodeName(catalogue, node));
}

/** What happens twice, in a sentence; of a run whose nodes are not known here, that it may. */
export function againWords(names: readonly string[] | undefined): string {
  if (!names) return 'What its steps send is sent again.';
  if (names.length === 0) return '';
  if (names.length === 1) return `${names[0]} runs again: what it sends is sent again.`;
  const listed = `${names.slice(0, -1).slice(0, 4).join(', ')} and ${names.length > 5 ? `${names.length - 4} more` : names.at(-1)}`;
  return `${listed} run again: what they send is sent again.`;
}

/** Whether something of it went out: it finished with items, or some were sent when it failed. */
function didSend(step: RunStep, facts: readonly StoredFact[]): boolean {
  const { status, input, turns } = step;
  if (status === 'finished') return turns !== undefined || Object.values(input).some((items) => items.length > 0);
  return effectsOf(facts, step).some(({ state }) => state === 'done' || state === 'doubt');
}

/** Whether a node does what counts when it is done twice. Under new keys a service that knows its calls by their keys does it again too. */
function sends({ type, version, params }: Node, catalogue: Catalogue, isUnderNewKeys: boolean): boolean {
  const card = catalogue(type, version);
  if (!card) return true;
  if (card.needs.includes('workflow')) return true;
  const own = { ...card.defaults, ...params };
  const { effect } = card;
  const key = isObject(effect) ? effect['unless'] : undefined;
  const asked = isUnderNewKeys && typeof key === 'string' ? { ...own, [key]: false } : own;
  return effectOf(effect, asked, card.defaults) === 'effect';
}

/** A node and those that its items reach. */
function withAfter({ edges }: Workflow, from: string): Set<string> {
  const reached = new Set([from]);
  for (const key of reached)
    for (const edge of edges) if (splitEnd(edge.from).key === key) reached.add(splitEnd(edge.to).key);
  return reached;
}

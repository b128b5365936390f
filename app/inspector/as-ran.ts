import type { Workflow } from '../../flow/document/workflow.ts';
import type { StoredFact } from '../../flow/facts/fact.ts';

/**
 * The document that ran, by the first fact of the run: with those of its pins alone that stood in for nodes there. A published version carries pins
 * and never uses them.
 */
export function asRan(document: Workflow, first: StoredFact | undefined): Workflow {
  const used = (first?.type === 'run.started' && first.data.pins) || {};
  const pins = Object.entries(document.pins ?? {}).filter(([key]) => Object.hasOwn(used, key));
  return { ...document, pins: Object.fromEntries(pins) };
}

import { canonical } from '../../flow/document/canonical.ts';
import type { Pinned, Workflow } from '../../flow/document/workflow.ts';
import { hasAway } from '../../flow/facts/away.ts';
import type { StoredFact } from '../../flow/facts/fact.ts';

/**
 * The document that ran, by the first fact of the run: with those of its pins alone that stood in for nodes there. A published version carries pins
 * and never uses them; in a try with the data of another run that data stands where something is pinned.
 */
export function asRan(document: Workflow, first: StoredFact | undefined): Workflow {
  const used = (first?.type === 'run.started' && first.data.pins) || {};
  const pins = Object.entries(document.pins ?? {}).filter(
    ([key, pin]) => Object.hasOwn(used, key) && isThat(pin, used[key] ?? {}),
  );
  return { ...document, pins: Object.fromEntries(pins) };
}

/** Whether a pin is what stood in; of what was left at the server that is taken to be so. */
function isThat(pin: Pinned, stood: Readonly<Record<string, readonly unknown[]>>): boolean {
  const lists = Object.values(stood);
  if (lists.some((items) => hasAway(items))) return true;
  return canonical(pin) === canonical(Array.isArray(pin) ? (lists[0] ?? null) : stood);
}

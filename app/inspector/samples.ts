import type { Catalogue } from '../../flow/document/card.ts';
import { outputPorts, splitEnd } from '../../flow/document/ports.ts';
import { defaultZone } from '../../flow/document/workflow.ts';
import type { Pinned, Workflow } from '../../flow/document/workflow.ts';
import type { RunStep as Step } from '../api/run-shapes.ts';
import type { Samples } from '../forms/expression-result.ts';

/**
 * What is known of the data around a node without running anything: pins first, then the last run. In a loop it is that of one iteration: the one
 * whose path is given, else the last.
 */
export function samplesFor(
  document: Workflow,
  catalogue: Catalogue,
  steps: readonly Step[],
  key: string,
  { turn, ...world }: Pick<Samples, 'workflow' | 'now'> & { readonly turn?: string | undefined },
): Samples {
  const into = document.edges.filter(({ to }) => splitEnd(to).key === key);
  // What stands for all iterations of a node of a loop's body has no items of its own.
  const known = steps.filter(({ turns, output }) => !turns || Object.keys(output).length > 0);
  const feeding = new Set(into.map(({ from }) => splitEnd(from).key));
  const near = known.findLast((step) => step.key === key) ?? known.findLast((step) => feeding.has(step.key));
  const done = known.filter(({ status }) => status === 'finished');
  const ports = portsBy(document, catalogue, (one) => nearest(done, one, turn ?? near?.path ?? ''));
  const outputs = new Map(document.nodes.map((node) => [node.key, ports(node.key, undefined)]));
  const fed = into.flatMap(({ from }) => ports(splitEnd(from).key, splitEnd(from).port) ?? []);
  const own = known.findLast((step) => step.key === key && (turn === undefined || step.path === turn));
  const items = fed.length > 0 ? fed : (Object.values(own?.input ?? {})[0] ?? []);
  return {
    items,
    outputs: new Map([...outputs].flatMap(([name, list]) => (list ? [[name, list] as const] : []))),
    zone: document.settings?.timezone ?? defaultZone,
    ...world,
  };
}

/** The last step of a node at a path or the nearest one around it; where it stands in loops of its own, its last. */
function nearest(steps: readonly Step[], key: string, path: string): Step | undefined {
  for (let at = path; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const found = steps.findLast((step) => step.key === key && step.path === at);
    if (found) return found;
    if (at === '') return steps.findLast((step) => step.key === key);
  }
}

/** Looks up what a node gave on a port; undefined when nothing is known. */
function portsBy(document: Workflow, catalogue: Catalogue, stepOf: (key: string) => Step | undefined) {
  return (key: string, port: string | undefined): readonly unknown[] | undefined => {
    const node = document.nodes.find((one) => one.key === key);
    const card = node && catalogue(node.type, node.version);
    const first = node && card ? outputPorts(card, node)[0]?.name : undefined;
    const pin = document.pins?.[key];
    if (pin) return pinnedOn(pin, port, first);
    const step = stepOf(key);
    if (!step) return undefined;
    return port === undefined && first === undefined
      ? Object.values(step.output)[0]
      : (step.output[port ?? first ?? ''] ?? []);
  };
}

const pinnedOn = (pin: Pinned, port: string | undefined, first: string | undefined): readonly unknown[] =>
  Array.isArray(pin) ? (port === undefined || port === first ? pin : []) : (pin[port ?? first ?? ''] ?? []);

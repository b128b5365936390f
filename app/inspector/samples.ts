import type { Catalogue } from '../../flow/document/card.ts';
import { outputPorts, splitEnd } from '../../flow/document/ports.ts';
import type { Pinned, Workflow } from '../../flow/document/workflow.ts';
import type { Step } from '../canvas/remote-shapes.ts';
import type { Samples } from '../forms/expression-result.ts';

/** What is known of the data around a node without running anything: pins first, then the last run. */
export function samplesFor(
  document: Workflow,
  catalogue: Catalogue,
  steps: readonly Step[],
  key: string,
  world: Pick<Samples, 'workflow' | 'now'>,
): Samples {
  const last = new Map(steps.filter(({ status }) => status === 'finished').map((step) => [step.key, step]));
  const ports = portsBy(document, catalogue, last);
  const outputs = new Map(document.nodes.map((node) => [node.key, ports(node.key, undefined)]));
  const fed = document.edges
    .filter(({ to }) => splitEnd(to).key === key)
    .flatMap(({ from }) => ports(splitEnd(from).key, splitEnd(from).port) ?? []);
  const own = steps.findLast((step) => step.key === key);
  const items = fed.length > 0 ? fed : (Object.values(own?.input ?? {})[0] ?? []);
  return {
    items,
    outputs: new Map([...outputs].flatMap(([name, list]) => (list ? [[name, list] as const] : []))),
    zone: document.settings?.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...world,
  };
}

/** Looks up what a node gave on a port; undefined when nothing is known. */
function portsBy(document: Workflow, catalogue: Catalogue, last: ReadonlyMap<string, Step>) {
  return (key: string, port: string | undefined): readonly unknown[] | undefined => {
    const node = document.nodes.find((one) => one.key === key);
    const card = node && catalogue(node.type, node.version);
    const first = node && card ? outputPorts(card, node)[0]?.name : undefined;
    const pin = document.pins?.[key];
    if (pin) return pinnedOn(pin, port, first);
    const step = last.get(key);
    if (!step) return undefined;
    return port === undefined && first === undefined
      ? Object.values(step.output)[0]
      : (step.output[port ?? first ?? ''] ?? []);
  };
}

const pinnedOn = (pin: Pinned, port: string | undefined, first: string | undefined): readonly unknown[] =>
  Array.isArray(pin) ? (port === undefined || port === first ? pin : []) : (pin[port ?? first ?? ''] ?? []);

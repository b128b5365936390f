import type { Catalogue } from '../../flow/document/card.ts';
import { inputPorts, shownOutputs } from '../../flow/document/ports.ts';
import type { NamedPort } from '../../flow/document/ports.ts';
import type { Workflow } from '../../flow/document/workflow.ts';

/** The ports of a node as its card names them. */
export interface PortNames {
  readonly input: readonly NamedPort[];
  readonly output: readonly NamedPort[];
}

/** The ports of a node of a document; none where the node or its card is not known. */
export function portNames(
  document: Workflow | undefined,
  catalogue: Catalogue | undefined,
  key: string | undefined,
): PortNames {
  const node = document?.nodes.find((one) => one.key === key);
  const card = node && catalogue?.(node.type, node.version);
  if (!document || !node || !card) return { input: [], output: [] };
  const items = (ports: readonly NamedPort[]) => ports.filter(({ kind }) => kind !== 'part');
  return { input: items(inputPorts(card, node)), output: items(shownOutputs(card, node, document.edges)) };
}

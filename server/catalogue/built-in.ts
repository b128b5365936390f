import { allNodes, definitionOf } from '../../nodes/all.ts';
import { cardOf } from '../../nodes/kit/card.ts';
import type { AnyNode } from '../../nodes/kit/define-node.ts';
import type { NodeSource, OfferedNode } from './source.ts';
import { workspaceNodes } from './workspace-nodes.ts';

const offered = (definition: AnyNode): OfferedNode => ({ card: cardOf(definition), definition });
const offers = allNodes.map(offered);

/**
 * The nodes of this build, the same for every workspace. Their version says what they do, for ever (E17): they have no content hash, so that a
 * corrected sentence on a card strands no plan.
 */
export const builtIn: NodeSource = {
  offers: async () => offers,
  find: (_workspace, { type, version, content }) => {
    const definition = content === undefined ? definitionOf(type, version) : undefined;
    return definition && offered(definition);
  },
};

/** What every workspace has, and all that a file outside a workspace may use. */
export const builtInNodes = workspaceNodes([offers]);

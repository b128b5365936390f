import { allNodes } from '../../nodes/all.ts';
import { cardOf } from '../../nodes/kit/card.ts';
import type { NodeSource, OfferedNode } from './source.ts';
import { workspaceNodes } from './workspace-nodes.ts';

const offers = allNodes.map((definition): OfferedNode => ({ card: cardOf(definition), definition }));

/** What every workspace has, and all that a file outside a workspace may use. */
export const builtInNodes = workspaceNodes([offers]);

/**
 * The nodes of this build, the same for every workspace. Their version says what they do, for ever (E17): they have no content hash, so that a
 * corrected sentence on a card strands no plan.
 */
export const builtIn: NodeSource = {
  offers: async () => offers,
  find: (_workspace, { type, version, content }) =>
    content === undefined ? builtInNodes.find(type, version) : undefined,
};

import type { NodeCatalogue } from './catalogue/catalogue.ts';
import type { FindDefinition } from './engine/prepared-nodes.ts';
import { patiently } from './powers/patient.ts';

/** What a node of a plan is carried out by: at hand for nodes of this build, read for those that are pinned by content. */
export const definitionFinder =
  ({ findPinned }: NodeCatalogue): FindDefinition =>
  (workspace, node, signal) => {
    const find = () => findPinned(workspace, node);
    const found = node.content === undefined ? find() : patiently(async () => find(), signal);
    return found instanceof Promise ? found.then((one) => one?.definition) : found?.definition;
  };

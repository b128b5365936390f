import { LRUCache } from 'lru-cache';
import { builtIn } from './built-in.ts';
import type { NodePin, NodeSource, OfferedNode } from './source.ts';
import { isPinned, workspaceNodes } from './workspace-nodes.ts';
import type { WorkspaceNodes } from './workspace-nodes.ts';

/** What a workspace may use now. */
export type CatalogueOf = (workspace: string) => Promise<WorkspaceNodes>;

/** Finds the very definition that a plan of a workspace pinned; at once for what has no content hash. Undefined when nobody has it. */
export type FindPinned = (
  workspace: string,
  pin: NodePin,
) => OfferedNode | undefined | Promise<OfferedNode | undefined>;

/** The nodes of this process, asked by workspace. */
export interface NodeCatalogue {
  readonly catalogueOf: CatalogueOf;
  readonly findPinned: FindPinned;
}

const mostKept = 1_000;

/** Opens the catalogue over its sources: the nodes of this build, and others after them. */
export function openCatalogue(others: readonly NodeSource[] = []): NodeCatalogue {
  const sources = [builtIn, ...others];
  return { catalogueOf: asker(sources), findPinned: (workspace, pin) => findIn(sources, workspace, pin) };
}

function asker(sources: readonly NodeSource[]): CatalogueOf {
  type Lists = readonly (readonly OfferedNode[])[];
  // Workspaces with nothing of their own share one answer.
  const kept = new LRUCache<string, { readonly lists: Lists; readonly nodes: WorkspaceNodes }>({ max: mostKept });
  return async (workspace) => {
    const lists = (await Promise.all(sources.map((source) => source.offers(workspace)))).filter(
      ({ length }, index) => index === 0 || length > 0,
    );
    const name = lists.length === 1 ? '' : workspace;
    const known = kept.get(name);
    if (known && isSame(known.lists, lists)) return known.nodes;
    const nodes = workspaceNodes(lists);
    kept.set(name, { lists, nodes });
    return nodes;
  };
}

const isSame = (some: readonly unknown[], others: readonly unknown[]) =>
  some.length === others.length && some.every((one, index) => one === others[index]);

/** Asks one source after the other; an answer that is not what was pinned is none. */
function findIn(
  sources: readonly NodeSource[],
  workspace: string,
  pin: NodePin,
): OfferedNode | undefined | Promise<OfferedNode | undefined> {
  const [source, ...rest] = sources;
  if (!source) return undefined;
  const found = source.find(workspace, pin);
  const take = (one: OfferedNode | undefined) => (isPinned(one, pin) ? one : findIn(rest, workspace, pin));
  return found instanceof Promise ? found.then(take) : take(found);
}

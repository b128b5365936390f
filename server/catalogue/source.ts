import type { NodeCard } from '../../flow/document/card.ts';
import type { AnyNode } from '../../nodes/kit/define-node.ts';

/** A node as a source offers it: what is known of it, and what carries it out. */
export interface OfferedNode {
  readonly card: NodeCard;
  readonly definition: AnyNode;
}

/** What a plan says of a node's definition (E17): its `content` too, where a source may change that under one version. */
export interface NodePin {
  readonly type: string;
  readonly version: number;
  readonly content?: string | undefined;
}

/**
 * Where nodes come from: this build; later services, and what a workspace made itself. A source whose definitions may change under one
 * version puts their content's hash on the card (`contentOf`), keeps what plans may still name, and finds it by that hash.
 */
export interface NodeSource {
  /** All that a workspace may choose from now, older versions before newer; the very same list for as long as nothing has changed. */
  offers(workspace: string): Promise<readonly OfferedNode[]>;
  /** What a plan pinned, also when it is not offered any more; undefined when it is not kept. At once for what has no content hash. */
  find(workspace: string, pin: NodePin): OfferedNode | undefined | Promise<OfferedNode | undefined>;
}

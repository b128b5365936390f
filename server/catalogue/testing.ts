import * as z from 'zod';
import { cardOf } from '../../nodes/kit/card.ts';
import { defineNode } from '../../nodes/kit/define-node.ts';
import type { AnyNode } from '../../nodes/kit/define-node.ts';
import { contentOf } from './content.ts';
import type { NodePin, NodeSource, OfferedNode } from './source.ts';

/** A node that writes a word into its item. */
export const wordNode = (word: string, type: `${string}.${string}` = 'own.word'): AnyNode =>
  defineNode({
    type,
    version: 1,
    title: 'Word',
    icon: 'box',
    summary: 'Writes a word into the item.',
    params: z.object({}),
    inputs: { in: {} },
    outputs: { out: {} },
    effect: 'pure',
    each: ({ item }) => ({ ...(item as object), word }),
    examples: [],
  });

/** Nodes that workspaces made themselves: each may be changed under its version, and what it was is kept until it is forgotten. */
export class OwnNodes implements NodeSource {
  private readonly offered = new Map<string, readonly OfferedNode[]>();
  private readonly kept = new Map<string, OfferedNode[]>();

  /** Offers a node in place of the one of its type; gives its content hash. `code` stands for the text that carries it out. */
  put(workspace: string, definition: AnyNode, code: string): string {
    const bare = cardOf(definition);
    const content = contentOf(bare, code);
    const node = { definition, card: { ...bare, content } };
    const others = (this.offered.get(workspace) ?? []).filter(({ card }) => card.type !== definition.type);
    this.offered.set(workspace, [...others, node]);
    this.kept.set(workspace, [...(this.kept.get(workspace) ?? []), node]);
    return content;
  }

  /** Lets an older content go. */
  forget(workspace: string, content: string): void {
    this.kept.set(
      workspace,
      (this.kept.get(workspace) ?? []).filter(({ card }) => card.content !== content),
    );
  }

  async offers(workspace: string): Promise<readonly OfferedNode[]> {
    return this.offered.get(workspace) ?? none;
  }

  async find(workspace: string, { type, version, content }: NodePin): Promise<OfferedNode | undefined> {
    return this.kept
      .get(workspace)
      ?.find(({ card }) => card.type === type && card.version === version && card.content === content);
  }
}

const none: readonly OfferedNode[] = [];

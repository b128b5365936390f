import type { Catalogue } from '../../flow/document/card.ts';
import type { Issue, Workflow } from '../../flow/document/workflow.ts';
import { heightOf, size } from './geometry.ts';
import type { Box, Point } from './geometry.ts';

/** What is wrong; of a value that does not fit that is only half of it, without what to enter. */
export const issueFoot = ({ code, message, mend }: Issue): string =>
  code === 'param-invalid' ? `${message} ${mend}`.trim() : message;

/** Of the look (`.node-foot`): characters that a line under a card has at least, how high a line is, and where the first begins. */
const perLine = 28;
const lineHigh = 14;
const below = 5;

/** The sentences under cards as what is in the way of a new card, which would hide them; by node, as long as they are. */
export function footBoxes(
  { nodes }: Workflow,
  catalogue: Catalogue,
  places: ReadonlyMap<string, Point>,
  feet: ReadonlyMap<string, string>,
): Box[] {
  return nodes.flatMap((node) => {
    const [at, foot] = [places.get(node.key), feet.get(node.key)];
    if (!at || !foot) return [];
    const top = at[1] + heightOf(catalogue(node.type, node.version), node) + below;
    const lines = Math.ceil(foot.length / perLine);
    return [{ at: [at[0], top] as const, width: size.width, height: lines * lineHigh, air: 12 }];
  });
}

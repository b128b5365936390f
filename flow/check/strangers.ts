import { quote } from '../document/quote.ts';
import type { Issue } from '../document/workflow.ts';
import { found } from './codes.ts';
import type { View } from './view.ts';

/** Tells what is wrong with one node naming another, in an expression or in code. */
export interface Strangers {
  /** `place` says where in the text, when the place of the Issue does not: ` (line 3)`. */
  about(name: string, where: { readonly node: string; readonly param: string }, place?: string): Issue[];
}

/** Makes ready what every question needs. */
export function strangersOf(view: View): Strangers {
  const keys = new Set(view.document.nodes.map(({ key }) => key));
  return {
    about(name, where, place = '') {
      const key = where.node;
      if (!keys.has(name)) {
        const meant = view.meant(name, keys);
        const mend = meant
          ? `Write $('${meant}'), if that was meant.`
          : 'Write the “Name in expressions” of a node that is there.';
        return [found('reference-unknown', where, `There is no node ${quote(name)}${place}.`, mend)];
      }
      const relation = view.upstream()(name, key);
      const [own, other] = [view.nameOf(key), view.nameOf(name)];
      if (relation === 'later') {
        const message =
          name === key
            ? `${own} reads its own output${place}.`
            : `${own} reads ${other}, which runs only after it${place}.`;
        return [found('reference-later', where, message, 'Read a node that comes before this one.')];
      }
      if (relation !== 'aside') return [];
      const message = `${own} reads ${other}, which is on another way and need not have run${place}.`;
      return [
        found(
          'reference-aside',
          where,
          message,
          `Lead an edge from ${other} to this node, or expect that it may have given nothing.`,
        ),
      ];
    },
  };
}

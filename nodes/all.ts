import type { Catalogue, NodeCard } from '../flow/document/card.ts';
import { aggregate } from './data/aggregate.ts';
import { compare } from './data/compare.ts';
import { date } from './data/date.ts';
import { dedupe } from './data/dedupe.ts';
import { fromFile } from './data/from-file.ts';
import { limit } from './data/limit.ts';
import { onlyNew } from './data/only-new.ts';
import { rename } from './data/rename.ts';
import { set } from './data/set.ts';
import { sort } from './data/sort.ts';
import { splitOut } from './data/split-out.ts';
import { state } from './data/state.ts';
import { summarize } from './data/summarize.ts';
import { template } from './data/template.ts';
import { toFile } from './data/to-file.ts';
import { validate } from './data/validate.ts';
import { cardOf } from './kit/card.ts';
import type { AnyNode } from './kit/define-node.ts';
import { decisionTable } from './rules/decision-table.ts';
import { filter } from './rules/filter.ts';
import { If } from './rules/if.ts';
import { Switch } from './rules/switch.ts';

/** Every node of this build, one line each; a test checks that no node file is missing. */
export const nodes: readonly AnyNode[] = [
  If,
  filter,
  Switch,
  decisionTable,
  set,
  splitOut,
  aggregate,
  summarize,
  sort,
  limit,
  rename,
  compare,
  dedupe,
  onlyNew,
  date,
  fromFile,
  toFile,
  template,
  state,
  validate,
];

/** Every node's card, in the order of the list. */
export const cards: readonly NodeCard[] = nodes.map(cardOf);

/** The definition of a node type; without a version, the newest. Undefined when this build lacks it. */
export const definitionOf = (type: string, version?: number): AnyNode | undefined => newest(nodes, type, version);

/** The card of a node type, for the compiler and the checks. */
export const catalogue: Catalogue = (type, version) => newest(cards, type, version);

function newest<Entry extends { readonly type: string; readonly version: number }>(
  entries: readonly Entry[],
  type: string,
  version: number | undefined,
): Entry | undefined {
  return entries
    .filter((entry) => entry.type === type && (version === undefined || entry.version === version))
    .toSorted((a, b) => b.version - a.version)[0];
}

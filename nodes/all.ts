import type { Catalogue } from '../flow/document/card.ts';
import { javascript } from './code/javascript.ts';
import { httpRequest1 } from './connect/http-request-1.ts';
import { httpRequest } from './connect/http-request.ts';
import { feed1 } from './connect/rss-1.ts';
import { feed } from './connect/rss.ts';
import { call } from './control/call.ts';
import { loop } from './control/loop.ts';
import { merge } from './control/merge.ts';
import { noOp } from './control/no-op.ts';
import { repeat } from './control/repeat.ts';
import { respond } from './control/respond.ts';
import { review } from './control/review.ts';
import { stop } from './control/stop.ts';
import { wait } from './control/wait.ts';
import { aggregate } from './data/aggregate.ts';
import { compare } from './data/compare.ts';
import { date } from './data/date.ts';
import { dedupe } from './data/dedupe.ts';
import { fromFile1 } from './data/from-file-1.ts';
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
import { called } from './start/called.ts';
import { failed } from './start/failed.ts';
import { form } from './start/form.ts';
import { manual } from './start/manual.ts';
import { schedule } from './start/schedule.ts';
import { webhook } from './start/webhook.ts';

/**
 * Every node of this build, in the order of the palette. A new node is one file and one line here. An older version stands before the newer
 * one; only documents and published plans that name it have it.
 */
export const allNodes: readonly AnyNode[] = [
  manual,
  schedule,
  webhook,
  form,
  called,
  failed,
  httpRequest1,
  httpRequest,
  feed1,
  feed,
  set,
  splitOut,
  aggregate,
  summarize,
  sort,
  limit,
  rename,
  dedupe,
  onlyNew,
  compare,
  date,
  fromFile1,
  fromFile,
  toFile,
  template,
  validate,
  state,
  If,
  Switch,
  filter,
  decisionTable,
  merge,
  loop,
  repeat,
  wait,
  respond,
  call,
  stop,
  noOp,
  review,
  javascript,
];

const byType = new Map<string, AnyNode[]>();
for (const node of allNodes)
  byType.set(
    node.type,
    [...(byType.get(node.type) ?? []), node].toSorted((one, two) => two.version - one.version),
  );

/** The newest version of each type: what people choose from. */
export const newestNodes: readonly AnyNode[] = allNodes.filter(
  ({ type, version }) => byType.get(type)?.[0]?.version === version,
);

/** The definition of a node type; without a version the newest. Undefined when this build lacks it. */
export function definitionOf(type: string, version?: number): AnyNode | undefined {
  const versions = byType.get(type) ?? [];
  return version === undefined ? versions[0] : versions.find((node) => node.version === version);
}

/** The cards of this build, found as the compiler and the checks ask for them. */
export const catalogue: Catalogue = (type, version) => {
  const definition = definitionOf(type, version);
  return definition && cardOf(definition);
};

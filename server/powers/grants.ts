import { LRUCache } from 'lru-cache';
import { manifestOfPlan } from '../../flow/check/manifest.ts';
import type { Manifest } from '../../flow/check/manifest.ts';
import type { Plan, PlanNode } from '../../flow/compile/plan.ts';
import type { NodeCard } from '../../flow/document/card.ts';
import type { RunState } from '../../flow/facts/state.ts';
import type { FindPinned } from '../catalogue/catalogue.ts';
import { inTurns, Turns } from '../text/turns.ts';
import { grantOf } from './grant.ts';
import type { Grant } from './grant.ts';

/** A run that asks for powers. */
export interface GrantedRun {
  readonly workspace: string;
  readonly plan: Plan;
  readonly state: () => RunState;
}

/** Finds what a run was granted. */
export type GrantsOf = (run: GrantedRun) => Promise<Grant>;

export interface GrantsOptions {
  /** The manifest that was stored when a version was published; undefined when there is no such version. */
  readonly readManifest: (workspace: string, workflow: string, version: number) => Promise<Manifest | undefined>;
  readonly findPinned: FindPinned;
}

const mostKept = 1_000;
const nothing = grantOf({ powers: [], hosts: [], credentials: [], workflows: [], nodes: [] });

/**
 * Grants by run: of a published version what publishing stored, of a draft or a file what it asks for itself. Versions never change, so the
 * latest 1,000 stay in memory. A version that is not there was granted nothing.
 */
export function openGrants({ readManifest, findPinned }: GrantsOptions): GrantsOf {
  const versions = new LRUCache<string, Promise<Grant>>({ max: mostKept });
  const drafts = new WeakMap<Plan, Grant>();
  const ofVersion = (workspace: string, workflow: string, version: number): Promise<Grant> => {
    const name = JSON.stringify([workspace, workflow, version]);
    const known = versions.get(name);
    if (known) return known;
    const read = readManifest(workspace, workflow, version).then((found) => (found ? grantOf(found) : nothing));
    versions.set(name, read);
    // What was not there, or could not be read, is asked again.
    read.then(
      (grant) => grant === nothing && versions.delete(name),
      () => versions.delete(name),
    );
    return read;
  };
  return async ({ workspace, plan, state }) => {
    const { started } = state();
    if (!started) return nothing;
    const { id, version } = started.workflow;
    if (version !== null) return ofVersion(workspace, id, version);
    const known = drafts.get(plan);
    if (known) return known;
    const cards = await cardsOf(plan, (node) => findPinned(workspace, node));
    const asked = manifestOfPlan(plan, ({ key }) => cards.get(key));
    const grant = grantOf(await inTurns(asked, new Turns()));
    // What nobody has now may be there when it is asked for.
    if (cards.size === Object.keys(plan.nodes).length) drafts.set(plan, grant);
    return grant;
  };
}

/** The cards that a plan was compiled with, by key, as far as somebody has them. */
async function cardsOf(
  plan: Plan,
  find: (node: PlanNode) => ReturnType<FindPinned>,
): Promise<ReadonlyMap<string, NodeCard>> {
  const found = new Map<string, NodeCard>();
  for (const node of Object.values(plan.nodes)) {
    const offered = await find(node);
    if (offered) found.set(node.key, offered.card);
  }
  return found;
}

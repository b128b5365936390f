import type { Plan, Stage } from '../compile/plan.ts';
import type { LiveStage, Need } from './decide.ts';
import { listen } from './folding.ts';
import type { RunState } from './state.ts';

/** How a stage at a path was found to stand. It does until a fact speaks of the stage, or of one that it waits for. */
export interface Found {
  readonly settled: boolean;
  readonly live?: LiveStage | undefined;
  readonly needs: readonly Need[];
  readonly awaitsRuns: boolean;
}

/** Whether to decide is work by the number of stages alone. Of fewer, to look at each costs less than to remember. */
export const hasManyStages = ({ stages }: Plan): boolean => stages.length >= 64;

const kept = new WeakMap<RunState['instances'], Remembered>();

/** What was found about a state of a plan with many stages; undefined of other plans. */
export const rememberedOf = (plan: Plan, state: RunState): Remembered | undefined =>
  hasManyStages(plan) ? remember(plan, state) : undefined;

/** As `rememberedOf`, of any plan. Beside the state and not of it, as tallies are: it follows from the facts, and changes no decision. */
export function remember(plan: Plan, state: RunState): Remembered {
  let known = kept.get(state.instances);
  if (known?.plan !== plan) {
    known = new Remembered(plan, listen(state.instances));
    kept.set(state.instances, known);
  }
  known.catchUp(state);
  return known;
}

/**
 * How the stages of a run were found to stand, from one decision to the next. Of 5,000 branches that begin together each has an end, and after each it is
 * decided anew: to look at all of them each time took 10 ms, 5,000 times.
 */
export class Remembered {
  readonly plan: Plan;
  private readonly heard: Set<string>;
  /** One for each list of loops: their turns follow one another. */
  private readonly scopes = new Map<string, RememberedScope>();
  private isFailing = false;

  constructor(plan: Plan, heard: Set<string>) {
    this.plan = plan;
    this.heard = heard;
  }

  /** Forgets what facts have changed since. */
  catchUp({ failing }: RunState): void {
    const isFailing = failing !== undefined;
    if (isFailing !== this.isFailing) this.scopes.clear();
    this.isFailing = isFailing;
    for (const stage of this.heard) this.changed(stage);
    this.heard.clear();
  }

  /** The stages that stand in exactly these loops, at a path. */
  scope(loops: readonly string[], path: string): RememberedScope {
    const name = loops.join('/');
    let scope = this.scopes.get(name);
    if (scope?.path !== path) {
      scope = new RememberedScope(path, listsOf(this.plan).get(name) ?? nothing);
      this.scopes.set(name, scope);
    }
    return scope;
  }

  /** A stage stands otherwise than it did: it is looked at again, and so is what waits for it. */
  changed(stage: string): void {
    for (const scope of this.scopes.values()) scope.changed(stage);
  }
}

/** The stages of a plan that stand in the same loops, in order. */
interface StageList {
  readonly stages: readonly Stage[];
  readonly places: ReadonlyMap<string, number>;
}
const nothing: StageList = { stages: [], places: new Map() };

const lists = new WeakMap<Plan, ReadonlyMap<string, StageList>>();

function listsOf(plan: Plan): ReadonlyMap<string, StageList> {
  let known = lists.get(plan);
  if (!known) {
    const listOf = (stages: readonly Stage[]) => ({
      stages,
      places: new Map(stages.map(({ id }, place) => [id, place])),
    });
    const groups = Map.groupBy(plan.stages, ({ loops }) => loops.join('/'));
    known = new Map([...groups].map(([loops, stages]) => [loops, listOf(stages)]));
    lists.set(plan, known);
  }
  return known;
}

/** The stages that stand in the same loops, at a path. */
export class RememberedScope {
  readonly path: string;
  readonly stages: readonly Stage[];
  private readonly places: ReadonlyMap<string, number>;
  private readonly found: (Found | undefined)[];
  private readonly waiting = new Map<string, number[]>();

  constructor(path: string, { stages, places }: StageList) {
    this.path = path;
    this.stages = stages;
    this.places = places;
    this.found = Array.from(stages, () => undefined);
  }

  at(place: number): Found | undefined {
    return this.found[place];
  }

  /** Remembers until its stage changes, or one of those that it waits for. */
  keep(place: number, found: Found, waitsFor: readonly string[]): void {
    this.found[place] = found;
    for (const stage of waitsFor) {
      const others = this.waiting.get(stage);
      if (others) others.push(place);
      else this.waiting.set(stage, [place]);
    }
  }

  changed(stage: string): void {
    const own = this.places.get(stage);
    if (own !== undefined) this.found[own] = undefined;
    const waiting = this.waiting.get(stage);
    if (!waiting) return;
    for (const place of waiting) this.found[place] = undefined;
    this.waiting.delete(stage);
  }
}

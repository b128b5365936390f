import { loopOf, outerPath, turnOf } from '../../flow/facts/path.ts';
import type { RunStep as Step } from '../api/run-shapes.ts';
import { countAll, countOf } from './port-items.ts';
import { isErred } from './status-words.ts';
import { remembered } from '../graph/remembered.ts';

/** A loop as it was gone through at one place: its key, the path of a turn without its number, and how many turns it took. */
export interface LoopSeen {
  readonly key: string;
  /** `/loop` at the root, `/outer:0/inner` inside: `at:3` is the path of its fourth turn. */
  readonly at: string;
  readonly count: number;
}

/** The loops that a run went through, outer ones before the inner ones of each of their turns. */
export function loopsIn(steps: readonly Step[]): LoopSeen[] {
  const counts = new Map<string, number>();
  const around = new Set<string>();
  const note = (path: string) => {
    if (path === '') return;
    const outer = outerPath(path);
    if (!around.has(outer)) note(outer);
    around.add(outer);
    const at = path.slice(0, path.lastIndexOf(':'));
    counts.set(at, Math.max(counts.get(at) ?? 0, turnOf(path) + 1));
  };
  for (const step of steps) {
    for (const { at } of step.turns ?? []) if (at !== undefined) note(at);
    // A head that failed, or is at it, has not begun the turn that it stands at.
    if (step.key !== loopOf(step.path) || step.status === 'finished') note(step.path);
  }
  return [...counts]
    .map(([at, count]) => ({ key: at.slice(at.lastIndexOf('/') + 1), at, count }))
    .toSorted((one, other) => (one.at < other.at ? -1 : 1));
}

/** The loops around a path with the turn that it is in, outermost first. */
export function turnsOn(path: string): { readonly at: string; readonly turn: number }[] {
  const parts = path.split('/').slice(1);
  return parts.map((part, index) => {
    const before = parts.slice(0, index).map((one) => `/${one}`);
    const colon = part.lastIndexOf(':');
    return { at: `${before.join('')}/${part.slice(0, colon)}`, turn: Number(part.slice(colon + 1)) };
  });
}

/**
 * The steps held to one turn: of the loops around it the other turns are left out, and what stands outside of them stays as it is. A node that
 * nothing reached in that turn is not there.
 */
export function heldTo(steps: readonly Step[], path: string | undefined): readonly Step[] {
  if (path === undefined) return steps;
  return turnsOn(path).reduce((left, { at, turn }) => heldToTurn(left, at, turn), steps);
}

function heldToTurn(steps: readonly Step[], at: string, turn: number): readonly Step[] {
  const own = `${at}:${turn}`;
  const isOther = (path: string) => path.startsWith(`${at}:`) && path !== own && !path.startsWith(`${own}/`);
  return steps.flatMap((step) => {
    if (isOther(step.path)) return [];
    if (!step.turns) return [step];
    const turns = step.turns.filter((one) => one.at === undefined || !isOther(one.at));
    if (turns.length === step.turns.length) return [step];
    if (step.key === at.slice(at.lastIndexOf('/') + 1)) return [{ ...step, turns }];
    const [only, ...more] = turns;
    if (!only) return [];
    // The turn's own step says more than the sum, and when it worked; a sum over fewer turns has no times of its own.
    if (more.length === 0 && steps.some((one) => !one.turns && one.key === step.key && one.path === only.at)) return [];
    const status = turns.every(({ skipped }) => skipped) ? ('skipped' as const) : step.status;
    return [{ ...step, turns, status, startedAt: null, finishedAt: null }];
  });
}

/** Where the turns are that steps stand for besides themselves. */
function turnPlaces(steps: readonly Step[]): ReadonlySet<string> {
  const places = new Set<string>();
  for (const { key, turns } of steps) for (const { at } of turns ?? []) places.add(`${key} ${at}`);
  return places;
}

/** A loop that was begun and not left: in how many iterations it is, and whether something in it is at work or all of it waits. */
export interface OpenLoop {
  readonly turns: number;
  readonly isAt: 'running' | 'waiting';
}

/** By key, the loops that a run is in; one that is over broke off in them. */
export const openLoops = remembered((steps: readonly Step[]): ReadonlyMap<string, OpenLoop> => {
  const left = new Set<string>();
  const begun = new Map<string, { readonly key: string; readonly turns: number }>();
  const note = (key: string, path: string, out: object) => {
    if (loopOf(path) !== key && Object.keys(out).length > 0) left.add(`${key} ${path}`);
    if (loopOf(path) !== key) return;
    const place = `${key} ${outerPath(path)}`;
    begun.set(place, { key, turns: Math.max(begun.get(place)?.turns ?? 0, turnOf(path) + 1) });
  };
  for (const { key, path, status, output, turns } of steps) {
    for (const { at, out } of turns ?? []) if (at !== undefined) note(key, at, out);
    if (status === 'finished') note(key, path, output);
  }
  const open = [...begun].filter(([place]) => !left.has(place)).map(([, loop]) => loop);
  const atRest = steps.filter(({ status }) => status === 'waiting' || status === 'in-doubt');
  const atWork = steps.filter(({ status }) => status === 'running' || status === 'queued');
  const isIn = (key: string) => (step: Step) => step.path.includes(`/${key}:`);
  const waits = (key: string) => atRest.some(isIn(key)) && !atWork.some(isIn(key));
  return new Map(open.map(({ key, turns }) => [key, { turns, isAt: waits(key) ? 'waiting' : 'running' }]));
});

/** The steps that count: the last attempt at each path, and no single turn that another step counts already. */
export const counting = remembered((steps: readonly Step[]): readonly Step[] => {
  const covered = turnPlaces(steps);
  const latest = new Map<string, Step>();
  for (const step of steps) {
    const place = `${step.key} ${step.path}`;
    if (step.turns || !covered.has(place)) latest.set(place, step);
  }
  return [...latest.values()];
});

/** Of a node that stands in several turns the loudest speaks: what is at it, what needs somebody, what failed, what was cancelled; then what went well, with errors first. */
const loudness: readonly Step['status'][] = [
  'running',
  'in-doubt',
  'failed',
  'waiting',
  'queued',
  'cancelled',
  'finished',
  'skipped',
];

/** The last of the loudest among steps. */
export function loudestIn(steps: readonly Step[]): Step | undefined {
  for (const status of loudness) {
    const erred = status === 'finished' && steps.findLast(isErred);
    if (erred) return erred;
    const found = steps.findLast((step) => step.status === status);
    if (found) return found;
  }
  return undefined;
}

/** Whether a step is one turn of a node whose turns another step sums up. */
export const isSummedUp = remembered((steps: readonly Step[]): ((step: Step) => boolean) => {
  const places = turnPlaces(steps);
  if (places.size === 0) return () => false;
  const left = new Set(counting(steps));
  return (step) => !left.has(step) && places.has(`${step.key} ${step.path}`);
});

/** How many items a step gave on a port, over all turns that it stands for. */
export const countOn = ({ output, turns = [] }: Step, port: string): number =>
  turns.reduce((sum, { out }) => sum + (out[port] ?? 0), countOf(output[port]));

/** Whether it is the loop itself whose turns it stands for. */
const isLoop = ({ key, turns = [] }: Step) => turns.some(({ at }) => at !== undefined && loopOf(at) === key);

/** How many items went into a step on all ports; into a loop only what came from outside. */
export const countIn = (step: Step): number =>
  isLoop(step) ? countAll(step.input) : (step.turns ?? []).reduce((sum, turn) => sum + turn.in, countAll(step.input));

/** How many items left a step on all ports; of a loop only what left it for good. */
export function countOut(step: Step): number {
  const turns = (step.turns ?? []).filter(({ at }) => at === undefined || loopOf(at) !== step.key);
  return turns.reduce(
    (sum, { out }) => sum + Object.values(out).reduce((all, one) => all + one, 0),
    countAll(step.output),
  );
}

/** How many turns a step stands for, those in which nothing reached it left out. */
export const turnsOf = (step: Step): number => {
  const own = (step.turns ?? []).filter(({ skipped }) => !skipped);
  return isLoop(step) ? own.filter(({ at }) => at !== undefined && loopOf(at) === step.key).length : own.length;
};

/** The step that speaks for a node: held to a turn that turn's own, else what is at it, what failed, what sums up its turns, what came last. */
export function stepFor(steps: readonly Step[], key: string, path?: string): Step | undefined {
  const own = heldTo(steps, path).filter((step) => step.key === key);
  if (path !== undefined) {
    const exact = own.findLast((step) => step.path === path);
    return exact ?? own.findLast(({ turns }) => turns) ?? own.at(-1);
  }
  const left = counting(own);
  const loud = ['running', 'in-doubt', 'failed', 'waiting'];
  return (
    left.findLast(({ status }) => loud.includes(status)) ??
    left.findLast(({ turns }) => turns) ??
    left.findLast(isErred) ??
    left.at(-1)
  );
}

import type { Wait } from '../../flow/facts/wait.ts';
import type { Waits } from '../../flow/facts/waits.ts';
import { isoOf } from '../../flow/values/calendar.ts';
import type { RunStep } from '../api/run-shapes.ts';
import type { RunPicture } from '../graph/picture.ts';
import { clock } from '../ui/figures.ts';
import { dayOf, soon } from '../ui/when.ts';
import { heldTo } from './iterations.ts';

/** What a step that waits waits for, until when where that is known, and what went wrong before: `Tries again at 18:51:36. It answered 503.` */
export function waitWords({ key, path }: RunStep, waits: Waits | undefined): string {
  const all = waits?.of(`${key}${path}`) ?? [];
  const open = all.filter(({ to }) => to === undefined);
  const asked = open.find(({ why }) => why !== 'time');
  if (asked) return words[asked.why];
  const next = firstDue(open);
  if (next !== undefined) return `Waits until ${moment(next)}`;
  // How long a retry waits is known as it begins: of those that were, the last one is under way.
  const retry = all.findLast(({ why }) => why === 'retry');
  if (retry?.to !== undefined)
    return `Tries again ${isToday(retry.to) ? 'at ' : ''}${moment(retry.to)}${retry.says === undefined ? '' : `. ${retry.says}`}`;
  return 'Waiting';
}

const words: Readonly<Record<Wait['why'], string>> = {
  person: 'Waits for an answer',
  doubt: 'Waits for an answer',
  run: 'Waits for another workflow',
  outside: 'Waits to be called',
  time: 'Waiting',
  retry: 'Waiting',
};

const firstDue = (waits: readonly Wait[]): number | undefined =>
  waits.flatMap(({ due }) => (due === undefined ? [] : [due])).toSorted((a, b) => a - b)[0];

const isToday = (at: number): boolean => dayOf(isoOf(at)) === 'today';
const moment = (at: number): string => (isToday(at) ? clock(isoOf(at)) : soon(isoOf(at)));

/** A picture of a run whose cards say what their nodes wait for. */
export function withWaits(
  picture: RunPicture,
  steps: readonly RunStep[],
  waits: Waits | undefined,
  turn?: string,
): RunPicture {
  if (![...picture.nodes.values()].some(({ mark }) => mark === 'waiting')) return picture;
  const waiting = heldTo(steps, turn).filter(({ status }) => status === 'waiting');
  const last = new Map(waiting.map((step) => [step.key, step]));
  const nodes = new Map(
    [...picture.nodes].map(([key, state]) => {
      const step = state.mark === 'waiting' ? last.get(key) : undefined;
      return [key, step ? { ...state, foot: waitWords(step, waits) } : state] as const;
    }),
  );
  return { ...picture, nodes };
}

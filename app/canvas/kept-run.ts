import * as z from 'zod';
import { keepInTab, keptInTab } from '../host/keep.ts';
import { searchHere } from '../host/place.ts';
import { learnUsed, loadRun } from './desk.ts';
import type { Desk } from './desk.ts';
import type { EditorState } from './editor-state.ts';
import { mayEdit } from './may-edit.ts';

/** The run on the canvas, and the run whose data every try uses. */
const shape = z.object({ shown: z.string().optional(), used: z.string().optional() });

const placeOf = ({ id }: Pick<EditorState, 'id'>): string => `heddle.run.${id}`;

/** Keeps in this tab which run stands on the canvas, and shows it again after a reload. Gives the way to stop. */
export function keepRun(desk: Desk): () => void {
  const { store } = desk;
  // Who comes from a run means that one.
  const isAsked = searchHere().get('run') !== null;
  if (!isAsked && store.getState().shown === undefined) showAgain(desk, keptInTab(placeOf(store.getState()), shape));
  return store.subscribe((state, before) => {
    if (state.shown?.id === before.shown?.id && state.usedRun === before.usedRun) return;
    const now = { shown: state.shown?.id, used: state.usedRun };
    const isNone = now.shown === undefined && now.used === undefined;
    keepInTab(placeOf(state), isNone ? undefined : JSON.stringify(now));
  });
}

function showAgain(desk: Desk, { shown, used }: z.infer<typeof shape> = {}): void {
  const { store } = desk;
  // Only a draft can be tried with it.
  if (used !== undefined && mayEdit(store.getState())) store.setState({ usedRun: used });
  if (shown !== undefined) loadRun(desk, shown);
  if (used !== undefined && used !== shown) void learnUsed(desk, used);
}

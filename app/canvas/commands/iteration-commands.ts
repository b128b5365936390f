import type { Desk } from '../desk.ts';
import { edit } from '../editing.ts';
import type { Command } from '../../commands/command.ts';

const settingsOf = ({ store }: Desk) => store.getState().history.document.settings ?? {};
const keeps = (desk: Desk) => settingsOf(desk).iterations === 'data';

function keep(desk: Desk, isKept: boolean): void {
  const { iterations: _, ...rest } = settingsOf(desk);
  const settings = isKept ? { ...rest, iterations: 'data' as const } : rest;
  edit(desk.store, { do: 'set-workflow-settings', settings }, isKept ? 'Keep iteration data' : 'Keep iteration counts');
  desk.say({
    title: isKept ? 'Iteration data is kept.' : 'Iteration counts are kept.',
    text: isKept
      ? 'From the next published version on, runs keep the data of their last 1,000 iterations, up to 16 MB.'
      : 'From the next published version on, runs keep how many items went through each iteration.',
  });
}

/** What a workflow keeps of the iterations of its loops. */
export const iterationCommands: readonly Command<Desk>[] = [
  {
    id: 'workflow.keep-iterations',
    needs: 'editor',
    title: 'Keep iteration data of published runs',
    group: 'Workflow',
    words: 'loop turns settings',
    undo: 'workflow',
    when: (desk) => !keeps(desk),
    run: (desk) => keep(desk, true),
  },
  {
    id: 'workflow.count-iterations',
    needs: 'editor',
    title: 'Keep only counts of iterations of published runs',
    group: 'Workflow',
    words: 'loop turns settings',
    undo: 'workflow',
    when: keeps,
    run: (desk) => keep(desk, false),
  },
];

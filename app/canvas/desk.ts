import type { Workflow } from '../../flow/document/workflow.ts';
import { ApiError } from '../api/api-error.ts';
import type { TextClipboard } from '../ui/clipboard.ts';
import { settle } from '../ui/toast.ts';
import type { Toast } from '../ui/toast.ts';
import { whenThere } from '../ui/when-there.ts';
import type { Seen } from '../api/live-run.ts';
import { tellAll } from './calm.ts';
import { whenChecked } from './checking.ts';
import type { EditorStore } from './editor-state.ts';
import { usedDataOf } from './used-data.ts';
import type { Point } from '../graph/geometry.ts';
import type { Remote, Stale, StartWish } from '../api/remote.ts';
import type { Standing } from './saving.ts';
import type { Camera } from '../graph/camera.ts';

/** Works out places for nodes; runs in a worker. */
export type Tidy = (store: EditorStore) => Promise<ReadonlyMap<string, Point>>;

/** Where the focus may be put. `graph` is where the graph is walked: the outline when it stands open, unless a card has the focus; on what is chosen, where there is something. `note` is the text of the note that is written. */
export type FocusPlace = 'canvas' | 'note' | 'outline' | 'graph' | 'palette' | 'form' | 'issues' | 'data';

/** All that a command of the editor may use. */
export interface Desk {
  readonly store: EditorStore;
  readonly remote: Remote;
  readonly camera: Camera;
  readonly clipboard: TextClipboard;
  readonly say: (toast: Toast) => void;
  readonly tidy: Tidy;
  /** Stores all that is on the canvas and says as what; throws `NotSaved` when that cannot be. */
  readonly save: () => Promise<Standing>;
  /** Lays what is on the canvas over what somebody else stored meanwhile. */
  readonly layOver: (theirs: Standing) => void;
  /** Calls back after some milliseconds; gives the way to stop. */
  readonly later: (work: () => void, ms: number) => () => void;
  /** Puts the focus somewhere, as soon as that is there; in a form where a place of its params stands, as an Issue names it. */
  readonly focus: (where: FocusPlace, param?: string) => void;
  /** Whether what the focus was put on is still on its way. */
  readonly isFocusing: () => boolean;
  readonly open: (path: string) => void;
}

/** Folds runs; not loaded before a run is looked at. */
const liveRuns = whenThere(async () => {
  const [live, ran] = await Promise.all([import('../api/live-run.ts'), import('../inspector/as-ran.ts')]);
  return { ...live, ...ran };
});

let following: AbortController | undefined;
const againMs = 2_000;

/** Shows a run on the canvas that was begun from it just now, and keeps the picture true until the run is over or another is shown. */
export const showRun = (desk: Showing, id: string): void => follow(desk, id, Promise.resolve(undefined));

/** Shows a run that was begun before, or elsewhere: what was edited since is seen by the document that it carries out. */
export const loadRun = (desk: Showing & Pick<Desk, 'remote'>, id: string): void =>
  follow(
    desk,
    id,
    // Without an answer the draft stands for it.
    desk.remote.ran(id).catch(() => undefined),
  );

type Showing = Pick<Desk, 'store' | 'later'>;

function follow({ store, later }: Showing, id: string, asking: Promise<Workflow | undefined>): void {
  following?.abort();
  following = new AbortController();
  const { document: draft } = store.getState().history;
  store.setState({ shown: { id, run: undefined, steps: [], document: draft } });
  const { signal } = following;
  const read = async () => {
    const [ran, { followRun, asRan }] = await Promise.all([asking, liveRuns()]);
    // Let go meanwhile: the server is asked nothing.
    if (signal.aborted) return;
    let document = draft;
    const tell = ({ run, steps, waits, facts }: Seen) => {
      if (ran && document === draft && facts[0]) document = asRan(ran, facts[0]);
      store.setState(({ usedRun, usedData }) => ({
        shown: { id, run, steps, waits, document },
        said: `Run ${run.status}`,
        usedData: id === usedRun ? usedDataOf(run, steps) : usedData,
      }));
    };
    await followRun(id, { tell, signal });
  };
  // A server that is away for a moment is asked again; a run that is not there does not come.
  const again = () =>
    void read().catch((error: unknown) => {
      if (signal.aborted) return;
      if (isGone(error)) letGo(store, id);
      else later(again, againMs);
    });
  again();
}

/** Finds out what a run has whose data every try uses, while another stands on the canvas. */
export async function learnUsed({ store }: Pick<Desk, 'store'>, id: string): Promise<void> {
  const { followRun } = await liveRuns();
  const { signal } = new AbortController();
  const tell = ({ run, steps }: Seen) =>
    store.setState(({ usedRun }) => (usedRun === id ? { usedData: usedDataOf(run, steps) } : {}));
  await followRun(id, { tell, signal }).catch((error: unknown) => isGone(error) && letGo(store, id));
}

const isGone = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

/** What was kept of a run that is gone is nothing to try with either. */
const letGo = (store: EditorStore, id: string): void =>
  store.setState(({ shown, usedRun, usedData }) => ({
    shown: shown?.id === id ? undefined : shown,
    ...(usedRun === id ? { usedRun: undefined, usedData: undefined } : { usedRun, usedData }),
  }));

/** Lets the run that is shown go. */
export function hideRun({ store }: Pick<Desk, 'store'>): void {
  following?.abort();
  store.setState({ shown: undefined });
}

/** Runs the draft as it is on the canvas: stores it first, then shows the run. Says whether it began. */
export const runDraft = (desk: Desk, wish: Omit<StartWish, 'draft'>): Promise<boolean> =>
  oneAtATime(desk, () => beginDraft(desk, wish));

/** A second start while one is on its way is a second press. Says whether one began. */
async function oneAtATime({ store }: Pick<Desk, 'store'>, begin: () => Promise<boolean>): Promise<boolean> {
  if (store.getState().isStarting) return false;
  store.setState({ isStarting: true });
  try {
    return await begin();
  } finally {
    store.setState({ isStarting: false });
  }
}

async function beginDraft(desk: Desk, wish: Omit<StartWish, 'draft'>): Promise<boolean> {
  await whenChecked(desk.store);
  const { issues } = desk.store.getState();
  tellAll(desk.store);
  // The server would refuse it; up to a node it may still be whole.
  if (wish.upTo === undefined && issues.some(({ level }) => level === 'error')) {
    sayProblems(desk);
    desk.store.setState({ side: 'issues' });
    return false;
  }
  try {
    const { id } = desk.store.getState();
    const { runId } = await asStored(desk, (revision) => desk.remote.start(id, { ...wish, draft: true, revision }));
    showRun(desk, runId);
    desk.store.setState({ isDataOpen: true });
    return true;
  } catch (error) {
    complain(desk, 'The run did not start.', error);
    return false;
  }
}

const errorsIn = ({ store }: Pick<Desk, 'store'>): number =>
  store.getState().issues.filter(({ level }) => level === 'error').length;

/** Says how many problems are in the way, for as long as there are so many: the list beside it says the same. */
function sayProblems(desk: Desk): void {
  const count = errorsIn(desk);
  const about = 'problems';
  const title = `${count} ${count === 1 ? 'problem' : 'problems'} to fix before it can run`;
  desk.say({ title, state: 'failed', about });
  const stop = desk.store.subscribe(() => {
    if (errorsIn(desk) === count) return;
    stop();
    settle(about);
  });
}

/** Runs the version that is live: the draft runs for those only who may publish it. */
export const runLive = async (desk: Desk, start: string | undefined): Promise<void> =>
  void (await oneAtATime(desk, () => beginLive(desk, start)));

async function beginLive(desk: Desk, start: string | undefined): Promise<boolean> {
  try {
    const told = await desk.remote.start(desk.store.getState().id, { draft: false, start });
    if ('stale' in told) return false;
    showRun(desk, told.runId);
    desk.store.setState({ isDataOpen: true });
    return true;
  } catch (error) {
    complain(desk, 'The run did not start.', error);
    return false;
  }
}

/** Does something with the draft just as it is on the canvas: what somebody else stored meanwhile is merged in, and then it is asked again. */
export async function asStored<Told extends object>(
  { save, layOver }: Pick<Desk, 'save' | 'layOver'>,
  ask: (revision: number) => Promise<Told | Stale>,
): Promise<Told> {
  for (;;) {
    const { revision } = await save();
    const told = await ask(revision);
    if (!('stale' in told)) return told;
    layOver(told.stale);
  }
}

/** Says what went wrong, in the words of what went wrong. */
export function complain({ say }: Pick<Desk, 'say'>, title: string, error: unknown): void {
  const text = error instanceof Error ? error.message : 'The server did not say why.';
  say({ title, text, state: 'failed' });
}

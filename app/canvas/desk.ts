import type { Toast } from '../ui/toast.ts';
import { follow } from '../inspector/following.ts';
import { tellAll } from './calm.ts';
import type { EditorStore } from './editor-state.ts';
import type { Point } from './geometry.ts';
import type { Remote, StartWish } from './remote.ts';

/** What looks at the canvas. Places are of the canvas, not of the screen. */
export interface Camera {
  fit(): void;
  /** As far as it can be read; of a large graph the beginning. */
  fitCalmly(): void;
  zoomBy(factor: number): void;
  centre(): Point;
  show(keys: readonly string[]): void;
}

/** Works out places for nodes; runs in a worker. */
export type Tidy = (store: EditorStore) => Promise<ReadonlyMap<string, Point>>;

/** Where the focus may be put. `graph` is where the graph is walked: the outline when it stands open, unless a card has the focus; on what is chosen, where there is something. */
export type FocusPlace = 'canvas' | 'outline' | 'graph' | 'palette' | 'form' | 'issues' | 'data';

/** All that a command of the editor may use. */
export interface Desk {
  readonly store: EditorStore;
  readonly remote: Remote;
  readonly camera: Camera;
  readonly clipboard: Pick<Clipboard, 'readText' | 'writeText'>;
  readonly say: (toast: Toast) => void;
  readonly tidy: Tidy;
  /** Stores what is pending now, so that a run sees it. */
  readonly save: () => Promise<void>;
  /** Puts the focus somewhere, as soon as that is there. */
  readonly focus: (where: FocusPlace) => void;
  readonly open: (path: string) => void;
}

let following: AbortController | undefined;

/** Shows a run on the canvas and keeps the picture true until the run is over or another is shown. */
export function showRun({ store, remote }: Pick<Desk, 'store' | 'remote'>, id: string): void {
  following?.abort();
  following = new AbortController();
  const { document } = store.getState().history;
  store.setState({ shown: { id, run: undefined, steps: [], document } });
  const tell = ({ run, steps }: Parameters<Parameters<typeof follow>[2]>[0]) =>
    store.setState({ shown: { id, run, steps, document }, said: `Run ${run.status}` });
  void follow(remote, id, tell, following.signal);
}

/** Lets the run that is shown go. */
export function hideRun({ store }: Pick<Desk, 'store'>): void {
  following?.abort();
  store.setState({ shown: undefined });
}

/** Runs the draft as it is on the canvas: stores it first, then shows the run. */
export async function runDraft(desk: Desk, wish: Omit<StartWish, 'draft'>): Promise<void> {
  const { issues } = desk.store.getState();
  // The server would refuse it; up to a node it may still be whole.
  if (wish.upTo === undefined && issues.some(({ level }) => level === 'error')) {
    const count = issues.filter(({ level }) => level === 'error').length;
    tellAll(desk.store);
    desk.say({ title: `${count} ${count === 1 ? 'problem' : 'problems'} to fix before it can run`, state: 'failed' });
    desk.store.setState({ side: 'issues' });
    return;
  }
  try {
    await desk.save();
    const { runId } = await desk.remote.start(desk.store.getState().id, { ...wish, draft: true });
    showRun(desk, runId);
    desk.store.setState({ isDataOpen: true });
  } catch (error) {
    complain(desk, 'The run did not start.', error);
  }
}

/** Says what went wrong, in the words of what went wrong. */
export function complain({ say }: Pick<Desk, 'say'>, title: string, error: unknown): void {
  const text = error instanceof Error ? error.message : 'The server did not say why.';
  say({ title, text, state: 'failed' });
}

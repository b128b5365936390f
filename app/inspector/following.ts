import type { Remote } from '../api/remote.ts';
import type { Run, Step } from '../api/remote-shapes.ts';

/** What is known of a run at a moment. */
export interface Seen {
  readonly run: Run;
  readonly steps: readonly Step[];
}

/** Whether nothing more will happen in a run by itself or by a person. */
export const isOver = ({ status }: Run): boolean =>
  status === 'finished' || status === 'failed' || status === 'cancelled';

const quick = 250;
const slow = 2_000;

/**
 * Looks at a run until it is over, quickly while it works and slowly while it waits, and tells each time something changed.
 * A server that is away for a moment is asked again. Ends when the signal is aborted.
 */
export async function follow(
  remote: Pick<Remote, 'run' | 'steps'>,
  id: string,
  tell: (seen: Seen) => void,
  signal: AbortSignal,
): Promise<void> {
  let last = '';
  while (!signal.aborted) {
    const seen = await look(remote, id);
    if (signal.aborted) return;
    if (seen) {
      const text = fingerprint(seen);
      if (text !== last) tell(seen);
      last = text;
      if (isOver(seen.run)) return;
    }
    await pause(seen?.run.status === 'waiting' || !seen ? slow : quick, signal);
  }
}

async function look(remote: Pick<Remote, 'run' | 'steps'>, id: string): Promise<Seen | undefined> {
  try {
    // The run first: steps that are older than it would show a run that is over with nodes that still work.
    const run = await remote.run(id);
    return { run, steps: await remote.steps(id) };
  } catch {
    return undefined;
  }
}

const fingerprint = ({ run, steps }: Seen): string =>
  `${run.status} ${run.needs.length} ${steps.map(({ id, status, output }) => `${id}${status}${sizes(output)}`).join()}`;

const sizes = (output: Step['output']): string =>
  Object.values(output)
    .map((items) => items.length)
    .join('.');

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}

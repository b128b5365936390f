import { send as sendFromHere } from '../host/send.ts';

/** How a stream stands: it brings news, the server has no room for one, it is gone for the moment, or there will be no more. */
export type Hearing = 'live' | 'full' | 'broken' | 'over';

/** Who hears a stream, and until when. */
export interface Listener {
  readonly stand: (hearing: Hearing) => void;
  readonly signal: AbortSignal;
  /** How to reach the server, and how to wait; others in tests. */
  readonly send?: (path: string, init: RequestInit) => Promise<Response>;
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

interface Hear extends Listener {
  /** Asked anew whenever the stream is opened again. */
  readonly path: () => string;
  /** The data of the events of one piece, in order; comments and the end are not among them. */
  readonly take: (data: readonly unknown[]) => void;
}

const firstPauseMs = 500;
const longestPauseMs = 8_000;
/** Where the server has no room for a stream, who looks asks so often, for as long as it says. */
const askMs = 3_000;
const fullMs = { usual: 10_000, most: 60_000 };

/**
 * Hears server-sent events until the server says that it was the last, or until the signal. A stream that breaks is taken up again, after
 * pauses that grow while nothing comes, and one that there is no room for when the server said; meanwhile `stand` says so, for whoever then looks
 * by themselves: each time that it is called.
 */
export async function hear({ path, take, stand, signal, send = sendFromHere, pause = sleep }: Hear): Promise<void> {
  let pauseMs = firstPauseMs;
  while (!signal.aborted) {
    try {
      const response = await send(path(), { signal });
      if (response.status === 429) {
        for (let left = fullFor(response); left > 0 && !signal.aborted; left -= askMs) {
          stand('full');
          await pause(askMs, signal);
        }
        continue;
      }
      if (!response.ok || !response.body) throw new Error(`The stream answered ${response.status}.`);
      stand('live');
      for await (const { data, isEnd } of piecesOf(response.body)) {
        take(data);
        pauseMs = firstPauseMs;
        if (isEnd) return stand('over');
      }
    } catch {
      // Broken, refused or left: all the same from here.
    }
    if (signal.aborted) return;
    stand('broken');
    await pause(pauseMs, signal);
    pauseMs = Math.min(longestPauseMs, pauseMs * 2);
  }
}

function fullFor({ headers }: Response): number {
  const ms = Number(headers.get('retry-after') ?? NaN) * 1_000;
  return ms > 0 ? Math.min(ms, fullMs.most) : fullMs.usual;
}

/** What each piece of a stream brings: whole events only, what is cut off waits for the next piece. */
async function* piecesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<{ data: unknown[]; isEnd: boolean }> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const events = (rest + decoder.decode(value, { stream: true })).split('\n\n');
      rest = events.pop() ?? '';
      yield { data: events.flatMap(dataOf), isEnd: events.some((event) => event.startsWith('event: end')) };
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

function dataOf(event: string): unknown[] {
  if (event.startsWith('event:')) return [];
  const line = event.split('\n').find((one) => one.startsWith('data: '));
  return line === undefined ? [] : [JSON.parse(line.slice('data: '.length))];
}

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

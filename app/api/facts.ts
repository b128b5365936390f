import * as z from 'zod';
import { workspaceHeaders } from './workspace.ts';

const fact = z.object({ seq: z.number(), at: z.string(), type: z.string(), data: z.looseObject({}) });

/** A fact of a run, as it was appended; `seq` counts from 1. */
export type Fact = z.output<typeof fact>;

/** How the stream of a run stands: it brings news, it is gone for the moment, or there will be no more. */
export type Hearing = 'live' | 'broken' | 'over';

interface Listener {
  /** The next facts, in order, each once. */
  readonly tell: (facts: readonly Fact[]) => void;
  readonly stand: (hearing: Hearing) => void;
  readonly signal: AbortSignal;
  /** How to reach the server, and how to wait; others in tests. */
  readonly send?: (path: string, init: RequestInit) => Promise<Response>;
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const firstPauseMs = 500;
const longestPauseMs = 8_000;

/**
 * Hears the facts of a run from its first on, as they come, until the last or until the signal. A stream that breaks is taken up again where
 * it broke, after pauses that grow while nothing comes; meanwhile `stand` says so, for whoever then looks by themselves.
 */
export async function hearFacts(id: string, { tell, stand, signal, send = fetch, pause = sleep }: Listener) {
  let after = 0;
  let pauseMs = firstPauseMs;
  while (!signal.aborted) {
    try {
      const path = `/api/v1/runs/${encodeURIComponent(id)}/live?after=${after}`;
      const response = await send(path, { headers: workspaceHeaders(), signal });
      if (!response.ok || !response.body) throw new Error(`The stream answered ${response.status}.`);
      stand('live');
      for await (const { facts, isEnd } of partsOf(response.body)) {
        const fresh = facts.filter(({ seq }) => seq > after);
        after = fresh.at(-1)?.seq ?? after;
        if (fresh.length > 0) tell(fresh);
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

/** What each piece of a stream of server-sent events brings: whole events only, what is cut off waits for the next piece. */
async function* partsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<{ facts: Fact[]; isEnd: boolean }> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const events = (rest + decoder.decode(value, { stream: true })).split('\n\n');
      rest = events.pop() ?? '';
      yield { facts: events.flatMap(factOf), isEnd: events.some((event) => event.startsWith('event: end')) };
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

function factOf(event: string): Fact[] {
  if (event.startsWith('event:')) return [];
  const line = event.split('\n').find((one) => one.startsWith('data: '));
  const read = line === undefined ? undefined : fact.safeParse(JSON.parse(line.slice('data: '.length)));
  return read?.success ? [read.data] : [];
}

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

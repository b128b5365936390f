import { base } from './base.ts';
import { noteReach } from './reach.ts';
import { sessionHeaders } from './session.ts';

/** Sends a request to a door of the server, as who sits here and in the workspace that they chose. The one way out of the page. */
export function send(path: string, init: RequestInit = {}): Promise<Response> {
  const asked = init.method === 'GET' ? ahead.get(path) : undefined;
  ahead.delete(path);
  return asked ?? fetched(path, init);
}

async function fetched(path: string, init: RequestInit): Promise<Response> {
  try {
    const response = await fetch(`${base}${path}`, {
      credentials: 'same-origin',
      ...init,
      headers: { ...sessionHeaders(), ...Object.fromEntries(new Headers(init.headers)) },
    });
    noteReach(!fromProxy.has(response.status));
    return response;
  } catch (error) {
    if (!init.signal?.aborted) noteReach(false);
    throw error;
  }
}

/** What a proxy answers whose server is away; 503 is the server's own word. */
const fromProxy: ReadonlySet<number> = new Set([502, 504]);

const ahead = new Map<string, Promise<Response>>();
/** Whoever was to ask has come by then, or never does. */
const keptMs = 5_000;
/** What goes on is asked for so far ahead. */
const mostAhead = 4;

/**
 * Asks for what a part of the page will ask for once its code is there, so that both come side by side. Doubled calls ask once. An answer that
 * names the next of its kind, as a long list does in parts (`rel="next"`, RFC 8288), has that asked for as well, until somebody takes
 * them: who does goes on by himself.
 */
export function sendAhead(path: string): void {
  if (ahead.has(path)) return;
  const asked = fetched(path, { method: 'GET' });
  ahead.set(path, asked);
  asked.then(
    ({ headers }) => {
      const next = /^<(\?[^>]*)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
      if (next !== undefined && ahead.get(path) === asked && ahead.size < mostAhead)
        sendAhead(path.replace(/\?.*$/, '') + next);
    },
    // Who takes it sees that it failed.
    () => undefined,
  );
  setTimeout(() => ahead.get(path) === asked && ahead.delete(path), keptMs);
}

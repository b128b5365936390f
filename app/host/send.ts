import { base } from './base.ts';
import { sessionHeaders } from './session.ts';

/** Sends a request to a door of the server, as who sits here and in the workspace that they chose. The one way out of the page. */
export function send(path: string, init: RequestInit = {}): Promise<Response> {
  const asked = init.method === 'GET' ? ahead.get(path) : undefined;
  ahead.delete(path);
  return asked ?? fetched(path, init);
}

const fetched = (path: string, init: RequestInit): Promise<Response> =>
  fetch(`${base}${path}`, {
    credentials: 'same-origin',
    ...init,
    headers: { ...sessionHeaders(), ...Object.fromEntries(new Headers(init.headers)) },
  });

const ahead = new Map<string, Promise<Response>>();
/** Whoever was to ask has come by then, or never does. */
const keptMs = 5_000;

/** Asks for what a part of the page will ask for once its code is there, so that both come side by side. Doubled calls ask once. */
export function sendAhead(path: string): void {
  if (ahead.has(path)) return;
  const asked = fetched(path, { method: 'GET' });
  // Who takes it sees that it failed.
  asked.catch(() => undefined);
  ahead.set(path, asked);
  setTimeout(() => ahead.get(path) === asked && ahead.delete(path), keptMs);
}

import { base } from './base.ts';
import { sessionHeaders } from './session.ts';

/** Sends a request to a door of the server, as who sits here and in the workspace that they chose. The one way out of the page. */
export const send = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${base}${path}`, {
    credentials: 'same-origin',
    ...init,
    headers: { ...sessionHeaders(), ...Object.fromEntries(new Headers(init.headers)) },
  });

import type { ServerResponse } from 'node:http';

/** Aborted when the connection of an answer closes: whoever asked went away, or has all of it. */
export function leftSignal(response: ServerResponse): AbortSignal {
  const left = new AbortController();
  const leave = () => left.abort();
  // Behind another on the same connection it has no socket yet, and would not be told.
  const behind = response.socket ? undefined : response.req.socket;
  if (response.destroyed || behind?.destroyed) leave();
  else if (behind) behind.setMaxListeners(0).once('close', leave);
  else response.once('close', leave);
  return left.signal;
}

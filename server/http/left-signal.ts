import type { ServerResponse } from 'node:http';

/** Aborted when the connection of an answer closes: whoever asked went away, or has all of it. */
export function leftSignal(response: ServerResponse): AbortSignal {
  const left = new AbortController();
  const leave = () => left.abort();
  if (response.destroyed || response.req.socket?.destroyed) leave();
  response.once('close', leave);
  if (response.socket) return left.signal;
  // Behind another on the same connection it has no socket yet, and would not be told.
  const { socket } = response.req;
  socket?.setMaxListeners(0).once('close', leave);
  response.once('close', () => socket?.off('close', leave));
  return left.signal;
}

import type { ServerResponse } from 'node:http';

/** Tells once that an answer is closed: whoever asked went away, or has all of it. At once where it is already, which would be told no more. */
export function whenLeft(response: ServerResponse, tell: () => void): void {
  if (response.destroyed) tell();
  else response.once('close', tell);
}

/** Aborted when an answer is closed. */
export function leftSignal(response: ServerResponse): AbortSignal {
  const left = new AbortController();
  whenLeft(response, () => left.abort());
  return left.signal;
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Code } from './codes.ts';

/**
 * What may stand in a request once: of two, each program on the way believes another one. Node keeps the first, or puts them behind one another, and
 * says nothing.
 */
const single: ReadonlySet<string> = new Set([
  'authorization',
  'content-disposition',
  'content-encoding',
  'content-length',
  'content-type',
  'heddle-called-by',
  'heddle-workspace',
  'host',
  'idempotency-key',
  'last-event-id',
  'origin',
  'sec-fetch-site',
]);

/** How long what is still coming of a body is let run out once its request has been answered. */
const runOutMs = 5_000;

/**
 * What is looked at of every request before anybody serves it, in the framework or on the sockets: whether its head says one thing. False when it
 * was refused here. A body that nobody read does not hold its connection once there is an answer.
 */
export function passesFirstLook(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined)
    response.once('finish', () => {
      if (!request.complete) setTimeout(() => request.complete || request.socket.destroy(), runOutMs).unref();
    });
  const twice = twiceIn(request.rawHeaders);
  if (twice === undefined) return true;
  const message = `The header ${twice} is there twice.`;
  refuseAtOnce(response, 400, { code: 'header-twice', message, mend: 'Send it once.' });
  return false;
}

/** Refuses a request that nobody will serve, with its connection. */
export function refuseAtOnce(
  response: ServerResponse,
  status: number,
  error: { readonly code: Code; readonly message: string; readonly mend?: string },
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = Buffer.from(JSON.stringify({ error }));
  const type = 'application/json; charset=utf-8';
  response.writeHead(status, { 'content-type': type, 'content-length': body.length, connection: 'close', ...headers });
  response.end(body);
}

function twiceIn(rawHeaders: readonly string[]): string | undefined {
  const seen: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!.toLowerCase();
    if (!single.has(name)) continue;
    if (seen.includes(name)) return name;
    seen.push(name);
  }
  return undefined;
}

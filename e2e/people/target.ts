import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';

/** A call that reached the far side. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** The far side of a workflow: a server that answers as it is told and remembers who called. */
export interface Target extends AsyncDisposable {
  readonly url: string;
  readonly calls: readonly Call[];
  /** From now on it answers this. */
  answers(status: number, body: unknown): void;
  /** From now on it takes what is sent and closes the connection without a word. */
  hangsUp(): void;
}

/** Starts a far side on a port of this machine. */
export async function startTarget(port: number): Promise<Target> {
  const calls: Call[] = [];
  let answer: { status: number; body: unknown } | undefined = { status: 200, body: {} };
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      calls.push({ method: request.method ?? '', path: request.url ?? '', body });
      if (!answer) return request.socket.destroy();
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    answers: (status, body) => void (answer = { status, body }),
    hangsUp: () => void (answer = undefined),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += String(part);
  return text;
}

import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A server of a test, on loopback; `await using` closes it with all its connections. */
export interface FarSide extends AsyncDisposable {
  readonly port: number;
  /** `127.0.0.1:port`, to be listed. */
  readonly pair: string;
  readonly url: string;
  /** Connections that were ever accepted. */
  connections: number;
}

/** An HTTP server that answers as it is told; `body` is the request's, read to the end. */
export async function farSide(answer: (ask: Ask, ...rest: Parameters<RequestListener>) => void): Promise<FarSide> {
  const server = createServer((request, response) => {
    void readAll(request).then((body) => answer({ ...pick(request), body }, request, response));
  });
  return listen(server);
}

/** What the far side saw of one request. */
export interface Ask {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A TCP server that says what it likes: `talk` gets each connection's first bytes, as text, each time some come. */
export async function rawSide(talk: (text: string, socket: Socket, connection: number) => void): Promise<FarSide> {
  let count = 0;
  const server = createTcpServer((socket) => {
    const connection = ++count;
    socket.on('error', () => {});
    socket.on('data', (data) => talk(data.toString('latin1'), socket, connection));
  });
  return listen(server);
}

/** Two listeners, 127.0.0.1 and ::1, on one port, that must never be reached. */
export async function canary(): Promise<FarSide> {
  const four = await rawSide((_, socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\ninside!'));
  const six = createTcpServer((socket) => {
    four.connections++;
    socket.on('error', () => {}).destroy();
  });
  await new Promise<void>((resolve) => {
    six.once('error', () => resolve()); // a machine without IPv6 has nothing to guard there
    six.listen(four.port, '::1', resolve);
  });
  return {
    ...four,
    get connections() {
      return four.connections;
    },
    [Symbol.asyncDispose]: async () => {
      six.close();
      await four[Symbol.asyncDispose]();
    },
  };
}

async function listen(server: Server): Promise<FarSide> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    far.connections++;
    open.add(socket.on('close', () => open.delete(socket)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  const far: FarSide = {
    port,
    pair: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}`,
    connections: 0,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
  return far;
}

const pick = ({ method = '', url = '', headers }: IncomingMessage) => ({ method, url, headers });

async function readAll(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A name server of a test, on loopback. */
export interface NameServer extends AsyncDisposable {
  /** `127.0.0.1:port`. */
  readonly at: string;
  /** The names that were asked for, once for each kind of address. */
  readonly asked: string[];
  /** Is silent no more: of names that it was silent about it says that they are not there. */
  letGo(): void;
}

/** How a name is answered: by an IPv4 address, as one that there is not, by what went wrong, or not at all; `isLong`: over TCP alone. */
export type Named =
  | { readonly address: string; readonly ttl: number; readonly isLong?: boolean }
  | 'gone'
  | 'broken'
  | 'refused'
  | 'silent';

const codes = { gone: 3, broken: 2, refused: 5 } as const;

/** Answers over UDP and TCP (RFC 1035); of IPv6 every name has nothing. */
export async function nameServer(answer: (name: string) => Named): Promise<NameServer> {
  const asked: string[] = [];
  const silent: (() => void)[] = [];
  let isSilent = true;
  const take = (query: Buffer, send: (said: Buffer) => void, isTcp: boolean) => {
    const { name, type } = questionOf(query);
    asked.push(name);
    const named = answer(name);
    if (named === 'silent' && isSilent) silent.push(() => send(said(query, codes.gone)));
    else if (named === 'silent') send(said(query, codes.gone));
    else if (typeof named === 'string') send(said(query, codes[named]));
    else if (named.isLong && !isTcp) send(said(query, 0, [], 0x200));
    else send(said(query, 0, type === 1 ? [recordOf(named)] : []));
  };

  const overTcp = createServer((socket) => {
    socket.on('error', () => undefined);
    let came = Buffer.alloc(0);
    socket.on('data', (data) => {
      came = Buffer.concat([came, Buffer.from(data)]);
      for (let end = 2; came.length >= 2 && (end = 2 + came.readUInt16BE()) <= came.length; came = came.subarray(end))
        take(came.subarray(2, end), (bytes) => void socket.write(withLength(bytes)), true);
    });
  });
  overTcp.listen(0, '127.0.0.1');
  await once(overTcp, 'listening');
  const { port } = overTcp.address() as AddressInfo;
  const overUdp = createSocket('udp4');
  overUdp.on('message', (query, from) => take(query, (bytes) => overUdp.send(bytes, from.port, from.address), false));
  overUdp.bind(port, '127.0.0.1');
  await once(overUdp, 'listening');

  const letGo = () => {
    isSilent = false;
    for (const say of silent.splice(0)) say();
  };
  return {
    at: `127.0.0.1:${port}`,
    asked,
    letGo,
    [Symbol.asyncDispose]: async () => {
      letGo();
      overTcp.close();
      overUdp.close();
      await once(overUdp, 'close');
    },
  };
}

/** An answer to a query; 0x8180 is one by a server that asks others, 0x200 says that it is cut off. */
function said(query: Buffer, code: number, records: readonly Buffer[] = [], isCut = 0): Buffer {
  const head = Buffer.alloc(12);
  query.copy(head, 0, 0, 2);
  head.writeUInt16BE(0x8180 | isCut | code, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(records.length, 6);
  return Buffer.concat([head, questionOf(query).question, ...records]);
}

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function questionOf(query: Buffer) {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return {
    name: labels.join('.').toLowerCase(),
    type: query.readUInt16BE(at + 1),
    question: query.subarray(12, at + 5),
  };
}

/** The name of the question, class IN, type A. */
function recordOf({ address, ttl }: Exclude<Named, string>): Buffer {
  const record = Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]);
  record.writeUInt32BE(ttl, 6);
  return record;
}

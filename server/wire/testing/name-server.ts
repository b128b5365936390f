import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** A name server of a test, on loopback. */
export interface NameServer extends AsyncDisposable {
  /** `127.0.0.1:port`. */
  readonly at: string;
  /** The names that were asked for, once for each kind of address. */
  readonly asked: string[];
  /** Answers the questions that it was silent about: there is no such name. */
  letGo(): void;
}

/** How a name is answered: by an IPv4 address, as one that there is not, or not at all. */
export type Named = { readonly address: string; readonly ttl: number } | 'gone' | 'silent';

/** Answers over UDP (RFC 1035); of IPv6 every name has nothing. */
export async function nameServer(answer: (name: string) => Named): Promise<NameServer> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  const silent: (() => void)[] = [];
  socket.on('message', (query, from) => {
    const { name, type, question } = questionOf(query);
    const say = (code: number, records: readonly Buffer[] = []) => {
      const head = Buffer.alloc(12);
      query.copy(head, 0, 0, 2);
      head.writeUInt16BE(0x8180 | code, 2);
      head.writeUInt16BE(1, 4);
      head.writeUInt16BE(records.length, 6);
      socket.send(Buffer.concat([head, question, ...records]), from.port, from.address);
    };
    asked.push(name);
    const named = answer(name);
    if (named === 'silent') silent.push(() => say(3));
    else if (named === 'gone') say(3);
    else say(0, type === 1 ? [recordOf(named)] : []);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    at: `127.0.0.1:${socket.address().port}`,
    asked,
    letGo: () => {
      for (const say of silent.splice(0)) say();
    },
    [Symbol.asyncDispose]: async () => {
      for (const say of silent.splice(0)) say();
      socket.close();
      await once(socket, 'close');
    },
  };
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

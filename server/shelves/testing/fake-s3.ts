import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Bucket } from '../../shelf-setting.ts';
import { authorization, sha256 } from '../sigv4.ts';

/** A server that speaks as much S3 as a shelf asks for, by path, and believes nobody whose signature it cannot work out itself. */
export interface FakeS3 extends AsyncDisposable {
  readonly bucket: Bucket;
  /** What is kept, by path. */
  readonly objects: Map<string, Buffer>;
  /** `GET /heddle/…` and so on, in the order they came. */
  readonly asked: string[];
  /** What the next requests are answered instead, in turn: a status and a code of S3. */
  readonly troubles: [status: number, code: string][];
}

/** Opens a fake of S3 on loopback with one bucket. */
export async function openFakeS3(): Promise<FakeS3> {
  const keys = { accessKey: 'AKIAIOSFODNN7EXAMPLE', secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
  const fake = { objects: new Map<string, Buffer>(), asked: [] as string[], troubles: [] as [number, string][] };
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      fake.asked.push(`${request.method} ${request.url}`);
      const { status, bytes } = answer(fake, bucket, request, body);
      response.writeHead(status, { 'content-length': bytes.length }).end(request.method === 'HEAD' ? undefined : bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const bucket: Bucket = {
    ...keys,
    bucket: 'heddle',
    prefix: "a b/c'",
    region: 'here',
    endpoint: `http://127.0.0.1:${port}`,
  };
  return {
    ...fake,
    bucket,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const failed = (status: number, code: string) => ({
  status,
  bytes: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>-</Message></Error>`),
});
const done = (status: number, bytes: Buffer = Buffer.alloc(0)) => ({ status, bytes });

function answer(
  { objects, troubles }: Pick<FakeS3, 'objects' | 'troubles'>,
  bucket: Bucket,
  request: IncomingMessage,
  body: Buffer,
) {
  const trouble = troubles.shift();
  if (trouble) return failed(...trouble);
  const path = request.url ?? '';
  if (!isSigned(bucket, request, body)) return failed(403, 'SignatureDoesNotMatch');
  if (!path.startsWith(`/${bucket.bucket}/`)) return failed(404, 'NoSuchBucket');
  const known = objects.get(path);
  switch (request.method) {
    case 'PUT':
      objects.set(path, body);
      return done(200);
    case 'DELETE':
      objects.delete(path);
      return done(204);
    default:
      return known ? done(200, known) : failed(404, 'NoSuchKey');
  }
}

/** Works the signature out from what came over the wire, as S3 does. */
function isSigned(bucket: Bucket, request: IncomingMessage, body: Buffer): boolean {
  const given = request.headers.authorization ?? '';
  const names = /SignedHeaders=([^,]*)/.exec(given)?.[1]?.split(';') ?? [];
  const headers = Object.fromEntries(names.map((name) => [name, String(request.headers[name])]));
  const bodyHash = sha256(body);
  if (!names.includes('host') || headers['x-amz-content-sha256'] !== bodyHash) return false;
  const url = new URL(`http://${request.headers.host}${request.url}`);
  const method = request.method ?? '';
  return given === authorization({ ...bucket, service: 's3' }, { method, url, headers, bodyHash });
}

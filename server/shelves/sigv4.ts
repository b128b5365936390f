import { createHash, createHmac } from 'node:crypto';

/** Who asks, where. */
export interface Signer {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
  readonly service: string;
}

/** A request as it goes out. `headers` have lower-case names and include `host`. */
export interface Signable {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** The sha-256 of the body, in hexadecimal. */
  readonly bodyHash: string;
}

/**
 * The `Authorization` of a request by AWS Signature Version 4, for S3 (whose paths are encoded once). All headers given are signed.
 * Source: "Create a signed AWS API request", AWS IAM user guide; checked against AWS's own examples in the test.
 */
export function authorization({ accessKey, secretKey, region, service }: Signer, request: Signable): string {
  const time = request.headers['x-amz-date'] ?? '';
  const day = time.slice(0, 8);
  const names = Object.keys(request.headers).toSorted();
  const scope = `${day}/${region}/${service}/aws4_request`;
  const canonical = [
    request.method,
    request.url.pathname,
    queryOf(request.url),
    ...names.map((name) => `${name}:${request.headers[name]?.trim().replace(/ +/g, ' ')}`),
    '',
    names.join(';'),
    request.bodyHash,
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<Uint8Array | string>(hmac, `AWS4${secretKey}`);
  const signature = Buffer.from(hmac(key, toSign)).toString('hex');
  return `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope},SignedHeaders=${names.join(';')},Signature=${signature}`;
}

/** The sha-256 of a text or of bytes, in hexadecimal. */
export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** An instant as the header `x-amz-date` wants it: 20130524T000000Z. */
export const amzDate = (at: number): string => new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');

/** Percent-encoding of all but A-Z a-z 0-9 - . _ ~, as AWS wants it. */
export const encodePart = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

const hmac = (key: Uint8Array | string, text: string): Uint8Array => createHmac('sha256', key).update(text).digest();

const queryOf = ({ searchParams }: URL): string =>
  [...searchParams]
    .map(([name, value]) => `${encodePart(name)}=${encodePart(value)}`)
    .toSorted()
    .join('&');

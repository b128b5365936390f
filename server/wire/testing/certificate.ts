import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** A fresh self-signed certificate for these DNS names, as PEM, so that no key lies in the repository. Source: RFC 5280 4.1. */
export function certificate(names: readonly string[]): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = toBeSigned(names, publicKey);
  const signature = sign('sha256', body, privateKey);
  const whole = der(0x30, body, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${whole.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  };
}

function toBeSigned(names: readonly string[], publicKey: KeyObject): Buffer {
  const version3 = der(0xa0, der(0x02, Buffer.from([2])));
  const serial = der(0x02, Buffer.from([1]));
  const name = der(0x30, der(0x31, der(0x30, oid('550403'), der(0x0c, Buffer.from('test')))));
  const validity = der(0x30, der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231000000Z')));
  const key = publicKey.export({ type: 'spki', format: 'der' });
  const subjectAltName = der(0x30, ...names.map((one) => der(0x82, Buffer.from(one))));
  const extensions = der(0xa3, der(0x30, der(0x30, oid('551d11'), der(0x04, subjectAltName))));
  return der(0x30, version3, serial, ecdsaWithSha256, name, validity, name, key, extensions);
}

const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));

const ecdsaWithSha256 = der(0x30, oid('2a8648ce3d040302'));

/** One DER element: tag, length, content. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

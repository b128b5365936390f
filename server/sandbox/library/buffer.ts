import { Buffer } from 'buffer/';

// The package knows all encodings of Node but base64url, which tokens are written in.
const isUrl = (encoding: unknown): boolean => typeof encoding === 'string' && encoding.toLowerCase() === 'base64url';
const plain = <Encoding>(encoding: Encoding): Encoding | 'base64' => (isUrl(encoding) ? 'base64' : encoding);

function toUrl(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Puts a function in the place of a method, which it gets as its first argument. */
function wrap(
  on: object,
  name: string,
  by: (before: (...args: unknown[]) => unknown, self: unknown, args: unknown[]) => unknown,
) {
  const before: (...args: unknown[]) => unknown = Reflect.get(on, name);
  const value = function (this: unknown, ...args: unknown[]): unknown {
    return by((...given) => Reflect.apply(before, this, given), this, args);
  };
  Object.defineProperty(on, name, { value, writable: true, configurable: true });
}

// The package reads `fg` as one byte; Node stops where no pair of hex digits follows.
const hexOnly = (value: unknown, encoding: unknown): unknown =>
  typeof value === 'string' && String(encoding).toLowerCase() === 'hex' ? /^(?:[0-9a-f]{2})*/i.exec(value)?.[0] : value;

wrap(Buffer, 'from', (before, _, [value, encoding, length]) =>
  before(hexOnly(value, encoding), plain(encoding), length),
);
wrap(Buffer, 'byteLength', (before, _, [value, encoding]) => before(value, plain(encoding)));
wrap(Buffer, 'isEncoding', (before, _, [encoding]) => isUrl(encoding) || before(encoding));
wrap(Buffer, 'alloc', (before, _, [size, fill, encoding]) => before(size, fill, plain(encoding)));
wrap(Buffer.prototype, 'toString', (before, self, [encoding, start, end]) => {
  if (isUrl(encoding)) return toUrl(String(before('base64', start, end)));
  const text = before(encoding, start, end);
  const isBroken = typeof text === 'string' && text.includes('\ufffd') && /^utf-?8$/i.test(String(encoding ?? 'utf8'));
  // How many bytes one U+FFFD stands for the package counts in a way of its own.
  if (!isBroken || !(self instanceof Uint8Array)) return text;
  const part = Uint8Array.prototype.slice.call(self, Number(start ?? 0), end === undefined ? undefined : Number(end));
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(part);
});
for (const name of ['write', 'fill', 'indexOf', 'lastIndexOf', 'includes'])
  wrap(Buffer.prototype, name, (before, _, args) => before(...args.map(plain)));

export { Buffer };

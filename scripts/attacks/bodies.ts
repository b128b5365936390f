import { Random } from './random.ts';

/** A body as it is sent. */
export interface Sent {
  /** What it is, for the report of the slowest. */
  readonly shape: string;
  readonly type: string | undefined;
  readonly bytes: Buffer;
}

const kB = 1024;

/** `text` again and again between a head and a tail, `size` bytes in all, or one piece less. */
function filled(size: number, text: string, head = '', tail = ''): Buffer {
  const piece = Buffer.from(text);
  const room = Math.max(0, size - Buffer.byteLength(head) - Buffer.byteLength(tail));
  const count = Math.floor(room / piece.length);
  return Buffer.concat([Buffer.from(head), Buffer.alloc(count * piece.length, piece), Buffer.from(tail)]);
}

/** Pieces that differ, each made from its number. */
function counted(size: number, piece: (n: number) => string, head = '', tail = ''): Buffer {
  const parts = [head];
  let length = head.length + tail.length;
  for (let n = 0; ; n++) {
    const next = piece(n);
    length += next.length;
    if (length > size) break;
    parts.push(next);
  }
  parts.push(tail);
  return Buffer.from(parts.join(''));
}

const mixed = (n: number) => ((n * 2_654_435_761) >>> 0).toString(36);

type Make = (size: number, random: Random) => Buffer;

/** JSON that is dear to read, store or walk, each as long as asked for. */
const json: Readonly<Record<string, Make>> = {
  'short strings': (size) => filled(size, '"a",', '[', '1]'),
  'empty lists': (size) => filled(size, '[],', '[', '1]'),
  'empty objects': (size) => filled(size, '{},', '[', '1]'),
  'lists 60 deep': (size) => filled(size, `${'['.repeat(60)}1${']'.repeat(60)},`, '[', '1]'),
  'too deep': (size) => filled(size, '['),
  'keys, all different': (size) => counted(size, (n) => `"${mixed(n)}":1,`, '{', '"z":1}'),
  'keys that are numbers': (size) => counted(size, (n) => `"${(n * 2_654_435_761) >>> 0}":1,`, '{', '"z":1}'),
  'one key, again and again': (size) => filled(size, '"a":1,', '{', '"a":2}'),
  'objects of keys, all different': (size) => counted(size, (n) => `{"${mixed(n)}":1},`, '[', '1]'),
  'NULs under long keys': (size) =>
    filled(size, '"\\u0000",', `{"${'k'.repeat(Math.min(10_000, size >> 2))}":[`, '1]}'),
  'half characters': (size) => filled(size, '\\ud800', '["', '"]'),
  quotes: (size) => filled(size, '\\"', '"', '"'),
  backslashes: (size) => filled(size, '\\\\', '["', '"]'),
  'one number': (size) => filled(size, '7'),
  'numbers that lose digits': (size) => filled(size, '12345678901234567890,', '[', '1]'),
  'small numbers': (size) => filled(size, '1,', '[', '1]'),
  spaces: (size) => filled(size, ' ', '[', ']'),
  'one text': (size) => filled(size, 'x', '{"a":"', '"}'),
  'letters of four bytes': (size) => filled(size, '🎈', '["', '"]'),
  orders: (size) =>
    counted(
      size,
      (n) => `{"id":${n},"name":"Order ${mixed(n)}","paid":true,"lines":[{"sku":"å${n}","n":2}]},`,
      '[',
      '1]',
    ),
  'broken at its end': (size) => filled(size, '{"a":[1,2]},', '[', ''),
  'files that were never sent': (size) => filled(size, '{"\\u0024file":"x"},', '[', '1]'),
};

const form: Readonly<Record<string, Make>> = {
  'names without values': (size) => filled(size, 'ab&'),
  'fields, all different': (size) => counted(size, (n) => `${mixed(n)}=1&`),
  'one field, again and again': (size) => filled(size, 'a=1&'),
  'escaped letters': (size) => filled(size, '%41', 'a='),
  'escaped NULs': (size) => filled(size, '%00', 'a='),
  'escapes that are none': (size) => filled(size, '%zz&'),
  'letters of two bytes': (size) => filled(size, 'å=%C3%A5&'),
  separators: (size) => filled(size, '&='),
  plusses: (size) => filled(size, '+', 'a='),
};

const boundary = 'x'.repeat(40);
const part = (head: string, body: string) =>
  `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}\r\n`;
const end = `--${boundary}--\r\n`;
const parts: Readonly<Record<string, Make>> = {
  'one file': (size, random) =>
    filled(size, random.of(['a', 'é', '\0']), part('name="f"; filename="f.bin"', '').slice(0, -2), `\r\n${end}`),
  'tiny files': (size) => filled(size, part('name="f"; filename="f"', 'a'), '', end),
  'a hundred files': (size) =>
    filled(size, part('name="f"; filename="f"', 'a'.repeat(Math.max(1, Math.floor(size / 100) - 150))), '', end),
  'tiny fields': (size) => filled(size, part('name="f"', 'a'), '', end),
  'heads full of quotes': (size) => filled(size, part(`name="f"${';name="\\'.repeat(1_000)}`, 'a'), '', end),
  'lines that look like the boundary': (size) =>
    filled(size, `\r\n--${boundary.slice(1)}`, part('name="f"', '').slice(0, -2), `\r\n${end}`),
  'broken off': (size) => filled(size, 'a', part('name="f"', '').slice(0, -2)),
};

const text: Readonly<Record<string, Make>> = {
  letters: (size) => filled(size, 'letters '),
  NULs: (size) => filled(size, '\0'),
  'control characters': (size) => filled(size, '\x01'),
  'letters of two bytes': (size) => filled(size, 'å'),
  bytes: (size, random) => Buffer.alloc(size, Buffer.from(Array.from({ length: 997 }, () => random.below(256)))),
  tags: (size) => filled(size, '<a>', '<?xml version="1.0"?>'),
  semicolons: (size) => filled(size, ';,\t"\n'),
};

const kinds: readonly (readonly [types: readonly (string | undefined)[], makes: Readonly<Record<string, Make>>])[] = [
  [
    ['application/json', 'application/json', 'application/vnd.orders+json', 'application/json; charset=iso-8859-1'],
    json,
  ],
  [['application/x-www-form-urlencoded', 'application/x-www-form-urlencoded; charset=windows-1252'], form],
  [[`multipart/form-data; boundary=${boundary}`], parts],
  [
    [
      'text/plain',
      'text/plain; charset=utf-16le',
      'text/csv; charset=shift_jis',
      'text/plain; charset=cp850',
      'text/plain; charset=utf-7',
      'text/xml',
      'text/html',
      'application/octet-stream',
      'image/png',
      undefined,
    ],
    text,
  ],
  // What is said and what comes are two things.
  [[`multipart/form-data; boundary=${boundary}`, 'application/x-www-form-urlencoded', 'application/json'], text],
];

/** A size between a kilobyte and the cap, each order of magnitude as often; one in eight stands at a bound, or beside it. */
function sizeOf(random: Random, most: number): number {
  const bounds = [16 * kB, 64 * kB, 256 * kB, most].filter((bound) => bound <= most);
  if (random.below(8) === 0) return random.of(bounds) + random.of([-1, 0, 1]);
  return Math.floor(kB * (most / kB) ** random.next());
}

/** The next body of a seed, of at most about `most` bytes. */
export function nextBody(random: Random, most: number): Sent {
  const size = sizeOf(random, most);
  const [types, makes] = random.of(kinds);
  const type = random.of(types);
  const shape = random.of(Object.keys(makes));
  const bytes = makes[shape]!(size, random);
  return { shape: `${type ?? 'no type'}: ${shape}, ${(bytes.length / kB).toFixed(0)} kB`, type, bytes };
}

/** JSON alone, for doors that take nothing else. */
export function nextJson(random: Random, most: number): Sent {
  const shape = random.of(Object.keys(json));
  const bytes = json[shape]!(sizeOf(random, most), random);
  return { shape: `application/json: ${shape}, ${(bytes.length / kB).toFixed(0)} kB`, type: 'application/json', bytes };
}

/** Every shape once, of about a size. */
export function shapes(size: number): Sent[] {
  const random = new Random(1);
  return kinds
    .slice(0, 4)
    .flatMap(([types, makes]) =>
      Object.entries(makes).map(([shape, make]) => ({ shape, type: types[0], bytes: make(size, random) })),
    );
}

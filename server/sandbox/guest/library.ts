/** Gives the text of a library by its name: `bytes`, `dates` or `query` (`../library/`). */
export type ReadLibrary = (name: string) => string;

/** What libraries make, for `run.ts` to lay out. */
export interface Libraries {
  /** Tells the zone of dates and the moment of `$now`, which timers do not move; called once, before the first line of the user's code. */
  start(zone: string, began: number): void;
}

interface Library {
  useZone(zone: string): void;
  nowAsBoth(began: number): unknown;
  readonly luxon: Record<string, unknown> & {
    readonly DateTime: { fromMillis(ms: number): { startOf(unit: string): unknown } };
  };
  cryptoWith(random: (below: number) => number, randomUUID: () => string): Record<string, unknown>;
  readonly Buffer: unknown;
  readonly hmac: unknown;
  search(data: unknown, query: unknown): unknown;
}

/**
 * Gives an isolate the libraries that people expect of code nodes: Buffer, crypto, hmac, Luxon, $jmespath, $now and $today. Each is
 * compiled when the code first asks for a name of it: Luxon alone costs 6 ms without a JIT, and most code asks for none.
 * The text of this function runs inside the isolate: it may use nothing from outside itself.
 */
export function installLibraries(read: ReadLibrary, random: () => number, randomUUID: () => string): Libraries {
  const RealFunction = Function;
  const { defineProperty } = Object;
  const { floor } = Math;
  const loaded = new Map<string, Library>();
  let zone = 'UTC';
  let began = 0;

  function library(name: string): Library {
    const known = loaded.get(name);
    if (known) return known;
    const made: Library = Object(RealFunction(`${read(name)}\nreturn library;\n//# sourceURL=${name}.lib`)());
    if (name === 'dates') made.useZone(zone);
    loaded.set(name, made);
    return made;
  }

  /** A name that is worked out when it is first read, and may be given another value at any time. */
  function lazy(on: object, name: string, make: () => unknown): void {
    const settle = (value: unknown) => defineProperty(on, name, { value, writable: true, configurable: true });
    defineProperty(on, name, {
      configurable: true,
      get: () => {
        const value = make();
        settle(value);
        return value;
      },
      set: settle,
    });
  }

  const world = globalThis;
  const cryptoOf = () => library('bytes').cryptoWith((below: number) => floor(random() * below), randomUUID);
  // The commonest need of it needs no library.
  const light: object = { randomUUID };
  let whole: Record<string, unknown> | undefined;
  const names = [
    'subtle',
    'getRandomValues',
    'randomBytes',
    'randomInt',
    'createHash',
    'createHmac',
    'hash',
    'timingSafeEqual',
    'pbkdf2Sync',
    'scryptSync',
    'hkdfSync',
    'getHashes',
    'createCipheriv',
    'createDecipheriv',
    'createSign',
    'createVerify',
    'createPublicKey',
    'createPrivateKey',
    'generateKeyPairSync',
    'publicEncrypt',
    'privateDecrypt',
    'sign',
    'verify',
  ];
  for (const name of names) lazy(light, name, () => (whole ??= cryptoOf())?.[name]);
  Object.assign(world, { crypto: light });
  lazy(world, 'Buffer', () => library('bytes').Buffer);
  lazy(world, 'hmac', () => library('bytes').hmac);
  for (const name of ['luxon', 'Luxon']) lazy(world, name, () => library('dates').luxon);
  for (const name of ['DateTime', 'Duration', 'Interval']) lazy(world, name, () => library('dates').luxon[name]);
  lazy(world, '$now', () => library('dates').nowAsBoth(began));
  lazy(world, '$today', () => library('dates').luxon.DateTime.fromMillis(began).startOf('day'));
  const jmespath = (data: unknown, query: unknown) => library('query').search(data, query);
  Object.assign(world, { $jmespath: jmespath, $jmesPath: jmespath });

  return { start: (inZone, at) => void ([zone, began] = [inZone, at]) };
}

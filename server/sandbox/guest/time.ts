/** The guest's clock, dice and timers, as `run.ts` drives them. */
export interface Time {
  /** Sets the clock (epoch ms) and seeds the dice; called once, before the first line of the user's code. */
  start(now: number, seed: string): void;
  /** The moment it is inside, in epoch ms. */
  now(): number;
  /** The dice: a number in [0, 1). */
  random(): number;
  randomUUID(): string;
  /** Carries out the earliest timer that is waiting; false when none is. A callback that throws is told to `failed`. */
  tick(failed: (error: unknown) => void): boolean;
}

/**
 * Replaces time and chance inside an isolate, so that a second attempt sees what the first one saw. The clock stands
 * still; only timers move it: a sleep of a minute takes no time at all and `Date.now()` is a minute later afterwards.
 * The text of this function runs inside the isolate: it may use nothing from outside itself.
 */
export function installTime(): Time {
  interface Timer {
    id: number;
    due: number;
    every: number | undefined;
    run: () => void;
  }
  const RealDate = Date;
  let clock = 0;
  let state = 0;
  let lastId = 0;
  const timers = new Map<number, Timer>();

  function FrozenDate(this: unknown, ...given: unknown[]): unknown {
    if (!new.target) return new RealDate(clock).toString();
    return Reflect.construct(RealDate, given.length === 0 ? [clock] : given, new.target);
  }
  Object.defineProperties(FrozenDate, {
    name: { value: 'Date' },
    length: { value: 7 },
    prototype: { value: RealDate.prototype },
    now: { value: () => clock, writable: true, configurable: true },
    parse: { value: RealDate.parse },
    UTC: { value: RealDate.UTC },
  });
  RealDate.prototype.constructor = FrozenDate;

  // An Intl format without a date reads the real clock.
  const formats = Intl.DateTimeFormat.prototype;
  const bound = Object.getOwnPropertyDescriptor(formats, 'format')?.get;
  const parts = formats.formatToParts;
  Object.defineProperty(formats, 'format', {
    configurable: true,
    get(this: Intl.DateTimeFormat) {
      const format: (date: unknown) => string = bound?.call(this);
      return (date?: unknown) => format(date === undefined ? clock : date);
    },
  });
  formats.formatToParts = function formatToParts(date) {
    return parts.call(this, date === undefined ? clock : date);
  };

  /** mulberry32: 32 bits of state are plenty for dice that need to be repeatable, not secret. */
  function random(): number {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** FNV-1a. */
  function hash(text: string): number {
    let sum = 0x811c9dc5;
    for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
    return sum;
  }

  function randomUUID(): string {
    return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (mark) => {
      const four = Math.floor(random() * 16);
      return (mark === 'x' ? four : (four & 3) | 8).toString(16);
    });
  }

  function set(run: unknown, ms: unknown, every: boolean, args: unknown[]): number {
    if (typeof run !== 'function') throw new TypeError('A timer needs a function');
    const wait = Math.max(1, Number(ms) || 0);
    const id = ++lastId;
    timers.set(id, { id, due: clock + wait, every: every ? wait : undefined, run: () => void run(...args) });
    return id;
  }

  function earliest(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of timers.values()) if (!first || timer.due < first.due) first = timer;
    return first;
  }

  const clear = (id?: unknown) => void timers.delete(Number(id));
  Math.random = random;
  Object.assign(globalThis, {
    Date: FrozenDate,
    setTimeout: (run: unknown, ms?: unknown, ...args: unknown[]) => set(run, ms, false, args),
    setInterval: (run: unknown, ms?: unknown, ...args: unknown[]) => set(run, ms, true, args),
    setImmediate: (run: unknown, ...args: unknown[]) => set(run, 0, false, args),
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
  });

  return {
    start(now, seed) {
      clock = now;
      state = hash(seed);
    },
    now: () => clock,
    random,
    randomUUID,
    tick(failed) {
      const timer = earliest();
      if (!timer) return false;
      clock = Math.max(clock, timer.due);
      if (timer.every === undefined) timers.delete(timer.id);
      else timer.due = clock + timer.every;
      try {
        timer.run();
      } catch (error) {
        failed(error);
      }
      return true;
    },
  };
}

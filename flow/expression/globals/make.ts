import { mistake } from '../faults.ts';
import { Callable, table, type Work } from '../values/box.ts';
import { fromHost } from '../values/method.ts';

/** One of our functions; what a host function inside it refuses becomes a fault. */
export function work(name: string, does: Work): Callable {
  return new Callable(name, guarded(does));
}

/** A function that can be used with `new`, with its static members. */
export function maker(
  name: string,
  does: Work,
  make: Work,
  owns: (value: unknown) => boolean,
  members: Record<string, unknown> = {},
): Callable {
  return new Callable(name, guarded(does), { make: guarded(make), owns, members: table(members) });
}

/** A table of functions by name. */
export function works(entries: Record<string, Work>): Record<string, Callable> {
  return Object.fromEntries(Object.entries(entries).map(([name, does]) => [name, work(name, does)]));
}

/** What calling without `new` throws where JavaScript demands it. */
export const needsNew =
  (name: string): Work =>
  () => {
    throw mistake(`${name} needs new.`);
  };

function guarded(does: Work): Work {
  return (run, args, self) => {
    try {
      return does(run, args, self);
    } catch (thrown) {
      throw fromHost(thrown);
    }
  };
}

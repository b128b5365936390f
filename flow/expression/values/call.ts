import { missing, mistake, tooMuch } from '../faults.ts';
import { limits } from '../limits.ts';
import type { Run } from '../run.ts';
import { Callable } from './box.ts';
import { MapBox, SetBox } from './boxes.ts';
import { kindOf, kindWords } from './kinds.ts';
import { QueryBox } from './url.ts';

/** Calls a function. Recursion ends at a limit; `try` and the end of the segment put the count back. */
export function invoke(run: Run, callable: Callable, args: readonly unknown[], self?: unknown): unknown {
  run.charge(1);
  if (++run.calls > limits.calls) throw tooMuch('Functions call one another too deeply.');
  const value = callable.work(run, args, self);
  run.calls--;
  return value;
}

/** The function that a method was given, as one that is called with the run; throws when it is none. */
export function callback(value: unknown, method: string): Callable {
  if (value instanceof Callable) return value;
  throw mistake(`${method}() needs a function, and got ${kindWords[kindOf(value)]}.`);
}

/** The elements of anything that can be spread or walked; throws when it cannot. */
export function elements(run: Run, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return listed(run, run.view(value));
  if (typeof value === 'string') {
    run.text(value);
    return listed(run, [...value]);
  }
  if (value instanceof SetBox) return listed(run, [...value.values]);
  if (value instanceof MapBox)
    return listed(
      run,
      [...value.entries].map(([key, item]) => [key, item]),
    );
  if (value instanceof QueryBox) return value.pairs.map(([name, item]) => [name, item]);
  if (value === undefined || value === null) throw missing(`${value} cannot be walked through like a list.`);
  throw mistake(`${kindWords[kindOf(value)]} cannot be walked through like a list.`);
}

function listed(run: Run, list: readonly unknown[]): readonly unknown[] {
  run.length(list.length);
  return list;
}

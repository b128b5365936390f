import { type FaultCode, Halt, mistake } from '../faults.ts';
import type { Run } from '../run.ts';
import { Callable } from '../values/box.ts';
import { invoke } from '../values/call.ts';
import { isForbidden } from '../values/forbidden.ts';
import { plain } from '../values/plain.ts';
import { weigh } from '../values/weigh.ts';

/** Parses JSON; keys that lead to prototypes are left out. Throws a fault of the code given when it does not parse. */
export function parseJson(run: Run, text: string, code: FaultCode = 'expression.missing'): unknown {
  run.text(text);
  run.charge(text.length >> 4);
  run.budget?.aboutJson(text.length);
  try {
    return JSON.parse(
      text,
      text.includes('proto') || text.includes('constructor') || text.includes('\\u') ? clean : undefined,
    );
  } catch (thrown) {
    if (thrown instanceof RangeError) throw thrown;
    throw new Halt(
      code,
      `The text is not JSON: ${text.slice(0, 40)}`,
      'Check what the node before gives; a model often wraps JSON in ``` fences, which replace() takes away.',
    );
  }
}

function clean(key: string, value: unknown): unknown {
  return isForbidden(key) ? undefined : value;
}

/** `JSON.stringify`, of plain data; with a list of keys, a function over each field, or an indent. */
export function stringify(run: Run, value: unknown, replacer?: unknown, indent?: unknown): string | undefined {
  const data = plain(run, value);
  const space = typeof indent === 'number' || typeof indent === 'string' ? indent : undefined;
  const keys = Array.isArray(replacer) ? run.view(replacer).filter((key) => typeof key === 'string') : null;
  // With a replacer or keys nobody knows beforehand what will be left out.
  if (!keys && !(replacer instanceof Callable)) weigh(run, data);
  const text =
    replacer instanceof Callable
      ? JSON.stringify(data, replacing(run, replacer), space)
      : JSON.stringify(data, keys, space);
  return text === undefined ? undefined : run.made(text);
}

function replacing(run: Run, replacer: Callable): (key: string, value: unknown) => unknown {
  return (key, value) => {
    const made = invoke(run, replacer, [key, value]);
    if (made instanceof Callable) throw mistake('JSON.stringify cannot print a function.');
    return plain(run, made);
  };
}

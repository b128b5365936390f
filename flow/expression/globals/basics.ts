import { fromBase64, toBase64 } from '../bytes/base64.ts';
import { missing, mistake } from '../faults.ts';
import { parseJson, stringify } from '../methods/json.ts';
import type { Run } from '../run.ts';
import { type Callable, Namespace, table } from '../values/box.ts';
import { elements } from '../values/call.ts';
import { optionalNumber, toNumber, toText } from '../values/convert.ts';
import { works } from './make.ts';

const oneNumber = [
  'abs',
  'acos',
  'acosh',
  'asin',
  'asinh',
  'atan',
  'atanh',
  'cbrt',
  'ceil',
  'clz32',
  'cos',
  'cosh',
  'exp',
  'expm1',
  'floor',
  'fround',
  'log',
  'log10',
  'log1p',
  'log2',
  'round',
  'sign',
  'sin',
  'sinh',
  'sqrt',
  'tan',
  'tanh',
  'trunc',
] as const;
const twoNumbers = ['atan2', 'imul', 'pow'] as const;
const manyNumbers = ['hypot', 'max', 'min'] as const;

/** `Math`; its random comes from the scope. */
export const math: Namespace = new Namespace('Math', table({ ...mathConstants(), ...mathFunctions() }));

/** `JSON`. */
export const json: Namespace = new Namespace(
  'JSON',
  table(
    works({
      parse: (run, args) => {
        if (args[0] === undefined || args[0] === null) throw missing(`JSON.parse() was given ${args[0]}.`);
        return parseJson(run, toText(run, args[0]));
      },
      stringify: (run, args) => stringify(run, args[0], args[1], args[2]),
    }),
  ),
);

/** The functions that need no object in front. */
export const functions: Record<string, Callable> = works({
  parseInt: (run, args) => Number.parseInt(run.text(toText(run, args[0])), optionalNumber(run, args[1])),
  parseFloat: (run, args) => Number.parseFloat(run.text(toText(run, args[0]))),
  isNaN: (run, args) => Number.isNaN(toNumber(run, args[0])),
  isFinite: (run, args) => Number.isFinite(toNumber(run, args[0])),
  encodeURIComponent: (run, args) => run.made(encodeURIComponent(run.walked(toText(run, args[0])))),
  encodeURI: (run, args) => run.made(encodeURI(run.walked(toText(run, args[0])))),
  decodeURIComponent: (run, args) => decodeURIComponent(run.walked(toText(run, args[0]))),
  decodeURI: (run, args) => decodeURI(run.walked(toText(run, args[0]))),
  btoa: (run, args) => run.made(toBase64(latin1(run.heavy(toText(run, args[0]))))),
  atob: (run, args) => fromLatin1(fromBase64(run.heavy(toText(run, args[0])))),
  structuredClone: (run, args) => parseJson(run, stringify(run, args[0]) ?? 'null'),
  numberList: (run, args) => numberList(run, toNumber(run, args[0]), toNumber(run, args[1])),
  zip: (run, args) => zip(run, elements(run, args[0]), elements(run, args[1])),
});

function mathConstants(): Record<string, number> {
  const { E, LN10, LN2, LOG10E, LOG2E, PI, SQRT1_2, SQRT2 } = Math;
  return { E, LN10, LN2, LOG10E, LOG2E, PI, SQRT1_2, SQRT2 };
}

function mathFunctions(): Record<string, Callable> {
  const made: Record<string, Callable> = works({ random: (run) => run.scope.random() });
  for (const name of oneNumber)
    Object.assign(made, works({ [name]: (run, args) => Math[name](toNumber(run, args[0])) }));
  for (const name of twoNumbers)
    Object.assign(made, works({ [name]: (run, args) => Math[name](toNumber(run, args[0]), toNumber(run, args[1])) }));
  for (const name of manyNumbers) Object.assign(made, works({ [name]: (run, args) => folded(run, name, args) }));
  return made;
}

/** One by one: spreading a long list into a host call overflows its stack. */
function folded(run: Run, name: (typeof manyNumbers)[number], args: readonly unknown[]): number {
  run.length(args.length);
  const start = name === 'hypot' ? 0 : Math[name]();
  return args.reduce<number>((sum, arg) => Math[name](sum, toNumber(run, arg)), start);
}

function latin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255) throw mistake('btoa() takes Latin-1 only; base64Encode() takes every text.');
    bytes[i] = code;
  }
  return bytes;
}

function fromLatin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** The whole numbers from one to another, both included, up or down. */
function numberList(run: Run, from: number, to: number): number[] {
  if (!Number.isInteger(from) || !Number.isInteger(to)) throw mistake('numberList() needs two whole numbers.');
  const length = Math.abs(to - from) + 1;
  run.length(length);
  return Array.from({ length }, (_, i) => (from <= to ? from + i : from - i));
}

/** An object from a list of keys and a list of values. */
function zip(run: Run, keys: readonly unknown[], values: readonly unknown[]): Record<string, unknown> {
  const pairs = keys.map((key, i): [string, unknown] => [toText(run, key), values[i]]);
  return Object.fromEntries(pairs.filter(([key]) => key !== '__proto__'));
}

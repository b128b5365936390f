import { Halt, mistake } from '../faults.ts';
import type { Run } from '../run.ts';
import { type Methods, table } from '../values/box.ts';
import { DateBox, MomentBox } from '../values/dates.ts';
import { optionalText, toInteger } from '../values/convert.ts';
import { momentFromNumber } from './moments.ts';
import { locale, options } from './text.ts';

type Args = readonly unknown[];

/** JavaScript's methods of numbers. */
export const numberMethods: Methods<number> = table({
  toFixed: (run: Run, n: number, args: Args) => n.toFixed(within(toInteger(run, args[0]), 0, 100, 'toFixed')),
  toPrecision: (run: Run, n: number, args: Args) =>
    args[0] === undefined ? String(n) : n.toPrecision(within(toInteger(run, args[0]), 1, 100, 'toPrecision')),
  toExponential: (run: Run, n: number, args: Args) =>
    n.toExponential(args[0] === undefined ? undefined : within(toInteger(run, args[0]), 0, 100, 'toExponential')),
  toString: (run: Run, n: number, args: Args) => n.toString(within(toInteger(run, args[0], 10), 2, 36, 'toString')),
  toLocaleString: (run: Run, n: number, args: Args) => n.toLocaleString(locale(run, args[0]), options(args[1])),
  valueOf: (_run: Run, n: number) => n,
  hasOwnProperty: () => false,
});

/** The functions that numbers have beyond JavaScript's. */
export const numberExtensions: Methods<number> = table({
  ceil: (_run: Run, n: number) => Math.ceil(n),
  floor: (_run: Run, n: number) => Math.floor(n),
  abs: (_run: Run, n: number) => Math.abs(n),
  round: (run: Run, n: number, args: Args) => rounded(n, toInteger(run, args[0])),
  format: (run: Run, n: number, args: Args) => n.toLocaleString(locale(run, args[0]), options(args[1])),
  isEven: (_run: Run, n: number) => whole(n, 'isEven') % 2 === 0,
  isOdd: (_run: Run, n: number) => Math.abs(whole(n, 'isOdd') % 2) === 1,
  isInteger: (_run: Run, n: number) => Number.isInteger(n),
  isEmpty: () => false,
  isNotEmpty: () => true,
  toBoolean: (_run: Run, n: number) => n !== 0,
  toInt: (_run: Run, n: number) => Math.trunc(n),
  toWholeNumber: (_run: Run, n: number) => Math.trunc(n),
  toFloat: (_run: Run, n: number) => n,
  toNumber: (_run: Run, n: number) => n,
  toDate: (run: Run, n: number) => new DateBox(momentFromNumber(run, n).toMillis()),
  toDateTime: (run: Run, n: number, args: Args) => new MomentBox(momentFromNumber(run, n, optionalText(run, args[0]))),
  toJsonString: (_run: Run, n: number) => JSON.stringify(n),
});

/** JavaScript's methods of true and false, and the functions beyond. */
export const booleanMethods: Methods<boolean> = table({
  toString: (_run: Run, is: boolean) => String(is),
  valueOf: (_run: Run, is: boolean) => is,
  toLocaleString: (_run: Run, is: boolean) => String(is),
  hasOwnProperty: () => false,
});

/** The functions that true and false have beyond JavaScript's. */
export const booleanExtensions: Methods<boolean> = table({
  toInt: (_run: Run, is: boolean) => Number(is),
  toNumber: (_run: Run, is: boolean) => Number(is),
  toFloat: (_run: Run, is: boolean) => Number(is),
  toBoolean: (_run: Run, is: boolean) => is,
  isEmpty: () => false,
  isNotEmpty: () => true,
  toJsonString: (_run: Run, is: boolean) => String(is),
});

function within(n: number, low: number, high: number, name: string): number {
  if (n < low || n > high) throw mistake(`${name}() needs a number from ${low} to ${high}.`);
  return n;
}

/** Rounds half away from zero at a decimal place, in decimal: 1.005 to 1.01, where binary arithmetic gives 1. */
function rounded(n: number, places: number): number {
  if (!Number.isFinite(n) || Math.abs(places) > 100) return n;
  const [digits, power = '0'] = String(Math.abs(n)).split('e');
  const whole = Math.round(Number(`${digits}e${Number(power) + places}`));
  const [rounds, powers = '0'] = String(whole).split('e');
  return Math.sign(n) * Number(`${rounds}e${Number(powers) - places}`);
}

function whole(n: number, name: string): number {
  if (Number.isInteger(n)) return n;
  throw new Halt('expression.value', `${name}() needs a whole number.`, 'Round it first.');
}

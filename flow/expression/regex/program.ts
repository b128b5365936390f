import { LRUCache } from 'lru-cache';
import { RE2JS } from 're2js';
import type { Budget } from '../../facts/budget.ts';
import { Halt } from '../faults.ts';
import { limits } from '../limits.ts';
import { isForbidden } from '../values/forbidden.ts';
import { writtenOut } from './size.ts';
import { type Spread, spreadOf } from './spread.ts';
import { translate } from './translate.ts';

/** A compiled pattern, its named groups by number, and what a character of searched text costs. */
export type Program = {
  readonly program: RE2JS;
  readonly groups: readonly (readonly [name: string, number: number])[];
  /** How many instructions a character may meet. */
  readonly size: number;
  readonly spread: Spread | undefined;
  /** Whether `^` and `$` stand for lines, so that every line ending of JavaScript must look like RE2's only one. */
  readonly isLinewise: boolean;
};

/** The steps (`limits.steps`) that a search takes when it reads so many characters: each meets the instructions, at some 10 ns. */
export const searchSteps = ({ size }: Program, characters: number): number => (characters * size) / 5;

/** Some 2,000 of usual size, of 15 kB each. */
const programs = new LRUCache<string, Program>({ max: 2_000, maxSize: 32 * 1024 * 1024 });
/** What is kept of an instruction, and of a character of the pattern, in bytes. */
const [bytesAnInstruction, bytesACharacter] = [100, 50];
/** What compiling a character that is written out takes, in steps: 6 µs. */
const stepsACharacter = 100;

/** The program of a pattern, or a thrown `Halt` that says what is wrong with it. Those used last are kept; what compiles one is told of before. */
export function programOf(source: string, flags: string, budget?: Budget): Program {
  const key = `${flags}/${source}`;
  const known = programs.get(key);
  if (known) return known;
  if (source.length > limits.regex) throw wrong('it is too long');
  const written = writtenOut(source);
  if (written > limits.regexWritten) throw wrong('its repeats are too long together');
  budget?.about(Math.max(source.length, written) * stepsACharacter);
  const made = build(source, flags);
  programs.set(key, made, { size: key.length * bytesACharacter + made.size * bytesAnInstruction });
  return made;
}

function build(source: string, flags: string): Program {
  if (!/^[dgimsuvy]{0,8}$/.test(flags) || new Set(flags).size !== flags.length)
    throw wrong(`it has no flags "${flags.slice(0, 20)}"`);
  try {
    const bits = (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) | (flags.includes('m') ? RE2JS.MULTILINE : 0);
    const program = RE2JS.compile(translate(source, flags), bits);
    const groups = Object.entries(program.namedGroups());
    if (groups.some(([name]) => isForbidden(name))) throw wrong('a group has a name that no field may have');
    return {
      program,
      groups,
      size: program.programSize(),
      spread: spreadOf(source, flags),
      isLinewise: isLinewise(source, flags),
    };
  } catch (thrown) {
    if (thrown instanceof Halt) throw thrown;
    throw wrong(thrown instanceof Error ? thrown.message.replace('error parsing regexp: ', '') : 'it does not parse');
  }
}

const wrong = (why: string): Halt =>
  new Halt(
    'expression.regex',
    `The regular expression cannot be used: ${why}.`,
    'Correct the pattern; repeats go up to 1000 and to 10,000 characters in all, and lookarounds and back-references need a code node.',
  );

/** A pattern that tells the line endings apart itself is left alone. */
function isLinewise(source: string, flags: string): boolean {
  return flags.includes('m') && /[\^$]/.test(source) && !/\\[rn]/.test(source);
}

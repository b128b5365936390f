import { nearest } from '../../document/quote.ts';
import { Halt, missing, mistake } from '../faults.ts';
import { kindsWith, ofBoolean, ofList, ofMoment, ofNumber, ofRecord, ofText } from '../methods/all.ts';
import { mapMethods, queryMethods, setMethods, urlMethods } from '../methods/collections.ts';
import { dateMethods } from '../methods/date.ts';
import { dateExtensions } from '../methods/date-extensions.ts';
import { momentParts } from '../methods/moment.ts';
import { regexMethods } from '../methods/regex.ts';
import { durationMethods, durationParts, intervalMethods } from '../methods/spans.ts';
import { type Kind, Callable, Namespace } from './box.ts';
import { zoneParts } from './dates.ts';
import { kindOf, kindWords } from './kinds.ts';

const names = (...tables: readonly Iterable<readonly [string, unknown]>[]): readonly string[] =>
  tables.flatMap((table) => [...table].map(([name]) => name));

/** The methods that each kind of value has; kinds that are not here have none. */
const methodsOf: Partial<Readonly<Record<Kind, readonly string[]>>> = {
  text: names(ofText),
  number: names(ofNumber),
  boolean: names(ofBoolean),
  list: names(ofList),
  record: names(ofRecord),
  moment: names(ofMoment),
  date: names(dateMethods, dateExtensions),
  regex: names(regexMethods),
  set: names(setMethods),
  map: names(mapMethods),
  duration: names(durationMethods),
  interval: names(intervalMethods),
  url: names(urlMethods),
  query: names(queryMethods),
  node: ['first', 'last', 'all', 'itemMatching', 'item', 'pairedItem'],
  error: ['toString'],
  format: ['format'],
};

/** The parts that are read without a call, by kind. */
const partsOf: Partial<Readonly<Record<Kind, readonly string[]>>> = {
  text: ['length'],
  list: ['length'],
  set: ['size'],
  map: ['size'],
  moment: [...momentParts, 'zone', 'ts'],
  duration: durationParts,
  interval: ['start', 'end', 'isValid'],
  zone: zoneParts,
  node: ['item', 'json', 'binary', 'isExecuted'],
};

const all: ReadonlySet<string> = new Set(Object.values(methodsOf).flat());

/** Whether values of a kind have a method; `any` kind, when there is none named. A date's text has a date's methods too. */
export function kindHas(kind: Kind | 'any', name: string): boolean {
  if (kind === 'any') return all.has(name);
  if (kind === 'text' && dateExtensions.has(name)) return true;
  return methodsOf[kind]?.includes(name) ?? true;
}

/** The kinds that have a method of this name. */
export const kindsHaving = (name: string): readonly string[] =>
  Object.entries(methodsOf).flatMap(([kind, methods]) => (methods.includes(name) ? [kind] : []));

/** Whether values of a kind have a part that is read without a call; undefined when the kind has fields of its own. */
export function kindHasPart(kind: Kind, name: string): boolean | undefined {
  const parts = partsOf[kind];
  return parts && (parts.includes(name) || (methodsOf[kind]?.includes(name) ?? false) || /^\d+$/.test(name));
}

/** The fault for a method that a value does not have: whom it is for, or which one was meant. */
export function noMethod(kind: Kind | 'any', name: string): Halt {
  const words = kind === 'any' ? 'No value' : kindWords[kind];
  const kinds = kindsWith(name);
  if (kinds.length > 0)
    return new Halt(
      'expression.wrong-kind',
      `${name}() was called on ${words}; it is for ${kinds.join(', ')}.`,
      'Convert the value first, or guard it with ?. or $ifEmpty().',
    );
  // A method of another kind: the data was not what the author thought, as where it is missing.
  if (kind !== 'any' && all.has(name)) return missing(`${capital(words)} has no method ${name}().`);
  const own = kind === 'any' ? all : (methodsOf[kind] ?? []);
  const meant = nearest(name, own) ?? sameLetters(name, own) ?? sameLetters(name, all);
  // A record's fields are its author's: what is not there and like nothing that we know is a field that is missing.
  if (kind === 'record' && meant === undefined) return missing(`${capital(words)} has no method ${shown(name)}().`);
  return mistake(
    kind === 'any' ? `There is no method ${shown(name)}().` : `${capital(words)} has no method ${shown(name)}().`,
    meant === undefined ? 'Check the spelling, or convert the value first.' : `Write ${meant}(), if that was meant.`,
  );
}

/** The fault for a part of a value that is near to one that it has; undefined when nothing near was meant. */
export function noPart(value: unknown, name: string): Halt | undefined {
  const kind = kindOf(value);
  const meant = partMeant(kind, name);
  if (meant !== undefined)
    return mistake(`${capital(kindWords[kind])} has no “${shown(name)}”.`, `Write ${meant}, if that was meant.`);
  return value instanceof Namespace ? noStatic(value, name) : undefined;
}

/** What was most likely meant by a part that values of a kind do not have. */
export function partMeant(kind: Kind, name: string): string | undefined {
  const parts = partsOf[kind];
  if (!parts || name.length < 3) return undefined;
  return (
    sameLetters(name, parts) ??
    parts.find((part) => isOneSlip(name, part)) ??
    calledName(sameLetters(name, methodsOf[kind] ?? []))
  );
}

const calledName = (name: string | undefined): string | undefined => name && `${name}()`;

/** The fault for what `Math`, `JSON`, `DateTime` and the like do not have. */
export function noStatic(self: Namespace | Callable, name: string): Halt {
  const meant = nearest(name, self.members.keys()) ?? sameLetters(name, self.members.keys());
  return mistake(
    `${self.name} has no ${shown(name)}.`,
    meant === undefined ? 'Check the spelling.' : `Write ${self.name}.${meant}, if that was meant.`,
  );
}

/** One letter too many, too few, another, or two changed about: `lenght`. Names with more slips may be fields of other data. */
function isOneSlip(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1 || one.startsWith('_')) return false;
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  const rest = (text: string, from: number) => text.slice(from);
  return (
    rest(one, at + 1) === rest(other, at + 1) ||
    rest(one, at + 1) === rest(other, at) ||
    rest(one, at) === rest(other, at + 1) ||
    (one[at] === other[at + 1] && one[at + 1] === other[at] && rest(one, at + 2) === rest(other, at + 2))
  );
}

/** `toUppercase` for `toUpperCase`: the same letters, whatever their case. */
function sameLetters(name: string, known: Iterable<string>): string | undefined {
  const lower = name.toLowerCase();
  for (const candidate of known) if (candidate.toLowerCase() === lower) return candidate;
  return undefined;
}

const shown = (name: string): string => name.slice(0, 60);
const capital = (words: string): string => words.slice(0, 1).toUpperCase() + words.slice(1);

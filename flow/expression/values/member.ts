import { forbidden, missing, mistake, tooMuch } from '../faults.ts';
import { limits } from '../limits.ts';
import { momentPart } from '../methods/moment.ts';
import { regexPart } from '../methods/regex.ts';
import { durationPart, intervalPart } from '../methods/spans.ts';
import type { Run } from '../run.ts';
import { Box, Callable, ErrorBox, Namespace } from './box.ts';
import { MapBox, RegexBox, SetBox } from './boxes.ts';
import { callMember, hasMethod } from './method.ts';
import { DurationBox, IntervalBox, MomentBox, ZoneBox } from './dates.ts';
import { isRecord, kindOf, kindWords } from './kinds.ts';
import { isForbidden } from './forbidden.ts';
import { indexOf, nameOf } from './names.ts';
import { AbsentNodeBox, NodeBox, nodePart, unknownNode } from './node.ts';
import { noPart } from './spelling.ts';
import { UrlBox } from './url.ts';

/** `object[key]`: an own field of plain data, or a member from the closed table of its kind. */
export function read(run: Run, object: unknown, key: unknown): unknown {
  if (typeof object === 'object' && object !== null && !(object instanceof Box)) {
    const view: object = run.overlay === undefined ? object : run.view(object);
    const name = typeof key === 'number' ? key : nameOf(run, key);
    // Own keys only; what is read is whatever the data holds.
    if (Object.hasOwn(view, name)) return view[name as keyof typeof view];
    return readRare(run, object, String(name));
  }
  if (typeof object === 'string' && typeof key === 'number') return object[key];
  if (object === undefined || object === null) throw missing(`"${nameOf(run, key)}" was read of ${object}.`);
  return readRare(run, object, nameOf(run, key));
}

/** `object.name` where the name is written in the expression and is not forbidden: the path that S4 runs. */
export function readName(run: Run, object: unknown, name: string): unknown {
  if (typeof object === 'object' && object !== null && !(object instanceof Box)) {
    const view: object = run.overlay === undefined ? object : run.view(object);
    if (Object.hasOwn(view, name)) return view[name as keyof typeof view];
    return readRare(run, object, name);
  }
  if (object === undefined || object === null) throw missing(`"${name}" was read of ${object}.`);
  return readRare(run, object, name);
}

function readRare(run: Run, object: unknown, name: string): unknown {
  if (isRecord(object)) return name === 'json' && run.items?.has(object) ? object : undefined;
  if (typeof object === 'string') {
    if (name === 'length') return object.length;
    const index = indexOf(name);
    if (index >= 0) return object[index];
  }
  const part = object instanceof Box ? boxPart(run, object, name) : undefined;
  if (part !== undefined) return part;
  if (!hasMethod(object, name)) return noted(run, object, name);
  return new Callable(name, (inner, args) => callMember(inner, object, name, args));
}

/** Undefined, as in JavaScript, but where a part was misspelt: `lenght`. */
function noted(run: Run, object: unknown, name: string): undefined {
  const halt = run.engine >= 2 ? noPart(object, name) : undefined;
  if (halt) throw halt;
  return undefined;
}

function boxPart(run: Run, box: Box, name: string): unknown {
  if (box instanceof Callable || box instanceof Namespace) return box.members.get(name);
  // As in Luxon, a DateTime that is none is of now.
  if (box instanceof MomentBox && name === 'ts' && !box.value.isValid) return run.scope.now;
  if (box instanceof MomentBox) return momentPart(box.value, name);
  if (box instanceof DurationBox) return durationPart(box.value, name);
  if (box instanceof IntervalBox) return intervalPart(box.value, name);
  if (box instanceof ZoneBox) return box.part(name);
  if (box instanceof NodeBox) return nodePart(run, box, name);
  if (box instanceof AbsentNodeBox) return absentPart(box, name);
  if (box instanceof UrlBox) return box.part(name);
  if (box instanceof RegexBox) return regexPart(box, name);
  if (box instanceof SetBox) return name === 'size' ? box.values.size : undefined;
  if (box instanceof MapBox) return name === 'size' ? box.entries.size : undefined;
  if (box instanceof ErrorBox) return name === 'message' ? box.message : name === 'name' ? box.name : undefined;
  return undefined;
}

function absentPart(box: AbsentNodeBox, name: string): boolean {
  if (name === 'isExecuted') return false;
  throw unknownNode(box.key);
}

/** `object[key] = value`, on this evaluation's copy of plain data. */
export function write(run: Run, object: unknown, key: unknown, value: unknown): void {
  const name = nameOf(run, key);
  run.charge(1);
  if (Array.isArray(object)) writeElement(run, object, name, value);
  else if (isRecord(object)) run.changeRecord(object)[name] = value;
  else if (object instanceof RegexBox && name === 'lastIndex') object.lastIndex = Number(value);
  else throw mistake(`"${name}" cannot be set on ${kindWords[kindOf(object)]}.`);
}

function writeElement(run: Run, list: unknown[], name: string, value: unknown): void {
  const copy = run.changeList(list);
  const index = name === 'length' && typeof value === 'number' ? value : indexOf(name);
  if (index < 0 || !Number.isInteger(index)) throw mistake(`A list has no element "${name}".`);
  if (index > limits.list) throw tooMuch('The expression builds too long a list.');
  run.charge(Math.abs(index - copy.length));
  if (name === 'length') copy.length = index;
  // A list with holes would reach the host's prototype where they are; it is filled instead.
  else {
    while (copy.length < index) copy.push(undefined);
    copy[index] = value;
  }
}

/** `delete object[key]`, on this evaluation's copy of plain data. */
export function remove(run: Run, object: unknown, key: unknown): boolean {
  const name = nameOf(run, key);
  if (Array.isArray(object) && indexOf(name) >= 0) {
    const copy = run.changeList(object);
    if (indexOf(name) < copy.length) copy[indexOf(name)] = undefined;
  } else if (isRecord(object)) delete run.changeRecord(object)[name];
  return true;
}

/** `key in object`. */
export function has(run: Run, object: unknown, key: unknown): boolean {
  const name = nameOf(run, key);
  if (Array.isArray(object) || isRecord(object)) return Object.hasOwn(run.view(object), name);
  if (object instanceof Box) return boxPart(run, object, name) !== undefined;
  if (object === undefined || object === null) throw missing(`"in" was asked of ${object}.`);
  throw mistake(`"in" needs an object, and got ${kindWords[kindOf(object)]}.`);
}

/** Throws for a name that is written in the expression and may not be. */
export function refuse(name: string, at: { start: number; end: number }): void {
  if (isForbidden(name)) throw forbidden(name, at);
}

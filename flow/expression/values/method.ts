import { DateTime } from 'luxon';
import { isOverBudget } from '../../facts/budget.ts';
import { ExpressionFault, forbidden, Halt, missing, mistake, tooMuch } from '../faults.ts';
import { kindsWith, ofBoolean, ofList, ofMoment, ofNumber, ofRecord, ofText } from '../methods/all.ts';
import { mapMethods, queryMethods, setMethods, urlMethods } from '../methods/collections.ts';
import { dateMethods } from '../methods/date.ts';
import { dateExtensions } from '../methods/date-extensions.ts';
import { regexMethods } from '../methods/regex.ts';
import { durationMethods, intervalMethods } from '../methods/spans.ts';
import type { Run } from '../run.ts';
import { Box, Callable, ErrorBox, type Method, Namespace } from './box.ts';
import { FormatBox, MapBox, RegexBox, SetBox } from './boxes.ts';
import { invoke } from './call.ts';
import { elements } from './call.ts';
import { DateBox, DurationBox, IntervalBox, isDateText, momentAt, MomentBox, momentOptions } from './dates.ts';
import { isRecord, kindOf, kindWords } from './kinds.ts';
import { isForbidden } from './forbidden.ts';
import { AbsentNodeBox, callNode, NodeBox, unknownNode } from './node.ts';
import { noMethod, noStatic } from './spelling.ts';
import { QueryBox, UrlBox } from './url.ts';

type Args = readonly unknown[];

/** What a method takes at least, and one of a date or another box, which Luxon and Intl work out in 5 to 50 µs: told to the budget alone. */
const stepsACall = 50;
const stepsABox = 500;

/** `self.name(…args)`: a function that plain data holds, or a method from the closed table of its kind. */
export function callMember(run: Run, self: unknown, name: string, args: Args): unknown {
  run.charge(1);
  run.budget?.spend(stepsACall);
  if (isForbidden(name)) throw forbidden(name);
  try {
    if (typeof self === 'string') return callText(run, self, name, args);
    if (self instanceof Box) return callBox(run, self, name, args);
    if (Array.isArray(self)) return apply(ofList, run, self, name, args);
    if (isRecord(self)) return callRecord(run, self, name, args);
    if (typeof self === 'number') return apply(ofNumber, run, self, name, args);
    if (typeof self === 'boolean') return apply(ofBoolean, run, self, name, args);
  } catch (thrown) {
    throw fromHost(thrown);
  }
  return callNothing(self, name);
}

/** What a host function refuses (an unknown locale, say) is a missing value; what it cannot hold is a limit. */
export function fromHost(thrown: unknown): unknown {
  if (thrown instanceof Halt || thrown instanceof ExpressionFault || !(thrown instanceof Error)) return thrown;
  if (isOverBudget(thrown)) return thrown;
  if (/call stack|string length|array length|size exceeded|allocation/i.test(thrown.message))
    return tooMuch('The expression builds too big or too deep a value.');
  return mistake(thrown.message);
}

function apply<T>(
  methods: ReadonlyMap<string, Method<T>>,
  run: Run,
  self: T,
  name: string,
  args: Args,
  box: unknown = self,
): unknown {
  const method = methods.get(name);
  if (method === undefined) throw noMethod(kindOf(box), name);
  return method(run, self, args);
}

function callText(run: Run, self: string, name: string, args: Args): unknown {
  run.reads(self);
  const method = ofText.get(name);
  if (method) return method(run, self, args);
  const ofDate = isDateText(self) ? dateExtensions.get(name) : undefined;
  if (ofDate) return ofDate(run, DateTime.fromISO(self, momentOptions(run)), args);
  throw noMethod(kindOf(self), name);
}

function callRecord(run: Run, self: Record<string, unknown>, name: string, args: Args): unknown {
  const view = run.view(self);
  const own = Object.hasOwn(view, name) ? view[name] : undefined;
  if (own instanceof Callable) return invoke(run, own, args, self);
  if (own !== undefined && own !== null && !ofRecord.has(name))
    throw mistake(
      `${name}() is no function: it is ${kindWords[kindOf(own)]}.`,
      `Write ${name} without brackets behind it.`,
    );
  return apply(ofRecord, run, self, name, args);
}

function callBox(run: Run, self: Box, name: string, args: Args): unknown {
  run.budget?.spend(stepsABox);
  if (self instanceof Namespace || self instanceof Callable) return callStatic(run, self, name, args);
  if (self instanceof MomentBox) return apply(ofMoment, run, self.value, name, args, self);
  if (self instanceof DateBox) return callDate(run, self, name, args);
  if (self instanceof NodeBox) return callNode(run, self, name, args);
  if (self instanceof AbsentNodeBox) throw unknownNode(self.key);
  if (self instanceof RegexBox) return apply(regexMethods, run, self, name, args);
  if (self instanceof SetBox) return apply(setMethods, run, self, name, args);
  if (self instanceof MapBox) return apply(mapMethods, run, self, name, args);
  if (self instanceof DurationBox) return apply(durationMethods, run, self.value, name, args, self);
  if (self instanceof IntervalBox) return apply(intervalMethods, run, self.value, name, args, self);
  if (self instanceof UrlBox) return apply(urlMethods, run, self, name, args);
  if (self instanceof QueryBox) return apply(queryMethods, run, self, name, args);
  if (self instanceof FormatBox && name === 'format') return self.format(run, args[0]);
  if (self instanceof ErrorBox && name === 'toString') return self.text();
  throw noMethod(kindOf(self), name);
}

function callDate(run: Run, self: DateBox, name: string, args: Args): unknown {
  const method = dateMethods.get(name);
  if (method) return method(run, self, args);
  return apply(dateExtensions, run, momentAt(run, self.ms), name, args, self);
}

function callStatic(run: Run, self: Namespace | Callable, name: string, args: Args): unknown {
  const member = self.members.get(name);
  if (member instanceof Callable) return invoke(run, member, args, self);
  if (self instanceof Callable && name === 'call') return invoke(run, self, args.slice(1), args[0]);
  if (self instanceof Callable && name === 'apply') return invoke(run, self, elements(run, args[1] ?? []), args[0]);
  if (self instanceof Callable && name === 'bind')
    return new Callable(self.name, (inner, more) => invoke(inner, self, [...args.slice(1), ...more], args[0]));
  throw noStatic(self, name);
}

/** Every function beyond JavaScript's says whom it is for; `isEmpty()` and `isNotEmpty()` are for nothing as well. */
function callNothing(self: unknown, name: string): unknown {
  if (name === 'isEmpty') return true;
  if (name === 'isNotEmpty') return false;
  if (kindsWith(name).length > 0) throw noMethod(kindOf(self), name);
  throw missing(`${name}() was called on ${self === null ? 'null' : 'undefined'}.`);
}

/** Whether a value has a method of this name, so that it can be tested for or passed on. */
export function hasMethod(self: unknown, name: string): boolean {
  if (typeof self === 'string') return ofText.has(name);
  if (Array.isArray(self)) return ofList.has(name);
  if (typeof self === 'number') return ofNumber.has(name);
  if (typeof self === 'boolean') return ofBoolean.has(name);
  if (self instanceof MomentBox) return ofMoment.has(name);
  return self instanceof DateBox && (dateMethods.has(name) || dateExtensions.has(name));
}

import * as luxon from 'luxon';

/** What an isolate gets when its code first asks for dates: the whole of Luxon. */
export { luxon };

/** Sets the zone that dates are read and printed in. */
export function useZone(zone: string): void {
  luxon.Settings.defaultZone = zone;
}

/**
 * The moment of the run as a DateTime that also answers to what a Date does: `$now` was one, and code that calls `getTime()` or
 * `toISOString()`, or returns it, goes on as before.
 */
export function nowAsBoth(began: number): luxon.DateTime {
  const now = luxon.DateTime.fromMillis(began);
  const date = now.toJSDate();
  for (const name of Object.getOwnPropertyNames(Date.prototype)) {
    const method: unknown = Reflect.get(date, name);
    if (typeof method !== 'function' || name === 'constructor' || (name in now && name !== 'toJSON')) continue;
    const value = (...args: unknown[]): unknown => Reflect.apply(method, date, args);
    Object.defineProperty(now, name, { value, configurable: true, writable: true });
  }
  return now;
}

/** What code in a code node may reach, as declarations for the editor. */
export const nodeTypes = `
type Item = any;
interface Input {
  /** All items. */
  all(): Item[];
  first(): Item;
  last(): Item;
  /** The item that the current one comes from. */
  item: Item;
}
interface NodeOutput extends Input {
  /** Whether the node has run. */
  isExecuted: boolean;
}
/** The items that came in. */
declare const $input: Input;
/** The current item, when the code runs once for each. */
declare const $json: any;
/** The place of the current item, from 0. */
declare const $itemIndex: number;
/** What another node gave, by its key. */
declare function $(key: string): NodeOutput;
/** All items of another node, by its key. */
declare function $items(key?: string): Item[];
/** What another node gave, by its key. */
declare const $node: Record<string, { json: Item; all(): Item[]; first(): Item; last(): Item }>;
declare const items: Item[];
declare const item: Item;
/** The moment of the run; the same on every attempt. */
declare const $now: DateTime;
/** The beginning of today, in the workflow's time zone. */
declare const $today: DateTime;
/** The variables of the workspace. */
declare const $vars: Record<string, any>;
declare const $workflow: { id: string; name: string };
declare const $run: { id: string; mode: string; resumeUrl?: string };
declare const $execution: {
  id: string;
  mode: 'test' | 'production';
  resumeUrl?: string;
  /** Kept for this code only. */
  customData: { set(key: string, value: unknown): void; get(key: string): string | undefined; setAll(all: object): void; getAll(): Record<string, string> };
};
declare const $step: { key: string; path: string; resumeUrl?: string };
/** The turn of the loop around the node, from 0. */
declare const $turn: number;
/** The turn of the loop around the node, from 0. */
declare const $runIndex: number;
/** Searches data by a JMESPath expression. */
declare function $jmespath(data: unknown, expression: string): any;

type Zoned = { zone?: string; locale?: string };
type Units = { years?: number; quarters?: number; months?: number; weeks?: number; days?: number; hours?: number; minutes?: number; seconds?: number; milliseconds?: number };
type Unit = 'year' | 'quarter' | 'month' | 'week' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond';
/** A moment in a time zone (Luxon). */
declare class DateTime {
  static now(): DateTime;
  static local(...parts: number[]): DateTime;
  static utc(...parts: number[]): DateTime;
  static fromISO(text: string, options?: Zoned): DateTime;
  static fromFormat(text: string, format: string, options?: Zoned): DateTime;
  static fromMillis(ms: number, options?: Zoned): DateTime;
  static fromSeconds(seconds: number, options?: Zoned): DateTime;
  static fromJSDate(date: Date, options?: Zoned): DateTime;
  static fromSQL(text: string, options?: Zoned): DateTime;
  static fromHTTP(text: string, options?: Zoned): DateTime;
  static fromRFC2822(text: string, options?: Zoned): DateTime;
  static fromObject(parts: object, options?: Zoned): DateTime;
  static isDateTime(value: unknown): value is DateTime;
  static min(...moments: DateTime[]): DateTime;
  static max(...moments: DateTime[]): DateTime;
  readonly year: number; readonly quarter: number; readonly month: number; readonly weekNumber: number; readonly day: number; readonly weekday: number;
  readonly hour: number; readonly minute: number; readonly second: number; readonly millisecond: number; readonly ordinal: number;
  readonly zoneName: string; readonly offset: number; readonly isValid: boolean; readonly invalidReason: string | null; readonly daysInMonth: number;
  plus(units: Units | Duration): DateTime;
  minus(units: Units | Duration): DateTime;
  set(parts: object): DateTime;
  setZone(zone: string, options?: object): DateTime;
  setLocale(locale: string): DateTime;
  toUTC(): DateTime;
  toLocal(): DateTime;
  startOf(unit: Unit): DateTime;
  endOf(unit: Unit): DateTime;
  diff(other: DateTime, units?: string | string[]): Duration;
  diffNow(units?: string | string[]): Duration;
  hasSame(other: DateTime, unit: Unit): boolean;
  equals(other: DateTime): boolean;
  toFormat(format: string): string;
  toISO(options?: object): string;
  toISODate(): string;
  toISOTime(): string;
  toSQL(): string;
  toHTTP(): string;
  toRFC2822(): string;
  toMillis(): number;
  toSeconds(): number;
  toUnixInteger(): number;
  toJSDate(): Date;
  toObject(): object;
  toRelative(options?: object): string;
  toLocaleString(format?: object, options?: object): string;
}
/** A length of time (Luxon). */
declare class Duration {
  static fromObject(units: Units): Duration;
  static fromMillis(ms: number): Duration;
  static fromISO(text: string): Duration;
  readonly years: number; readonly months: number; readonly weeks: number; readonly days: number; readonly hours: number; readonly minutes: number;
  readonly seconds: number; readonly milliseconds: number; readonly isValid: boolean;
  as(unit: string): number;
  plus(units: Units | Duration): Duration;
  minus(units: Units | Duration): Duration;
  shiftTo(...units: string[]): Duration;
  normalize(): Duration;
  toObject(): Units;
  toISO(): string;
  toFormat(format: string): string;
  toMillis(): number;
  toHuman(options?: object): string;
}
/** From one moment to another (Luxon). */
declare class Interval {
  static fromDateTimes(start: DateTime, end: DateTime): Interval;
  static after(start: DateTime, length: Units | Duration): Interval;
  static before(end: DateTime, length: Units | Duration): Interval;
  static fromISO(text: string): Interval;
  readonly start: DateTime; readonly end: DateTime; readonly isValid: boolean;
  length(unit?: string): number;
  count(unit?: string): number;
  contains(moment: DateTime): boolean;
  overlaps(other: Interval): boolean;
  splitBy(units: Units | Duration): Interval[];
  toDuration(units?: string | string[]): Duration;
  toISO(): string;
}
/** All of Luxon. */
declare const luxon: { DateTime: typeof DateTime; Duration: typeof Duration; Interval: typeof Interval; [name: string]: any };

type Encoding = 'utf8' | 'utf-8' | 'base64' | 'base64url' | 'hex' | 'latin1' | 'binary' | 'ascii' | 'utf16le';
/** Bytes, as Node has them. */
declare class Buffer extends Uint8Array {
  static from(text: string, encoding?: Encoding): Buffer;
  static from(bytes: ArrayLike<number> | ArrayBuffer): Buffer;
  static alloc(size: number, fill?: string | number, encoding?: Encoding): Buffer;
  static concat(list: Uint8Array[], length?: number): Buffer;
  static byteLength(text: string, encoding?: Encoding): number;
  static isBuffer(value: unknown): value is Buffer;
  static isEncoding(encoding: string): boolean;
  static compare(a: Uint8Array, b: Uint8Array): number;
  toString(encoding?: Encoding, start?: number, end?: number): string;
  toJSON(): { type: 'Buffer'; data: number[] };
  equals(other: Uint8Array): boolean;
  compare(other: Uint8Array): number;
  write(text: string, offset?: number, encoding?: Encoding): number;
  readUInt8(offset?: number): number;
  readUInt16BE(offset?: number): number;
  readUInt16LE(offset?: number): number;
  readUInt32BE(offset?: number): number;
  readUInt32LE(offset?: number): number;
  readInt32BE(offset?: number): number;
  readInt32LE(offset?: number): number;
}
interface Digest { update(data: string | Uint8Array, encoding?: Encoding): Digest; digest(): Buffer; digest(encoding: Encoding): string; copy(): Digest }
/** Hashes and random values; random is the same on every attempt of a run. */
declare const crypto: {
  randomUUID(): string;
  randomBytes(length: number): Buffer;
  randomInt(min: number, max?: number): number;
  getRandomValues<View extends ArrayBufferView>(view: View): View;
  createHash(name: string): Digest;
  createHmac(name: string, key: string | Uint8Array): Digest;
  hash(name: string, data: string | Uint8Array, encoding?: Encoding): string;
  timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean;
  pbkdf2Sync(password: string | Uint8Array, salt: string | Uint8Array, rounds: number, length: number, name: string): Buffer;
  scryptSync(password: string | Uint8Array, salt: string | Uint8Array, length: number, options?: object): Buffer;
  getHashes(): string[];
  /** digest, HMAC (importKey, sign, verify), PBKDF2 and HKDF (deriveBits). */
  subtle: { digest(name: string, data: any): Promise<ArrayBuffer>; importKey(...args: any[]): Promise<any>; exportKey(format: string, key: any): Promise<any>; generateKey(...args: any[]): Promise<any>; sign(algorithm: any, key: any, data: any): Promise<ArrayBuffer>; verify(algorithm: any, key: any, signature: any, data: any): Promise<boolean>; deriveBits(algorithm: any, key: any, bits: number): Promise<ArrayBuffer> };
};
/** A keyed digest, as webhooks are signed with: SHA-256 in hex unless told otherwise. */
declare function hmac(data: string | Uint8Array, key: string | Uint8Array, name?: string, encoding?: Encoding): string;
declare const console: {
  log(...values: unknown[]): void; debug(...values: unknown[]): void; info(...values: unknown[]): void; warn(...values: unknown[]): void; error(...values: unknown[]): void;
  table(data: unknown, columns?: string[]): void; dir(value: unknown): void; count(label?: string): void; countReset(label?: string): void;
  time(label?: string): void; timeLog(label?: string, ...values: unknown[]): void; timeEnd(label?: string): void;
  group(...values: unknown[]): void; groupEnd(): void; assert(holds: unknown, ...values: unknown[]): void; trace(...values: unknown[]): void;
};
declare function setTimeout(run: (...args: any[]) => void, ms?: number, ...args: any[]): number;
declare function setInterval(run: (...args: any[]) => void, ms?: number, ...args: any[]): number;
declare function clearTimeout(id?: number): void;
declare function clearInterval(id?: number): void;
declare function structuredClone<Value>(value: Value): Value;
declare function btoa(text: string): string;
declare function atob(text: string): string;
declare class TextEncoder { encode(text?: string): Uint8Array }
declare class TextDecoder { constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean }); decode(bytes?: ArrayBuffer | ArrayBufferView): string }
declare class URLSearchParams { constructor(from?: any); size: number; get(name: string): string | null; getAll(name: string): string[]; has(name: string): boolean; set(name: string, value: string): void; append(name: string, value: string): void; delete(name: string): void; sort(): void; forEach(visit: (value: string, name: string) => void): void; keys(): Iterable<string>; values(): Iterable<string>; entries(): Iterable<[string, string]>; [Symbol.iterator](): Iterator<[string, string]>; toString(): string }
declare class URL { constructor(url: string, base?: string | URL); static canParse(url: string, base?: string): boolean; static parse(url: string, base?: string): URL | null; href: string; origin: string; protocol: string; username: string; password: string; host: string; hostname: string; port: string; pathname: string; search: string; hash: string; searchParams: URLSearchParams; toString(): string }
`;

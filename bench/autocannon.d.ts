/** The part of autocannon that the bench uses; the package brings no types. */
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  interface Options {
    readonly url: string;
    readonly method: 'POST';
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly connections: number;
    /** Seconds. */
    readonly duration: number;
    /** `headers` of a client carries the parser's own: names and values in turn. */
    readonly setupClient?: (client: EventEmitter<{ headers: [{ readonly headers: readonly string[] }] }>) => void;
  }

  interface Result {
    readonly '2xx': number;
    readonly non2xx: number;
    readonly errors: number;
    readonly timeouts: number;
  }

  interface Cannon
    extends EventEmitter<{ response: [client: unknown, status: number, bytes: number, ms: number] }>, Promise<Result> {}

  export default function autocannon(options: Options): Cannon;
}

import type { Libraries } from './library.ts';
import type { Time } from './time.ts';

/**
 * Hands the end of the run out of the isolate. `verdict` is JSON of a `Verdict` (`protocol.ts`), `output` the JSON of what
 * was returned. Kind `syntax` asks the child for the place of the mistake, which only a compiler outside can tell.
 */
export type Settle = (kind: 'end' | 'syntax', verdict: string, output: string) => void;

type Scope = Record<string, unknown> & {
  nodes: Record<string, unknown[]>;
  executed?: string[];
  run: Record<string, unknown>;
};

/** Begins the user's code. `input` is the JSON of a `GuestInput` (`protocol.ts`). */
export type Start = (source: string, mode: string, input: string, outputLimit: number) => void;

/**
 * What runs the user's code inside an isolate: lays out the names it may use, compiles it from a string, loops over the
 * items without leaving the isolate, and turns what it returns or throws into JSON, so that nothing of the guest is ever
 * touched by the host.
 * The text of this function runs inside the isolate: it may use nothing from outside itself.
 */
export function installRun(time: Time, libraries: Libraries, settle: Settle): { start: Start; tick: () => boolean } {
  const { parse, stringify } = JSON;
  const { hasOwn, defineProperty } = Object;
  const { isArray } = Array;
  const RealPromise = Promise;
  const RealFunction = Function;
  const AsyncFunction: FunctionConstructor = Object.getPrototypeOf(async () => {}).constructor;
  const exec = RegExp.prototype.exec;
  const place = /\n\s+at [^\n]*?code\.js:(\d+):(\d+)/;
  // Ten frames may all be those of a library.
  Error.stackTraceLimit = 50;
  const maxItems = 1_000_000;
  const world: Record<string, unknown> = Object(globalThis);
  const $input: Record<string, unknown> = {};
  let limit = 0;
  let index = -1;
  let isOver = false;

  for (const name of [
    'WebAssembly',
    'SharedArrayBuffer',
    'Atomics',
    'FinalizationRegistry',
    'WeakRef',
    'escape',
    'unescape',
  ])
    Reflect.deleteProperty(globalThis, name);

  function end(verdict: object, output: string): void {
    if (isOver) return;
    isOver = true;
    settle('end', stringify(verdict), output);
  }

  const fault = (code: string, message: string, more: object = {}) =>
    end({ ok: false, fault: { code, message, ...more } }, '');

  function describe(error: unknown): string {
    if (typeof error !== 'object' || error === null)
      return `The code threw ${typeof error === 'string' ? error : String(error)}`;
    const { name, message } = Object(error);
    if (typeof message !== 'string') return `The code threw ${stringify(error)}`;
    return typeof name === 'string' && name !== 'Error' ? `${name}: ${message}` : message;
  }

  function whereabouts(error: unknown): object {
    const stack = typeof error === 'object' && error !== null ? Object(error).stack : undefined;
    const found = typeof stack === 'string' ? exec.call(place, stack) : null;
    // The Function constructor puts two lines of its own before the body.
    return {
      ...(found && { line: Number(found[1]) - 2, column: Number(found[2]) }),
      ...(index >= 0 && { item: index }),
    };
  }

  function threw(error: unknown): void {
    try {
      fault('code.threw', describe(error).slice(0, 2_000), whereabouts(error));
    } catch {
      fault('code.threw', 'The code threw something that cannot be read');
    }
  }

  function refusal(output: unknown): string | undefined {
    if (typeof output === 'function' || typeof output === 'symbol') return `a ${typeof output} is not data`;
    if (!isArray(output)) return output instanceof RealPromise ? 'it is a promise' : undefined;
    const at = output.findIndex(
      (entry) => entry instanceof RealPromise || typeof entry === 'function' || typeof entry === 'symbol',
    );
    if (at < 0) return undefined;
    const entry: unknown = output[at];
    return entry instanceof RealPromise
      ? `entry ${at} is a promise: return await Promise.all(…)`
      : `entry ${at} is a ${typeof entry}, which is not data`;
  }

  function returned(output: unknown, isEach: boolean): void {
    try {
      if (isArray(output) && output.length > maxItems)
        return fault(
          'code.output-too-large',
          `The code returned ${output.length} entries; at most ${maxItems} can be passed on`,
        );
      const why = refusal(output);
      if (why) return fault('code.bad-output', `What the code returned cannot be passed on: ${why}`);
      const none: number[] = [];
      if (isEach && isArray(output))
        for (let at = 0; at < output.length; at++) if (output[at] === undefined) none.push(at);
      const json = stringify(output) ?? '';
      if (json.length > limit)
        return fault(
          'code.output-too-large',
          `The code returned ${json.length} characters of JSON; at most ${limit} can be passed on`,
        );
      end({ ok: true, none }, json);
    } catch (error) {
      const message = describe(error).split('\n', 1).join();
      if (error instanceof RangeError && message.includes('string length'))
        return fault('code.output-too-large', 'The code returned more JSON than a text can hold');
      fault('code.bad-output', `What the code returned cannot be passed on: ${message}`);
    }
  }

  /** Assigned, not defined as getters: 0.4 ms less for the 1,000 items of S5b without a JIT. */
  function layOutItem(value: unknown): void {
    $input.item = value;
    world.item = world.$item = world.$json = value;
    world.$itemIndex = Math.max(index, 0);
  }

  function refuse(on: object, name: string, shown: string, count: number): void {
    defineProperty(on, name, {
      configurable: true,
      get: () => {
        throw new Error(
          `${shown} is one item, and the code runs once for all ${count}: use items, or run it once for each item`,
        );
      },
      set: (value: unknown) => defineProperty(on, name, { value, writable: true, configurable: true }),
    });
  }

  function refuseItem(count: number): void {
    refuse($input, 'item', '$input.item', count);
    for (const name of ['item', '$item', '$json']) refuse(world, name, name, count);
  }

  function nodeItems(nodes: Record<string, unknown[]>, key: string): unknown[] {
    const list = hasOwn(nodes, key) ? nodes[key] : undefined;
    if (!list) throw new Error(`No node “${key}” has delivered anything here`);
    return list;
  }

  function nodeView(list: unknown[], key: string, items: unknown[], isExecuted: boolean): object {
    return {
      isExecuted,
      all: () => list,
      first: () => list[0],
      last: () => list.at(-1),
      get item() {
        if (list.length === 1) return list[0];
        if (index >= 0 && list.length === items.length) return list[index];
        throw new Error(`Which item of “${key}” is meant is not known: use $('${key}').first(), .last() or .all()`);
      },
    };
  }

  function layOut(
    isEach: boolean,
    input: {
      items: unknown[];
      scope: Scope;
    },
  ): void {
    const { items, scope } = input;
    const view = (key: unknown) => {
      const list = nodeItems(scope.nodes, String(key));
      return nodeView(list, String(key), items, scope.executed?.includes(String(key)) ?? list.length > 0);
    };
    $input.all = () => items;
    $input.first = () => items[0];
    $input.last = () => items.at(-1);
    if (isEach || items.length === 1) layOutItem(items[0]);
    else refuseItem(items.length);
    Object.assign(globalThis, {
      items,
      $input,
      $: view,
      $items: (key?: unknown) => (key === undefined ? items : nodeItems(scope.nodes, String(key))),
      $node: new Proxy(
        {},
        { get: (_, key) => (typeof key === 'string' ? oldView(scope.nodes, key, items) : undefined) },
      ),
      $execution: execution(scope.run),
      $runIndex: scope.turn,
      $vars: scope.vars,
      $workflow: scope.workflow,
      $run: scope.run,
      $step: scope.step,
      $turn: scope.turn,
    });
  }

  /** `$node['key']`, whose `json` is the item of the same place, else the first. */
  function oldView(nodes: Record<string, unknown[]>, key: string, items: unknown[]): object {
    const list = nodeItems(nodes, key);
    const at = index >= 0 && list.length === items.length ? index : 0;
    return { json: list[at], all: () => list, first: () => list[0], last: () => list.at(-1) };
  }

  /** What `$run` is, under the names that n8n's code asks by. Custom data go no further than this code. */
  function execution(run: Record<string, unknown>): object {
    const custom = new Map<string, string>();
    const customData = {
      set: (key: unknown, value: unknown) => void custom.set(String(key), String(value)),
      setAll: (all: object) => void Object.entries(all).forEach(([key, value]) => custom.set(key, String(value))),
      get: (key: unknown) => custom.get(String(key)),
      getAll: () => Object.fromEntries(custom),
    };
    return { ...run, mode: run.mode === 'live' ? 'production' : 'test', customData };
  }

  async function once(body: () => unknown): Promise<unknown> {
    return await body();
  }

  async function forEach(body: () => unknown, items: unknown[]): Promise<unknown[]> {
    const results: unknown[] = [];
    for (index = 0; index < items.length; index++) {
      layOutItem(items[index]);
      let result = body();
      if (typeof result === 'object' && result !== null && 'then' in result)
        result = await (result as Promise<unknown>);
      defineProperty(results, results.length, { value: result, writable: true, enumerable: true, configurable: true });
    }
    index = -1;
    return results;
  }

  function compile(source: string): () => unknown {
    // Code that never awaits gets a plain function: no promise for each of its items.
    const kind = exec.call(/\bawait\b/, source) ? AsyncFunction : RealFunction;
    const made = kind(`${source}\n//# sourceURL=code.js`);
    return () => made.call(undefined);
  }

  function start(source: string, mode: string, json: string, outputLimit: number): void {
    limit = outputLimit;
    const input = parse(json);
    time.start(input.scope.now, input.scope.seed);
    libraries.start(input.scope.zone ?? 'UTC', input.scope.now);
    const isEach = mode === 'each';
    layOut(isEach, input);
    let body: () => unknown;
    try {
      body = compile(source);
    } catch (error) {
      isOver = true;
      return settle('syntax', stringify({ ok: false, fault: { code: 'code.syntax', message: describe(error) } }), '');
    }
    const outcome = isEach ? forEach(body, input.items) : once(body);
    outcome.then((output) => returned(output, isEach), threw);
  }

  return { start, tick: () => time.tick(threw) };
}

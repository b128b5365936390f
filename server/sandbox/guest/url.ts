/** Reads `href` against `base` and, when `part` is named, sets that part; gives the parts as a JSON object, '' when it is no URL. */
export type ReadUrl = (href: string, base: string, part: string, value: string) => string;

/**
 * Gives an isolate `URL` and `URLSearchParams`. The parsing is the child's own (strings in, a string out): the standard is
 * too intricate for a second copy.
 * The text of this function runs inside the isolate: it may use nothing from outside itself.
 */
export function installUrl(read: ReadUrl): void {
  const { parse } = JSON;
  const parts = [
    'href',
    'protocol',
    'username',
    'password',
    'host',
    'hostname',
    'port',
    'pathname',
    'search',
    'hash',
  ] as const;
  // A synchronous call to the child escapes the isolate's own time limit, so a loop of them must end by itself.
  let callsLeft = 200_000;

  function ask(href: string, base: string, part: string, value: string): Record<string, string> {
    if (callsLeft-- <= 0) throw new RangeError('Too many URLs in one run of the code');
    const answer = read(href, base, part, value);
    if (answer === '') throw new TypeError('Invalid URL');
    return parse(answer);
  }

  const decode = (text: string): string => {
    const spaced = text.replaceAll('+', ' ');
    return spaced.replace(/(%[0-9a-f]{2})+/gi, (run) => {
      try {
        return decodeURIComponent(run);
      } catch {
        return run;
      }
    });
  };
  const encode = (text: string): string =>
    encodeURIComponent(text.toWellFormed())
      .replaceAll('%20', '+')
      .replace(/[!'()~]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

  function pairs(given: unknown): [string, string][] {
    if (given === undefined || given === null) return [];
    if (typeof given === 'object') {
      const entries: Iterable<unknown> = Symbol.iterator in given ? Object(given) : Object.entries(given);
      return Array.from(entries, (pair) => [String(Object(pair)[0]), String(Object(pair)[1])]);
    }
    const words = String(given).replace(/^\?/, '').split('&').filter(Boolean);
    return words.map((word) => {
      const at = word.indexOf('=');
      return at < 0 ? [decode(word), ''] : [decode(word.slice(0, at)), decode(word.slice(at + 1))];
    });
  }

  class URLSearchParams {
    #list: [string, string][];
    #changed: ((text: string) => void) | undefined;
    constructor(given?: unknown, changed?: (text: string) => void) {
      this.#list = pairs(given);
      this.#changed = changed;
    }
    #set(list: [string, string][]): void {
      this.#list = list;
      this.#changed?.(this.toString());
    }
    get size() {
      return this.#list.length;
    }
    get(name: unknown) {
      return this.#list.find(([key]) => key === String(name))?.[1] ?? null;
    }
    getAll(name: unknown) {
      return this.#list.filter(([key]) => key === String(name)).map(([, value]) => value);
    }
    has(name: unknown) {
      return this.#list.some(([key]) => key === String(name));
    }
    append(name: unknown, value: unknown) {
      this.#set([...this.#list, [String(name), String(value)]]);
    }
    delete(name: unknown) {
      this.#set(this.#list.filter(([key]) => key !== String(name)));
    }
    set(name: unknown, value: unknown) {
      const at = this.#list.findIndex(([key]) => key === String(name));
      if (at < 0) return this.append(name, value);
      const kept = this.#list.filter(([key], index) => key !== String(name) || index === at);
      this.#set(kept.map((pair, index) => (index === at ? [pair[0], String(value)] : pair)));
    }
    sort() {
      this.#set(this.#list.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
    }
    forEach(visit: (value: string, key: string, all: URLSearchParams) => void) {
      for (const [key, value] of this.#list) visit(value, key, this);
    }
    keys() {
      return this.#list.map(([key]) => key).values();
    }
    values() {
      return this.#list.map(([, value]) => value).values();
    }
    entries() {
      return this.#list.map(([key, value]): [string, string] => [key, value]).values();
    }
    [Symbol.iterator]() {
      return this.entries();
    }
    toString() {
      return this.#list.map(([key, value]) => `${encode(key)}=${encode(value)}`).join('&');
    }
  }

  interface State {
    parts: Record<string, string>;
    params: URLSearchParams | undefined;
  }
  const states = new WeakMap<object, State>();
  const get = (url: object, part: string): string => states.get(url)?.parts[part] ?? '';
  function set(url: object, part: string, value: unknown): void {
    states.set(url, { parts: ask(get(url, 'href'), '', part, String(value)), params: undefined });
  }

  class URL {
    constructor(href: unknown, base?: unknown) {
      states.set(this, { parts: ask(String(href), base === undefined ? '' : String(base), '', ''), params: undefined });
    }
    static canParse(href: unknown, base?: unknown): boolean {
      return URL.parse(href, base) !== null;
    }
    static parse(href: unknown, base?: unknown): URL | null {
      try {
        return new URL(href, base);
      } catch {
        return null;
      }
    }
    get origin() {
      return get(this, 'origin');
    }
    get searchParams(): URLSearchParams | undefined {
      const state = states.get(this);
      if (!state) return undefined;
      state.params ??= new URLSearchParams(state.parts.search, (text) => {
        state.parts = ask(state.parts.href ?? '', '', 'search', text);
      });
      return state.params;
    }
    toString() {
      return get(this, 'href');
    }
    toJSON() {
      return get(this, 'href');
    }
  }
  for (const part of parts) {
    Object.defineProperty(URL.prototype, part, {
      configurable: true,
      enumerable: true,
      get(this: URL) {
        return get(this, part);
      },
      set(this: URL, value: unknown) {
        set(this, part, value);
      },
    });
  }

  Object.assign(globalThis, { URL, URLSearchParams });
}

/** Sends one line of the user's log out of the isolate. */
export type SendLog = (level: string, text: string) => void;

/**
 * Gives an isolate `console` with what browsers and Node have. Lines are bounded in number and length here, so that a flood costs
 * the guest and not the child (26,000 lines of 10 kB a second were +500 MB in the host when they were not).
 * The text of this function runs inside the isolate: it may use nothing from outside itself.
 */
export function installConsole(send: SendLog): void {
  const { stringify } = JSON;
  const counts = new Map<string, number>();
  const starts = new Map<string, number>();
  let linesLeft = 1_000;
  let charactersLeft = 256_000;
  let indent = '';

  function words(value: unknown): string {
    if (typeof value === 'string') return value;
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    if (value instanceof Map) return `Map ${words([...value])}`;
    if (value instanceof Set) return `Set ${words([...value])}`;
    if (typeof value !== 'object' || value === null) return String(value);
    try {
      return stringify(value) ?? String(value);
    } catch (error) {
      return `[cannot be shown: ${error instanceof Error ? error.message.split('\n', 1).join() : 'unknown'}]`;
    }
  }

  /** A first text with `%s` and its like takes the values that follow. */
  function formatted(args: unknown[]): string {
    const [first, ...rest] = args;
    if (typeof first !== 'string' || rest.length === 0 || !first.includes('%')) return args.map(words).join(' ');
    const text = first.replace(/%([sdifjoOc%])/g, (mark, kind: string) => {
      if (kind === '%') return '%';
      if (rest.length === 0) return mark;
      const value = rest.shift();
      if (kind === 'c') return '';
      if (kind === 'd' || kind === 'f') return String(Number(value));
      return kind === 'i' ? String(Math.trunc(Number(value))) : words(value);
    });
    return [text, ...rest.map(words)].join(' ');
  }

  function write(level: string, args: unknown[]): void {
    if (linesLeft <= 0 || charactersLeft <= 0) return;
    const whole = formatted(args);
    const text = (indent === '' ? whole : indent + whole.replaceAll('\n', `\n${indent}`)).slice(
      0,
      Math.min(10_000, charactersLeft),
    );
    linesLeft -= 1;
    charactersLeft -= text.length;
    send(level, text);
    if (linesLeft <= 0 || charactersLeft <= 0) send('warn', 'More lines were not kept.');
  }

  const at =
    (level: string) =>
    (...args: unknown[]) =>
      write(level, args);
  const log = at('info');
  const isRecord = (value: unknown): value is object => typeof value === 'object' && value !== null;

  /** As Node draws it: a row a line, a column a field; a hundred rows and twenty columns are enough to read. */
  function table(data: unknown, only?: unknown): void {
    if (!isRecord(data)) return log(data);
    const entries: [unknown, unknown][] =
      data instanceof Map
        ? [...data]
        : data instanceof Set
          ? [...data].map((one, row) => [row, one])
          : Object.entries(data);
    const rows = entries.slice(0, 100);
    const fields = new Set<string>(Array.isArray(only) ? only.map(String) : []);
    if (fields.size === 0)
      for (const [, row] of rows) if (isRecord(row)) for (const name of Object.keys(row)) fields.add(name);
    const columns = [...fields].slice(0, 20);
    const hasValues = rows.some(([, row]) => !isRecord(row));
    const short = (value: unknown) => words(value).replaceAll(/\s+/g, ' ').slice(0, 60);
    const lines = rows.map(([key, row]) => [
      short(key),
      ...columns.map((name) => (isRecord(row) && name in row ? short(Reflect.get(row, name)) : '')),
      ...(hasValues ? [isRecord(row) ? '' : short(row)] : []),
    ]);
    const all = [['(index)', ...columns, ...(hasValues ? ['Values'] : [])], ...lines];
    const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
    const bar = (left: string, middle: string, right: string) =>
      left + widths.map((width) => '─'.repeat(width + 2)).join(middle) + right;
    const drawn = (line: string[]) =>
      `│ ${widths.map((width, column) => (line[column] ?? '').padEnd(width)).join(' │ ')} │`;
    const [head = [], ...body] = all;
    log([bar('┌', '┬', '┐'), drawn(head), bar('├', '┼', '┤'), ...body.map(drawn), bar('└', '┴', '┘')].join('\n'));
    if (entries.length > rows.length) log(`… ${entries.length - rows.length} more rows`);
  }

  const named = (label: unknown) => (label === undefined ? 'default' : String(label));
  const since = (label: unknown, ...more: unknown[]) => {
    const from = starts.get(named(label));
    if (from === undefined) return write('warn', [`There is no timer ${named(label)}`]);
    log(`${named(label)}: ${Date.now() - from}ms`, ...more);
  };

  Object.assign(globalThis, {
    console: {
      log,
      info: log,
      dir: (value: unknown) => log(value),
      dirxml: log,
      warn: at('warn'),
      error: at('error'),
      debug: at('debug'),
      trace: (...args: unknown[]) => write('debug', ['Trace:', ...args]),
      table,
      assert: (holds: unknown, ...args: unknown[]) =>
        holds ? undefined : write('error', args.length > 0 ? ['Assertion failed:', ...args] : ['Assertion failed']),
      count: (label?: unknown) => {
        const times = (counts.get(named(label)) ?? 0) + 1;
        counts.set(named(label), times);
        log(`${named(label)}: ${times}`);
      },
      countReset: (label?: unknown) => void counts.delete(named(label)),
      time: (label?: unknown) => void starts.set(named(label), Date.now()),
      timeLog: since,
      timeEnd: (label?: unknown) => {
        since(label);
        starts.delete(named(label));
      },
      group: (...args: unknown[]) => {
        if (args.length > 0) log(...args);
        indent += '  ';
      },
      groupCollapsed: (...args: unknown[]) => {
        if (args.length > 0) log(...args);
        indent += '  ';
      },
      groupEnd: () => void (indent = indent.slice(2)),
      clear: () => undefined,
    },
  });
}

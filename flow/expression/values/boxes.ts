import type { Program } from '../regex/program.ts';
import type { Run } from '../run.ts';
import { Box } from './box.ts';
import { toText } from './convert.ts';
import { plain } from './plain.ts';

/** A regular expression: its source and flags as written, and the RE2 program that runs it in linear time. */
export class RegexBox extends Box {
  readonly kind = 'regex';
  readonly source: string;
  readonly flags: string;
  readonly program: Program;
  /** Where the next search of a `g` or `y` regex starts. */
  lastIndex = 0;

  constructor(source: string, flags: string, program: Program) {
    super();
    this.source = source;
    this.flags = flags;
    this.program = program;
  }
  text(): string {
    return `/${this.source}/${this.flags}`;
  }
  plain(): string {
    return this.text();
  }
}

/** JavaScript's Set; it leaves the expression as a list. */
export class SetBox extends Box {
  readonly kind = 'set';
  readonly values = new Set<unknown>();

  text(): string {
    return '[object Set]';
  }
  plain(run: Run): unknown {
    return plain(run, [...this.values]);
  }
}

/** JavaScript's Map; it leaves the expression as a record. */
export class MapBox extends Box {
  readonly kind = 'map';
  readonly entries = new Map<unknown, unknown>();

  text(): string {
    return '[object Map]';
  }
  plain(run: Run): unknown {
    const record: [string, unknown][] = [];
    for (const [key, value] of this.entries) record.push([toText(run, key), value]);
    return plain(run, Object.fromEntries(record.filter(([key]) => key !== '__proto__')));
  }
}

/** What `new Intl.NumberFormat(…)` and `new Intl.DateTimeFormat(…)` make: something with one method, `format`. */
export class FormatBox extends Box {
  readonly kind = 'format';
  readonly format: (run: Run, value: unknown) => string;

  constructor(format: (run: Run, value: unknown) => string) {
    super();
    this.format = format;
  }
  text(): string {
    return '[object Intl]';
  }
  plain(): unknown {
    return {};
  }
}

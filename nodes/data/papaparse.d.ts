/**
 * The part of papaparse that nodes use. Its published types pull in Node's globals, which `nodes/` must not know, so
 * nodes/tsconfig.json points here instead.
 */
interface ParseResult<Row> {
  readonly data: Row[];
  readonly errors: readonly {
    readonly type: string;
    readonly code: string;
    readonly message: string;
    readonly row?: number;
  }[];
  readonly meta: { readonly delimiter: string; readonly cursor: number };
}

export declare function parse<Row>(
  text: string,
  config: { delimiter?: string; header?: false; quoteChar?: string; preview?: number },
): ParseResult<Row>;

export declare function unparse(
  rows: readonly (readonly unknown[])[],
  config: { delimiter?: string; newline?: string; escapeFormulae?: boolean | RegExp },
): string;

declare const papa: { parse: typeof parse; unparse: typeof unparse };
export default papa;

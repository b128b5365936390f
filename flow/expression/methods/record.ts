import type { Run } from '../run.ts';
import { type Methods, table } from '../values/box.ts';
import { toText } from '../values/convert.ts';

type Fields = Record<string, unknown>;

/** JavaScript's methods of objects that do not lead to prototypes. */
export const recordMethods: Methods<Fields> = table({
  hasOwnProperty: (run: Run, record: Fields, args: readonly unknown[]) =>
    Object.hasOwn(run.view(record), toText(run, args[0])),
  toString: () => '[object Object]',
  toLocaleString: () => '[object Object]',
  valueOf: (_run: Run, record: Fields) => record,
});

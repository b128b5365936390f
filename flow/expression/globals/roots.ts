import { Halt } from '../faults.ts';
import { summed } from '../methods/list-extensions.ts';
import { isBlank } from '../methods/record-extensions.ts';
import type { Run } from '../run.ts';
import type { Callable } from '../values/box.ts';
import { elements } from '../values/call.ts';
import { toNumber, toText } from '../values/convert.ts';
import { momentAt, MomentBox } from '../values/dates.ts';
import { AbsentNodeBox, inputOf, NodeBox } from '../values/node.ts';
import { search } from '../jmespath/search.ts';
import { work, works } from './make.ts';

/** The values that an expression finds in its scope, by name. */
export const roots: ReadonlyMap<string, (run: Run) => unknown> = new Map<string, (run: Run) => unknown>([
  ['$json', (run) => run.scope.json],
  ['$input', (run) => new NodeBox(inputOf(run))],
  ['$binary', (run) => run.scope.files ?? {}],
  ['$item', (run) => run.scope.itemIndex],
  ['$itemIndex', (run) => run.scope.itemIndex],
  ['$runIndex', (run) => run.scope.runIndex],
  ['$turn', (run) => run.scope.turn],
  ['$now', now],
  ['$today', (run) => new MomentBox(now(run).value.startOf('day'))],
  ['$workflow', (run) => run.scope.workflow],
  ['$run', (run) => run.scope.run],
  ['$step', (run) => run.scope.step ?? {}],
  ['$vars', (run) => run.scope.vars],
  ['$trigger', (run) => run.scope.trigger],
  [
    '$env',
    () => {
      throw noEnvironment();
    },
  ],
]);

let latest: { readonly at: number; readonly zone: string; readonly moment: MomentBox } | undefined;

/** A batch asks for one instant again and again; making a DateTime costs 5-20 µs. A MomentBox never changes. */
function now(run: Run): MomentBox {
  const { now: at, zone } = run.scope;
  if (latest?.at !== at || latest.zone !== zone) latest = { at, zone, moment: new MomentBox(momentAt(run, at)) };
  return latest.moment;
}

/** The fault for `$env`, which never exists: secrets live there. */
export function noEnvironment(): Halt {
  return new Halt(
    'expression.env',
    'Expressions cannot read the environment.',
    'Put the value into the workspace variables and write $vars.NAME.',
  );
}

/** `$('key')`. A node that did not run can still be asked whether it did. */
export function nodeOf(run: Run, key: string): NodeBox | AbsentNodeBox {
  const node = run.scope.node(key);
  return node ? new NodeBox(node) : new AbsentNodeBox(key);
}

/** The functions whose names begin with `$`. `$if` and `$ifEmpty` also exist compiled, so that only one branch runs. */
export const rootFunctions: Record<string, Callable> = {
  $: work('$', (run, args) => nodeOf(run, toText(run, args[0]))),
  ...works({
    $if: (_run, args) => (args[0] ? args[1] : args.length > 2 ? args[2] : false),
    $ifEmpty: (run, args) => (isBlank(run, args[0]) ? args[1] : args[0]),
    $jmespath: (run, args) => search(run, args[0], toText(run, args[1])),
    $jmesPath: (run, args) => search(run, args[0], toText(run, args[1])),
    $min: (run, args) => numbers(run, args).reduce((a, b) => Math.min(a, b), Infinity),
    $max: (run, args) => numbers(run, args).reduce((a, b) => Math.max(a, b), -Infinity),
    $average: (run, args) => {
      const list = numbers(run, args);
      return summed(run, list) / list.length;
    },
    $not: (_run, args) => !args[0],
    $fromAI: (run, args) => fromModel(run, toText(run, args[0]), args[3]),
  }),
};

function numbers(run: Run, args: readonly unknown[]): number[] {
  const flat = args.flatMap((arg) => (Array.isArray(arg) ? elements(run, arg) : [arg]));
  return flat.map((arg) => toNumber(run, arg));
}

/** A value that a model filled in when it called the node as a tool: `$fromAI('name', 'what it is', 'type', default)`. */
function fromModel(run: Run, name: string, fallback: unknown): unknown {
  const { fromModel: given } = run.scope;
  return given && Object.hasOwn(given, name) ? given[name] : fallback;
}

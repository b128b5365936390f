import type { Budget, Used } from '../../flow/facts/budget.ts';
import { faultRecordOf } from '../../nodes/kit/fault-record.ts';
import type { Params } from '../../nodes/kit/prepare-params.ts';
import type { Filled } from '../engine/params-away.ts';
import { Turns } from '../text/turns.ts';
import { preparedOf, scopeOfJob } from './carry-job.ts';
import type { Find } from './carry-job.ts';
import { withoutOdd, withOdd } from './odd-values.ts';
import type { Odd } from './odd-values.ts';
import { faultOf } from './protocol.ts';
import type { FilledData, Job, ParamsJob } from './protocol.ts';
import { listAt, ValueTable } from './values.ts';

/** No further item is begun after so much time and so much of texts and data: what was worked out is waited for. */
const atOnce = { ms: 250, bytes: 4 * 1024 * 1024 };

/** What expressions came to for the first of the items, at least for one; and what they used. */
interface FilledParams {
  readonly filled: readonly FilledData[];
  readonly drawn: number;
  readonly made: readonly unknown[];
  /** Of an item that was left because the budget was over there is nothing in it: it is asked for again, by itself. */
  readonly used: Used;
}

/** Works out the expressions of a job, item by item, as the engine would in its own process. */
export function fillParams(job: Job & ParamsJob, find: Find, budget: Budget): FilledParams {
  const prepared = preparedOf(job, find);
  const scope = scopeOfJob(job, budget);
  const items = itemsOf(job);
  const table = new ValueTable(job.values);
  const filled: FilledData[] = [];
  let [drawn, used] = [scope.drawn ?? 0, budget.used()];
  budget.begins('elsewhere');
  for (const index of job.asked) {
    const one = filledAt(() => prepared.filled(scope, index, items), table, budget);
    if (budget.over && filled.length > 0) break;
    filled.push(one);
    [drawn, used] = [scope.drawn ?? 0, budget.used()];
    if (used.ms > atOnce.ms || used.bytes > atOnce.bytes) break;
  }
  return { filled, drawn, made: table.added, used };
}

/** The items of the batch; holes where they are reached by nothing. */
function itemsOf({ items, asked, count, values }: Job & ParamsJob): readonly unknown[] {
  const known = listAt(values, items);
  if (known.length === count) return known;
  const list = Array.from<unknown>({ length: count });
  asked.forEach((index, at) => (list[index] = known[at]));
  return list;
}

function filledAt(work: () => Params, table: ValueTable, budget: Budget): FilledData {
  try {
    const made = work();
    budget.verify();
    const params = Object.entries(made).map(([name, value]) => ({ name, ...withoutOdd(value) }));
    const odd = params.flatMap(({ name, odd: own }): [string, Odd][] => (own === undefined ? [] : [[name, own]]));
    return {
      names: params.map(({ name }) => name),
      values: table.put(params.map(({ json }) => json)),
      ...(odd.length > 0 ? { odd: Object.fromEntries(odd) } : {}),
    };
  } catch (error) {
    return { fault: faultRecordOf(budget.over ?? error, { node: '' }) };
  }
}

/** What came back, made of the values that this side kept and those that came. */
export async function filledOf(data: readonly FilledData[], values: readonly unknown[]): Promise<Filled[]> {
  const turns = new Turns();
  const filled: Filled[] = [];
  for (const one of data) {
    filled.push('fault' in one ? { error: faultOf(one.fault) } : { params: await paramsOf(one, values, turns) });
    await turns.taken();
  }
  return filled;
}

async function paramsOf(
  { names, values: places, odd }: Exclude<FilledData, { fault: unknown }>,
  values: readonly unknown[],
  turns: Turns,
): Promise<Params> {
  const list = listAt(values, places);
  const params: Record<string, unknown> = {};
  for (const [at, name] of names.entries()) {
    const own = odd?.[name];
    params[name] = own === undefined ? list[at] : await withOdd(list[at], own, turns);
  }
  return params;
}

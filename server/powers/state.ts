import type { Sql, TransactionSql } from 'postgres';
import { Fault } from '../../flow/facts/faults.ts';
import { jsonWeight } from '../../flow/values/json-weight.ts';
import type { StatePower } from '../../nodes/kit/powers.ts';
import type { PowerRequest } from '../engine/carriage.ts';
import type { Borrower } from './lend.ts';

/** The largest value, in bytes of JSON: state is for cursors and counters, not for data. */
const largest = 65_536;
/** The longest key: what an index of Postgres holds, whatever the letters. Nodes have less. */
const longestKey = 500;

function checkKey(key: string): void {
  if (key.length <= longestKey) return;
  throw new Fault('items.limit', `The name of a state value has ${longestKey} characters at most.`, {
    mend: 'Choose a shorter one, or a hash of it.',
  });
}

/** The JSON of a value that is not too large. */
function textOf(value: unknown): string {
  // What is far too large is not written to see that: no JSON is shorter than a third of what it weighs.
  const text = jsonWeight(value, 3 * largest) > 3 * largest ? undefined : JSON.stringify(value ?? null);
  if (text !== undefined && text.length <= largest) return text;
  throw new Fault('items.limit', `A state value is at most ${largest} bytes of JSON.`, {
    mend: 'Keep a cursor or a count, and the data itself elsewhere.',
  });
}

/**
 * Lends a workflow's durable values. A change is made once for each call of a node, whatever the number of attempts: its
 * answer is kept under the call's idempotency key and given again.
 */
export function stateLender(sql: Sql): (borrower: Borrower, request: PowerRequest) => StatePower {
  return ({ workspace, state }, { idempotencyKey }) => {
    const workflow = state().started?.workflow.id ?? '';
    let calls = 0;
    const once = (change: (tx: TransactionSql) => Promise<unknown>) => {
      const call = `${idempotencyKey}/${calls++}`;
      return sql.begin(async (tx) => {
        const [known] = await tx<
          { answer: unknown }[]
        >`select answer from state_changes where workspace_id = ${workspace} and key = ${call}`;
        if (known) return known.answer;
        const answer = await change(tx);
        await tx`insert into state_changes (workspace_id, key, answer) values (${workspace}, ${call}, ${JSON.stringify(answer ?? null)}::text::json)`;
        return answer;
      });
    };
    const put = (tx: TransactionSql, key: string, value: unknown) => {
      checkKey(key);
      const text = textOf(value);
      return tx`
        insert into state_values (workspace_id, workflow, key, value) values (${workspace}, ${workflow}, ${key}, ${text}::text::json)
        on conflict (workspace_id, workflow, key) do update set value = excluded.value, changed_at = now()`;
    };
    return {
      get: async (key) => {
        checkKey(key);
        const [row] = await sql<{ value: unknown }[]>`
          select value from state_values where workspace_id = ${workspace} and workflow = ${workflow} and key = ${key}`;
        return row?.value;
      },
      set: async (key, value) => void (await once(async (tx) => void (await put(tx, key, value)))),
      increment: async (key, by) => {
        const sum = await once(async (tx) => {
          // The row is locked for the sum: two runs that add at once both count.
          await tx`select pg_advisory_xact_lock(hashtextextended(${`${workspace}/${workflow}/${key}`}, 7))`;
          const [row] = await tx<{ value: unknown }[]>`
            select value from state_values where workspace_id = ${workspace} and workflow = ${workflow} and key = ${key}`;
          if (row && typeof row.value !== 'number')
            throw new Fault('data.invalid', `The state value ${key} is not a number.`, {
              mend: 'Set it to a number first, or use another key.',
            });
          const next = (typeof row?.value === 'number' ? row.value : 0) + by;
          await put(tx, key, next);
          return next;
        });
        return Number(sum);
      },
      remove: async (key) =>
        void (await once(
          async (tx) =>
            void (await tx`delete from state_values where workspace_id = ${workspace} and workflow = ${workflow} and key = ${key}`),
        )),
    };
  };
}

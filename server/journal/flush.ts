import type { Sql } from 'postgres';
import * as z from 'zod';
import type { AppendRows } from './append-rows.ts';
import { flushStatement } from './flush-statement.ts';
import type { AppendResult } from './flusher.ts';

/** The database has not answered within the patience of the flusher. */
export class NoAnswer extends Error {
  readonly code = 'ETIMEDOUT';

  constructor(ms: number) {
    super(`the database has not answered for ${ms / 1000} s`);
    this.name = 'NoAnswer';
  }
}

const Winners = z.array(z.object({ run: z.string() }));
const Losers = z.array(z.object({ run: z.string(), seq: z.number().nullable(), holder: z.string().nullable() }));

/**
 * Commits a batch in one statement and tells each append what became of it. The appends are of different runs and dedupe keys, in order of run
 * id. Throws when the statement failed: then nothing of the batch was committed, unless the connection broke.
 */
export async function flush(
  engine: Sql,
  batch: readonly AppendRows[],
  options: { boot: string; leaseMs: number; patienceMs: number },
): Promise<ReadonlyMap<string, AppendResult>> {
  const { text, parameters } = flushStatement(batch, options);
  const query = engine.unsafe(text, parameters, { prepare: true });
  const rows = await within(options.patienceMs, query, () => query.cancel());
  const won = new Set(Winners.parse([...rows]).map(({ run }) => run));
  const results = new Map<string, AppendResult>();
  for (const { run, seq } of batch) if (won.has(run)) results.set(run, { ok: true, seq });
  const lost = batch.filter(({ run }) => !won.has(run));
  return lost.length === 0 ? results : new Map([...results, ...(await explain(engine, lost))]);
}

/** Why they lost. Asked afterwards: by then more may have happened, and an answer that was true is still one to act on. */
async function explain(engine: Sql, lost: readonly AppendRows[]): Promise<[string, AppendResult][]> {
  const asked = lost.map(({ run, workspace, dedupe }) => ({ run, w: workspace, key: dedupe }));
  const rows = Losers.parse([
    ...(await engine`
      select a.run, r.seq, d.run as holder
      from json_to_recordset(${JSON.stringify(asked)}::text::json) as a(run text, w text, key text)
      left join runs r on r.id = a.run and r.workspace_id = a.w
      left join dedupe_keys d on a.key is not null and d.workspace_id = a.key::json ->> 0
        and d.trigger = a.key::json ->> 1 and d.key = a.key::json ->> 2`),
  ]);
  const found = new Map(rows.map((row) => [row.run, row]));
  return lost.map(({ run, expect }) => [run, { ok: false, ...reason(run, expect, found.get(run)) }]);
}

function reason(run: string, expect: number, found: z.infer<typeof Losers>[number] | undefined) {
  const seq = found?.seq ?? null;
  if (expect === 0 && seq === null && found?.holder) return { why: 'duplicate', run: found.holder } as const;
  if (expect === 0) return { why: 'seq', run } as const;
  if (seq === null) return { why: 'gone' } as const;
  return seq === expect ? ({ why: 'fenced' } as const) : ({ why: 'seq' } as const);
}

/** The answer, or `NoAnswer` when the database has none within so long; what was asked is then given up. */
export async function within<T>(ms: number, work: Promise<T>, giveUp: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      giveUp();
      reject(new NoAnswer(ms));
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

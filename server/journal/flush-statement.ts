import { sections, type AppendRows, type Section } from './append-rows.ts';

/** Columns of the JSON rows of each section, as `json_to_recordset` is told them. */
const columns: Record<Section, string> = {
  begin: `run text, w text, workflow text, name text, version int, mode text, kind text, event text, start text, lane text, seq int, plan text,
    engine int, at float8, retry_of text, root text, parent_run text, parent_path text, parent_node text, parent_item int, depth int,
    hidden bool, trigger text, dedupe text, known float8, status text, needs jsonb, awaits bool, error json, over float8, bytes float8`,
  proceed:
    'run text, w text, expect int, seq int, status text, needs jsonb, awaits bool, error json, over float8, bytes float8',
  fence: 'run text, stage text, path text, epoch int, expired bool',
  fact: 'run text, w text, seq int, type text, at float8, data json',
  event:
    'run text, w text, id text, source text, type text, subject text, at float8, data json, trigger text, dedupe text',
  plan: 'run text, w text, fingerprint text, plan json, document json',
  put: `run text, w text, stage text, path text, state text, epoch int, next float8, lane text, crashes int, code bool, ours bool`,
  gone: 'run text, stage text, path text',
  open: 'run text, w text, stage text, path text, node text, item int, call text, epoch int, class text, key text, at float8',
  close: 'run text, stage text, path text, node text, item int, call text',
  token: 'run text, w text, hash text, stage text, path text, node text',
  wake: 'run text, task text, at float8, payload json',
};

/** A statement with its parameters, all of them text. */
export interface Statement {
  readonly text: string;
  readonly parameters: string[];
}

/**
 * One statement for a whole flush: data-modifying CTEs over JSON lists of rows, of which only the parts that the batch needs are there (some
 * ten different texts in practice, each prepared once). Every part takes only the rows of runs in `won`.
 *
 * One statement rather than several pipelined in a transaction, and JSON rather than arrays, by measurement (bench/flush-shapes.ts; S1 runs a
 * second at 50 clients, best of 3 | at 1 client): one statement over json 6,340 | 1,650; over jsonb 5,360; over arrays 5,720; pipelined 5,910 | 600.
 * `run_events.data` as json 6,340, as text 6,610, as jsonb 4,960.
 *
 * All parts see the database as it was when the statement began. That is enough for the fences: whoever takes a lease away locks the row of
 * `runs` and moves its seq on, and the update of that row here looks again once it has the lock.
 */
export function flushStatement(
  batch: readonly AppendRows[],
  { boot, leaseMs }: { boot: string; leaseMs: number },
): Statement {
  const parameters: string[] = [boot, String(leaseMs)];
  const has = new Set<Section>();
  const lists: string[] = [];
  for (const section of sections) {
    const rows = batch.flatMap((append) => append.rows[section] ?? []);
    if (rows.length === 0) continue;
    has.add(section);
    parameters.push(`[${rows.join(',')}]`);
    // The casts make the parameter plain text for the driver, whatever it does to json.
    lists.push(
      `${section}_row as materialized (select * from json_to_recordset($${parameters.length}::text::json) as x(${columns[section]}))`,
    );
  }
  const winners = [...(has.has('begin') ? [begin] : []), ...(has.has('proceed') ? [proceed(has.has('fence'))] : [])];
  const won = [
    ...(has.has('begin') ? ['select id from begun'] : []),
    ...(has.has('proceed') ? ['select id from proceeded'] : []),
  ];
  const parts = sections.flatMap((section) => (has.has(section) ? (followers[section] ?? []) : []));
  const results = ['select id as run from won', ...(has.has('wake') ? ['select null::text from woken'] : [])];
  const text = `with ${settings}, ${[...lists, ...winners, `won as materialized (${won.join(' union all ')})`, ...parts].join(',\n')}
${results.join(' union all ')}`;
  return { text, parameters };
}

const settings = `own as materialized (select $1::text as boot, now() + $2::text::float8 * interval '1 millisecond' as lease_until)`;

const at = (column: string) => `to_timestamp(${column} / 1000)`;

/**
 * A test in brackets is a hashed sub-plan, read once; written as a join it is a nested loop in a session that has hash joins off, and 100
 * appends with 4 facts each make 40,000 comparisons of it.
 */
const isWon = (row: string) => `(${row}.run in (select id from won)) is true`;

const begin = `
taken as (
  insert into dedupe_keys (workspace_id, trigger, key, run, until)
  select w, trigger, dedupe, run, greatest(now() + interval '24 hours', ${at('known')} + interval '1 minute') from begin_row b
  where dedupe is not null and not exists (select from runs r where r.id = b.run)
  order by w, trigger, dedupe
  on conflict (workspace_id, trigger, key) do update set run = excluded.run, until = excluded.until where dedupe_keys.until < now()
  returning run),
begun as (
  insert into runs (id, workspace_id, workflow, workflow_name, version, status, mode, trigger_kind, event, start, lane, seq, plan, engine,
    started_at, finished_at, retry_of, root, parent_run, parent_path, parent_node, parent_item, depth, error, needs, awaits_runs, hidden, bytes)
  select run, w, workflow, name, version, status, mode, kind, event, start, lane, seq, plan, engine,
    ${at('at')}, ${at('over')}, retry_of, root, parent_run, parent_path, parent_node, parent_item, depth, error, needs, awaits, hidden, bytes::bigint
  from begin_row where dedupe is null or run in (select run from taken)
  on conflict (id) do nothing
  returning id)`;

const proceed = (hasFences: boolean) => `${hasFences ? fenced : ''}
proceeded as (
  update runs r set seq = p.seq, status = p.status, needs = p.needs, awaits_runs = p.awaits, error = p.error, finished_at = ${at('p.over')}, bytes = r.bytes + p.bytes::bigint
  from proceed_row p
  where r.id = p.run and r.seq = p.expect and r.workspace_id = p.w ${hasFences ? 'and (p.run not in (select run from fenced)) is true' : ''}
  returning r.id)`;

/**
 * The state is asked inside a case: as a plain condition it lets a young table's plan go through the partial index of all leased rows, for each
 * fence (the test of the plans found it).
 */
const fenced = `
fenced as materialized (
  select f.run from fence_row f where not exists (
    select from stages s
    where s.run = f.run and s.stage = f.stage and s.path = f.path and s.epoch = f.epoch and case
      when s.state <> 'leased' then false when f.expired then s.lease_until < now() else s.lease_owner = (select boot from own) end)),`;

const lease = (state: string) => `case when ${state} = 'leased' then (select boot from own) end,
    case when ${state} = 'leased' then (select lease_until from own) end`;

/** A ready stage without a time of its own may be taken at once. */
const nextAt = (row: string) =>
  `case ${row}.state when 'ready' then coalesce(${at(`${row}.next`)}, now()) when 'waiting' then ${at(`${row}.next`)} end`;

const followers: Partial<Record<Section, string>> = {
  fact: `
added as (
  insert into run_events (workspace_id, run, seq, type, at, data)
  select w, run, seq, type, ${at('at')}, data from fact_row f where ${isWon('f')})`,
  event: `
received as (
  insert into events (workspace_id, id, source, type, subject, time, data, trigger, dedupe_key, run)
  select w, id, source, type, subject, ${at('at')}, data, trigger, dedupe, run from event_row e where ${isWon('e')})`,
  // Each plan once: a row that a statement has just put in may not be updated by it again, and many runs of a batch begin the same new plan.
  plan: `
pinned as (
  insert into plans (workspace_id, fingerprint, plan, document)
  select distinct on (w, fingerprint) w, fingerprint, plan, document from plan_row p where ${isWon('p')}
  order by w, fingerprint
  on conflict (workspace_id, fingerprint) do update set at = now() where plans.at < now() - interval '10 minutes')`,
  // Rows that are there are moved, new ones inserted: one of the two finds nothing to do.
  put: `
moved as (
  update stages s set state = p.state, epoch = s.epoch + 1, (lease_owner, lease_until) = row(${lease('p.state')}),
    next_at = ${nextAt('p')}, lane = p.lane, crashes = p.crashes, code = p.code, tries = 0
  from put_row p
  where s.run = p.run and s.stage = p.stage and s.path = p.path and ${isWon('p')}
    and (s.state <> 'leased' or p.ours or s.lease_owner = (select boot from own))),
placed as (
  insert into stages (workspace_id, run, stage, path, state, epoch, lease_owner, lease_until, next_at, lane, crashes, code)
  select w, run, stage, path, state, epoch, ${lease('p.state')}, ${nextAt('p')}, lane, crashes, code
  from put_row p where ${isWon('p')}
  on conflict (run, stage, path) do nothing)`,
  gone: `
ended as (
  delete from stages s using gone_row g where s.run = g.run and s.stage = g.stage and s.path = g.path and ${isWon('g')}),
dropped as (
  delete from effects e using gone_row g where e.run = g.run and e.stage = g.stage and e.path = g.path and ${isWon('g')})`,
  open: `
opened as (
  insert into effects (workspace_id, run, stage, path, node, item, call, epoch, class, key, at)
  select w, run, stage, path, node, item, call, epoch, class, key, ${at('at')} from open_row o where ${isWon('o')}
  on conflict (run, stage, path, node, item, call) do update set epoch = excluded.epoch, class = excluded.class, key = excluded.key, at = excluded.at)`,
  close: `
closed as (
  delete from effects e using close_row c
  where e.run = c.run and e.stage = c.stage and e.path = c.path and e.node = c.node and e.item = c.item and e.call = c.call and ${isWon('c')})`,
  token: `
issued as (
  insert into tokens (workspace_id, hash, run, stage, path, node)
  select w, hash, run, stage, path, node from token_row t where ${isWon('t')}
  on conflict (hash) do nothing)`,
  // Read for its effect alone, so it must be asked for and give no row. One add_jobs a flush (SPEED, trap 5). More attempts than there can be: graphile's own retries are not ours (SAFETY G9, G10).
  wake: `
woken as materialized (
  select count(*) from graphile_worker.add_jobs(array(
    select row(task, payload, null, ${at('at')}, 1000, null, null, null)::graphile_worker.job_spec from wake_row w where ${isWon('w')})) having count(*) < 0)`,
};

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import postgres, { type Sql } from 'postgres';

/**
 * The durable limit of this machine: what S1 must write and nothing else. A run is claimed in place (its row goes in with our lease), its
 * three steps are worked out in plain JavaScript, and the end writes them and closes the run; starts and ends of all runs share commits
 * with zero delay. No engine, no plan, no expressions, no fences.
 */
export interface Raw extends AsyncDisposable {
  /** Carries out one order; durable when it resolves. */
  run(order: Order): Promise<object>;
  /** Runs that the database has finished, each with its three steps. */
  finished(): Promise<number>;
}

export interface Order {
  readonly name: string;
  readonly email: string;
  readonly amount: number;
  readonly plan: string;
}

const leaseMs = 20_000;

/** Opens it on an empty database, in tables of its own. */
export async function openRaw(url: string): Promise<Raw> {
  // A plan that is kept from when the tables were empty walks all of them for each flush: at 50 clients 620 runs a second instead of 3,480.
  const planning = { plan_cache_mode: 'force_custom_plan', jit: 'off' };
  const sql = postgres(url, { max: 2, onnotice: () => {}, connection: { application_name: 'bench raw', ...planning } });
  await sql.unsafe(tables);
  const append = groupCommit(sql);
  let count = 0;
  const run = async (order: Order): Promise<object> => {
    const id = `run_${(count += 1).toString(36).padStart(10, '0')}`;
    const item = { method: 'POST', path: 's1', headers: {}, query: {}, params: {}, body: order };
    await append({ begin: { id, input: item, lease: Date.now() + leaseMs } });
    const made = { greeting: `Hello ${order.name}`, total: order.amount * 1.2, source: 'bench' };
    const steps = [
      { run: id, seq: 1, key: 'hook', input: {}, output: item },
      { run: id, seq: 2, key: 'set', input: item, output: made },
      { run: id, seq: 3, key: 'reply', input: made, output: made },
    ];
    await append({ end: { id, output: made }, steps });
    return made;
  };
  const finished = async () => {
    const [row] = await sql<{ count: number }[]>`
      select count(*)::int from raw_runs where state = 'finished' and 3 = (select count(*) from raw_steps where run = id)`;
    return row?.count ?? 0;
  };
  return { run, finished, [Symbol.asyncDispose]: () => sql.end() };
}

/** The same over HTTP, on a free port of loopback. */
export async function serveRaw(raw: Raw): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const answer = async () => raw.run((await json(request)) as Order);
    answer().then(
      (made) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(made)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { server, url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/` };
}

const tables = `
  create table raw_runs (id text primary key, workspace text not null, state text not null, owner text not null, lease timestamptz,
    input json not null, output json, started timestamptz not null default now(), finished timestamptz);
  create table raw_steps (run text not null, seq int not null, key text not null, input json not null, output json not null,
    primary key (run, seq));`;

const statement = `
  with begun as (
    insert into raw_runs (id, workspace, state, owner, lease, input)
    select id, 'main', 'running', 'boot_raw', to_timestamp(lease / 1000), input
    from json_to_recordset($1::text::json) as x(id text, lease float8, input json)),
  ended as (
    update raw_runs set state = 'finished', lease = null, output = x.output, finished = now()
    from json_to_recordset($2::text::json) as x(id text, output json) where raw_runs.id = x.id and raw_runs.owner = 'boot_raw')
  insert into raw_steps (run, seq, key, input, output)
  select run, seq, key, input, output from json_to_recordset($3::text::json) as x(run text, seq int, key text, input json, output json)`;

interface Entry {
  readonly begin?: object;
  readonly end?: object;
  readonly steps?: readonly object[];
}

/** While one commit is under way the next one gathers; there is no timer. */
function groupCommit(sql: Sql): (entry: Entry) => Promise<void> {
  type Waiting = Entry & { resolve: () => void; reject: (error: unknown) => void };
  let waiting: Waiting[] = [];
  let isFlushing = false;
  const pump = async () => {
    isFlushing = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, 100);
      const lists = [
        batch.flatMap(({ begin }) => begin ?? []),
        batch.flatMap(({ end }) => end ?? []),
        batch.flatMap(({ steps }) => steps ?? []),
      ];
      try {
        await sql.unsafe(
          statement,
          lists.map((rows) => JSON.stringify(rows)),
          { prepare: true },
        );
        for (const one of batch) one.resolve();
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    isFlushing = false;
  };
  return (entry) =>
    new Promise((resolve, reject) => {
      waiting.push({ ...entry, resolve, reject });
      if (!isFlushing) void pump();
    });
}

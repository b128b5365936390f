import type { Access } from './access.ts';
import type { TableClass } from './tables.ts';

/** A table as the catalogue knows it. */
export interface FoundTable {
  schema: 'public' | 'graphile_worker';
  name: string;
  /** Changes when a table is dropped and made anew, which loses its policies. */
  oid: string;
  /** The type of its `workspace_id`, when it has one. */
  workspaceType: string | null;
}

type Right = 'none' | 'read' | 'append' | 'all';

const rights: Record<TableClass, { app: Right; engine: Right }> = {
  tenant: { app: 'all', engine: 'none' },
  joint: { app: 'all', engine: 'all' },
  journal: { app: 'read', engine: 'all' },
  facts: { app: 'read', engine: 'append' },
  engine: { app: 'none', engine: 'all' },
  global: { app: 'all', engine: 'read' },
};

const verbs: Record<Exclude<Right, 'none'>, string> = {
  read: 'select',
  append: 'select, insert',
  all: 'select, insert, update, delete',
};

/**
 * The statements that make grants, row-level security, policies and append-only triggers true for these tables. They say the whole truth, so
 * running them again changes nothing. A table with `workspace_id` is fenced whether it was declared or not; an undeclared one gets no grant.
 */
export function accessStatements(
  found: readonly FoundTable[],
  classes: ReadonlyMap<string, TableClass>,
  access: Access,
): string[] {
  const own = found.filter(({ schema }) => schema === 'public');
  const queue = found.filter(({ schema }) => schema === 'graphile_worker');
  return [
    ...refuseChange,
    ...(isJournal(classes) ? forgetting : []),
    ...(access === 'roles' ? startRoles : []),
    ...(access === 'roles' && isJournal(classes) ? mayForget : []),
    ...own.flatMap((table) => [
      ...(access === 'roles' ? grant(table, classes.get(table.name)) : []),
      ...(table.workspaceType ? fence(table, table.workspaceType, classes.get(table.name), access) : []),
      ...(classes.get(table.name) === 'facts' ? seal(table) : []),
    ]),
    ...(access === 'roles' ? queue.flatMap(openQueue) : []),
  ];
}

const startRoles = [
  'revoke all on all tables in schema public from heddle_app, heddle_engine',
  'grant usage on schema public to heddle_app, heddle_engine',
  'grant usage, select on all sequences in schema public to heddle_app, heddle_engine',
  'grant usage on schema graphile_worker to heddle_engine',
  'grant select on all tables in schema graphile_worker to heddle_engine', // its views too
  'grant usage, select on all sequences in schema graphile_worker to heddle_engine',
];

function grant(table: FoundTable, as: TableClass | undefined): string[] {
  if (!as) return [];
  const { app, engine } = rights[as];
  return [
    ...(app === 'none' ? [] : [`grant ${verbs[app]} on ${nameOf(table)} to heddle_app`]),
    ...(engine === 'none' ? [] : [`grant ${verbs[engine]} on ${nameOf(table)} to heddle_engine`]),
  ];
}

/**
 * The setting is read in a sub-select, so that Postgres reads it once a statement and can use the index. It is '' and not null after a
 * transaction that set it: nullif makes both mean "no workspace".
 */
function fence(table: FoundTable, type: string, as: TableClass | undefined, access: Access): string[] {
  const inside = `workspace_id = (select nullif(current_setting('app.workspace_id', true), '')::${type})`;
  const engineMay = as !== undefined && rights[as].engine !== 'none';
  const name = nameOf(table);
  const policy = (title: string, to: string, claim: string) => [
    `drop policy if exists ${title} on ${name}`,
    `create policy ${title} on ${name} to ${to} using (${claim}) with check (${claim})`,
  ];
  const byRole = [
    ...policy('heddle_workspace', 'heddle_app', inside),
    ...(engineMay
      ? policy('heddle_engine', 'heddle_engine', 'true')
      : [`drop policy if exists heddle_engine on ${name}`]),
    // The owner migrates, backs up and mends; no request acts as the owner.
    ...policy('heddle_owner', 'current_user', 'true'),
  ];
  const bySetting = [
    ...policy('heddle_workspace', 'public', inside),
    ...policy('heddle_engine', 'public', `(select current_setting('app.engine', true)) = 'on'`),
    `drop policy if exists heddle_owner on ${name}`,
  ];
  return [
    `alter table ${name} enable row level security`,
    `alter table ${name} force row level security`,
    ...(access === 'roles' ? byRole : bySetting),
  ];
}

const refuseChange = [
  `create or replace function heddle_meta.refuse_change() returns trigger language plpgsql as $$
begin
  -- Retention may delete what is old; nothing may ever change it.
  if tg_op <> 'UPDATE' and current_setting('app.prune', true) = 'on' then
    return old;
  end if;
  raise exception 'facts in % are never changed', tg_table_name using errcode = 'restrict_violation';
end $$`,
];

/** Tests of access bring tables of their own. */
const isJournal = (classes: ReadonlyMap<string, TableClass>) =>
  ['workspaces', 'runs', 'run_events', 'events', 'pending_events', 'tokens', 'snapshots', 'blob_refs'].every((name) =>
    classes.has(name),
  );

const forgetters =
  'heddle_meta.forget_runs(interval, int), heddle_meta.forget_events(interval, int), heddle_meta.forget_state_values(int)';

/**
 * The one way in which facts go: as the owner, by functions that look again whether they may. The engine may call them and still change or
 * delete no fact by itself. A run goes when it has been over for so long, with all that is its own; not while a run that called it may read what
 * it gave. An event goes with its run, or when it is as old and no run of it is there or to come. Values that a workflow stored go when it was
 * deleted and its runs are over; the engine itself reads no workflows.
 */
const forgetting = [
  `create or replace function heddle_meta.forget_runs(keep interval, most int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare gone text[];
begin
  perform set_config('app.prune', 'on', true);
  with old as materialized (
    select o.id from workspaces w, lateral (
      select r.id from runs r
      where r.workspace_id = w.id and r.started_at < now() - keep and r.finished_at < now() - keep
        and not exists (select from runs p where p.id = r.parent_run and p.finished_at is null)
      order by r.started_at limit most for update skip locked) o)
  select array_agg(id) into gone from old;
  delete from run_events where run = any(gone);
  delete from snapshots where run = any(gone);
  delete from tokens where run = any(gone);
  delete from blob_refs where run = any(gone);
  delete from runs where id = any(gone);
  perform set_config('app.prune', '', true);
  return coalesce(cardinality(gone), 0);
end $$`,
  `create or replace function heddle_meta.forget_events(keep interval, most int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare forgotten int;
begin
  perform set_config('app.prune', 'on', true);
  delete from events where id in (
    select o.id from workspaces w, lateral (
      select e.id from events e
      where e.workspace_id = w.id and e.time < now() - keep and not exists (select from runs r where r.id = e.run)
        and not exists (select from pending_events p where p.run = e.run)
      order by e.time limit most) o);
  get diagnostics forgotten = row_count;
  perform set_config('app.prune', '', true);
  return forgotten;
end $$`,
  `create or replace function heddle_meta.forget_state_values(most int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare forgotten int;
begin
  delete from state_values where (workspace_id, workflow, key) in (
    select s.workspace_id, s.workflow, s.key from workflows w
    join state_values s on s.workspace_id = w.workspace_id and s.workflow = w.id
    where w.deleted_at is not null and not exists (
      select from runs r where r.workspace_id = w.workspace_id and r.workflow = w.id and r.finished_at is null)
    limit most);
  get diagnostics forgotten = row_count;
  return forgotten;
end $$`,
  `revoke all on function ${forgetters} from public`,
];

const mayForget = [
  'grant usage on schema heddle_meta to heddle_engine',
  `grant execute on function ${forgetters} to heddle_engine`,
];

function seal(table: FoundTable): string[] {
  const name = nameOf(table);
  const trigger = (title: string, when: string, each: string) =>
    `create or replace trigger ${title} before ${when} on ${name} for each ${each} execute function heddle_meta.refuse_change()`;
  return [
    trigger('heddle_facts_rows', 'update or delete', 'row'),
    trigger('heddle_facts_table', 'truncate', 'statement'),
  ];
}

/** graphile-worker switches row-level security on without a policy: its owner alone passes until we let the engine in. */
function openQueue(table: FoundTable): string[] {
  const name = nameOf(table);
  return [
    `grant select, insert, update, delete on ${name} to heddle_engine`,
    `drop policy if exists heddle_engine on ${name}`,
    `create policy heddle_engine on ${name} to heddle_engine using (true) with check (true)`,
  ];
}

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
const nameOf = ({ schema, name }: FoundTable) => `${schema}.${quote(name)}`;

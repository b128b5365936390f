import type { Sql } from 'postgres';
import * as z from 'zod';
import { packState, snapshotFormat, unpackState } from '../../flow/facts/snapshot.ts';
import { Fault } from '../../flow/facts/faults.ts';
import type { RunState } from '../../flow/facts/state.ts';
import { jsonBytes } from '../text/known-json.ts';
import type { BlobStore } from './blobs.ts';
import { lostCodes, readJson } from './large-values.ts';

const Kept = z.object({ format: z.number(), hash: z.string() });

/**
 * Keeps the folded state of a long run: its bytes as a blob, its name in `snapshots`. Only a cache, so the last to write wins, and the run no
 * longer names the bytes of the one before.
 */
export async function saveSnapshot(
  sql: Sql,
  blobs: BlobStore,
  { workspace, run, state }: { workspace: string; run: string; state: RunState },
): Promise<void> {
  const { seq } = state;
  // Now: the state goes on while it is written.
  const packed = packState(state);
  const hash = await blobs.writeBytes(workspace, run, await jsonBytes(packed));
  const kept = JSON.stringify({ format: snapshotFormat, hash });
  await sql`
    with before as (select state ->> 'hash' as hash from snapshots where run = ${run} for update),
    kept as (
      insert into snapshots (run, workspace_id, seq, state) values (${run}, ${workspace}, ${seq}, ${kept}::text::json)
      on conflict (run) do update set seq = excluded.seq, state = excluded.state where snapshots.seq < excluded.seq
      returning run)
    delete from blob_refs f using before, kept
    where f.workspace_id = ${workspace} and f.hash = before.hash and f.hash <> ${hash} and f.run = ${run}`;
}

/** The latest kept state of a run; undefined when there is none that this build can read. */
export async function readSnapshot(
  sql: Sql,
  blobs: BlobStore,
  workspace: string,
  run: string,
): Promise<RunState | undefined> {
  const [row] = await sql`select state from snapshots where run = ${run}`;
  const kept = row && Kept.parse(row['state']);
  if (!kept || kept.format !== snapshotFormat) return undefined;
  // One that is gone or damaged is passed over: it was only a cache.
  const packed = await readJson(blobs, workspace, kept.hash).catch((error: unknown) => {
    if (error instanceof Fault && lostCodes.has(error.code)) return undefined;
    throw error;
  });
  return packed === undefined ? undefined : unpackState(packed);
}

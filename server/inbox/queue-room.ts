import type { Sql } from 'postgres';
import * as z from 'zod';

/** What may wait to start in a workspace, as events and as bytes of what came with them; one workflow may have half of it. */
export interface QueueMost {
  readonly events: number;
  readonly bytes: number;
}

/** How much waits to start, as of the last look and with what this process stored since. */
export interface QueueRoom {
  /** Whether nothing more of the workflow may wait. */
  isFull(workspace: string, workflow: string): boolean;
  /** Counts an event that this process stored; below nothing, one whose run it started. */
  add(workspace: string, workflow: string, count: Count): void;
  /** Looks at the database; call it every few seconds. */
  look(): Promise<void>;
}

interface Count {
  readonly events: number;
  readonly bytes: number;
}

const Counts = z.array(
  z.object({ workspace: z.string(), workflow: z.string(), events: z.number(), bytes: z.number() }),
);

/** Each process counts for itself: together they let in what they take between two looks beyond the bound, no more. */
export function openQueueRoom(sql: Sql, most: QueueMost): QueueRoom {
  let looked = new Tally();
  let since = new Tally();
  const isOver = (name: string, share: number) =>
    looked.events(name) + since.events(name) >= most.events * share ||
    looked.bytes(name) + since.bytes(name) >= most.bytes * share;
  return {
    isFull: (workspace, workflow) => isOver(`workflow ${workflow}`, 0.5) || isOver(`workspace ${workspace}`, 1),
    add: (workspace, workflow, count) => since.add(workspace, workflow, count),
    look: async () => {
      const next = new Tally();
      const later = new Tally();
      const before = since;
      since = later;
      try {
        // It reads an index alone.
        const rows = await sql`
          select workspace_id as workspace, workflow, count(*)::float8 as events, sum(bytes)::float8 as bytes
          from pending_events group by 1, 2`;
        for (const { workspace, workflow, ...count } of Counts.parse([...rows])) next.add(workspace, workflow, count);
        looked = next;
      } catch (error) {
        before.addAll(later);
        since = before;
        throw error;
      }
    },
  };
}

/** Sums by workflow and by workspace. */
class Tally {
  private readonly counts = new Map<string, Count>();

  add(workspace: string, workflow: string, count: Count): void {
    this.sum(`workspace ${workspace}`, count);
    this.sum(`workflow ${workflow}`, count);
  }

  addAll(other: Tally): void {
    for (const [name, count] of other.counts) this.sum(name, count);
  }

  events(name: string): number {
    return this.counts.get(name)?.events ?? 0;
  }

  bytes(name: string): number {
    return this.counts.get(name)?.bytes ?? 0;
  }

  private sum(name: string, { events, bytes }: Count): void {
    const known = this.counts.get(name) ?? { events: 0, bytes: 0 };
    this.counts.set(name, { events: known.events + events, bytes: known.bytes + bytes });
  }
}

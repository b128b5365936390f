import { workspaceSettings } from '../../flow/contract/account.ts';
import { eq, sql } from 'drizzle-orm';
import type { ISql } from 'postgres';
import * as z from 'zod';
import type { Orm } from './database.ts';
import { workspaces } from './tables.ts';

const AllowHosts = workspaceSettings.shape.allowHosts;
const Settings = z.looseObject({ allowHosts: AllowHosts.default([]) });

/** What a workspace may call although it is private. */
export async function readAllowHosts(orm: Orm, workspace: string): Promise<string[]> {
  const [row] = await orm
    .select({ settings: workspaces.settings })
    .from(workspaces)
    .where(eq(workspaces.id, workspace));
  return Settings.parse(row?.settings ?? {}).allowHosts;
}

/** Sets it; every process follows within 2 s. */
export async function setAllowHosts(orm: Orm, workspace: string, allowHosts: readonly string[]): Promise<void> {
  const changed = sql`${workspaces.settings} || ${JSON.stringify({ allowHosts })}::jsonb`;
  await orm.update(workspaces).set({ settings: changed }).where(eq(workspaces.id, workspace));
}

/** The lists of all workspaces in the memory of a process: a request that goes out asks the database nothing. */
export interface AllowLists {
  of(workspace: string): readonly string[];
  /** Looks at the database; call it every two seconds. */
  read(): Promise<void>;
}

const Rows = z.array(z.object({ id: z.string(), hosts: AllowHosts }));
const none: readonly string[] = [];

/** A list stays the same object while it does not change: who uses it keeps what it made of it. */
export function openAllowLists(pool: ISql): AllowLists {
  let lists = new Map<string, readonly string[]>();
  return {
    of: (workspace) => lists.get(workspace) ?? none,
    read: async () => {
      const rows = await pool`
        select id, settings -> 'allowHosts' as hosts from workspaces where settings -> 'allowHosts' is not null`;
      const found = Rows.parse([...rows]).map(({ id, hosts }) => {
        const known = lists.get(id);
        return [id, known && known.join() === hosts.join() ? known : hosts] as const;
      });
      lists = new Map(found);
    },
  };
}

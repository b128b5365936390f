import type { Sql } from 'postgres';
import * as z from 'zod';

/**
 * The id of a workspace by its slug. The workspace `main` is made when it is not there yet, so that `heddle run` works
 * before anybody has an account. Throws a sentence for any other that is not there.
 */
export async function findWorkspace(app: Sql, slug: string): Promise<string> {
  const [row] = await app`select id from workspaces where slug = ${slug}`;
  if (row) return z.string().parse(row['id']);
  if (slug !== 'main') throw new Error(`There is no workspace ${slug}.`);
  await app`insert into workspaces (id, slug, name) values ('ws_main', 'main', 'Main') on conflict do nothing`;
  return findWorkspace(app, slug);
}

/** The ids of all workspaces of the installation. */
export async function workspaceIds(sql: Sql): Promise<string[]> {
  const rows = await sql`select id from workspaces order by id`;
  return rows.map((row) => String(row['id']));
}

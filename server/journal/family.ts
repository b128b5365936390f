import type { Sql } from 'postgres';

/** What is counted of the runs below a root: how many there are, and how many items they were given. */
export interface FamilyCount {
  readonly runs: number;
  readonly items: number;
}

/**
 * Counts what starts below a root, atomically among all processes. Gives what there would be too many of, and has counted nothing then. At least
 * `atLeast` were there before.
 */
export type CountFamily = (
  root: string,
  more: FamilyCount,
  counted: { atLeast: FamilyCount; most: FamilyCount },
) => Promise<keyof FamilyCount | undefined>;

/** Counts what a root has started, in one step for all processes; a root whose row is gone is not counted. */
export async function countFamily(
  sql: Sql,
  ...[root, more, { atLeast, most }]: Parameters<CountFamily>
): ReturnType<CountFamily> {
  const [row] = await sql`
    with counted as (
      update runs set family = greatest(family, ${atLeast.runs}) + ${more.runs},
        family_items = greatest(family_items, ${atLeast.items}) + ${more.items}
      where id = ${root} and greatest(family, ${atLeast.runs}) + ${more.runs} <= ${most.runs}
        and greatest(family_items, ${atLeast.items}) + ${more.items} <= ${most.items} returning 1)
    select exists (select from counted) as counted`;
  if (row?.['counted'] === true) return undefined;
  const [is] =
    await sql`select greatest(family, ${atLeast.runs}) + ${more.runs} > ${most.runs} as many from runs where id = ${root}`;
  return is && (is['many'] === true ? 'runs' : 'items');
}

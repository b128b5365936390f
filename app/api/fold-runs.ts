import { sinceOf } from './runs.ts';
import type { RunFilters } from './runs.ts';
import type { Run, RunPage } from '../../flow/contract/run.ts';

const latestFirst = (one: Run, other: Run): number =>
  Date.parse(other.startedAt) - Date.parse(one.startedAt) || (other.id > one.id ? 1 : -1);

/**
 * A list of runs after some of them moved: each stands once, as it is now and where reading the list again would put it, or not at all when it
 * no longer passes the filters. What is older than the part that is known is left to be read later.
 */
export function foldRuns(pages: readonly RunPage[], moved: readonly Run[], filters: RunFilters): RunPage[] {
  const gone = new Set(moved.map(({ id }) => id));
  const kept = pages.map((page) => ({ ...page, items: page.items.filter(({ id }) => !gone.has(id)) }));
  const end = pages.at(-1)?.next ? pages.at(-1)?.items.at(-1) : undefined;
  for (const run of moved) if (passes(run, filters) && (!end || latestFirst(run, end) <= 0)) place(kept, run);
  return kept.map((page) => ({ ...page, items: page.items.toSorted(latestFirst) }));
}

function place(pages: RunPage[], run: Run): void {
  const page = pages.find(({ items }) => items.some((other) => latestFirst(run, other) < 0)) ?? pages.at(-1);
  page?.items.push(run);
}

/** As the server reads the filters. */
function passes(run: Run, { workflow, status, since, q }: RunFilters): boolean {
  const begin = sinceOf(since);
  return (
    (!workflow || run.workflow === workflow) &&
    (!status || run.status === status) &&
    (!begin || Date.parse(run.startedAt) >= Date.parse(begin)) &&
    (!q || [run.workflowName, run.id, run.error?.message].some((text) => text?.toLowerCase().includes(q.toLowerCase())))
  );
}

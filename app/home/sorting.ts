import type { RunBrief } from '../api/workflows.ts';
import { runsKnown } from './trigger-runs.ts';
import type { ListedWorkflow } from '../../flow/contract/workflow.ts';

/** What the list of workflows can be sorted by. */
export type SortName = 'name' | 'state' | 'last' | 'fire' | 'changed';

/** By what, and whether from the end. */
export interface Sort {
  readonly by: SortName;
  readonly isDown: boolean;
}

/** As the list stands unless somebody chose: what was changed last first. */
export const firstSort: Sort = { by: 'changed', isDown: true };

const names: readonly SortName[] = ['name', 'state', 'last', 'fire', 'changed'];

/** A sort from the address, `name` or `-name`; the first one for anything else. */
export function sortFrom(text: string | null): Sort {
  const by = names.find((name) => name === text?.replace(/^-/, ''));
  return by ? { by, isDown: text?.startsWith('-') === true } : firstSort;
}

/** A sort as the address says it; nothing for the first one. */
export const sortText = ({ by, isDown }: Sort): string | undefined =>
  by === firstSort.by && isDown === firstSort.isDown ? undefined : `${isDown ? '-' : ''}${by}`;

/** The workflows whose names have all the words, sorted; what has no value in the column stands last either way. */
export function arrange(
  workflows: readonly ListedWorkflow[],
  runsOf: ReadonlyMap<string, readonly RunBrief[]>,
  { words, sort }: { readonly words: string; readonly sort: Sort },
): ListedWorkflow[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const value = (one: ListedWorkflow): string => {
    const values: Readonly<Record<SortName, () => string>> = {
      name: () => one.name.toLowerCase(),
      state: () => (one.published ? (one.changed ? '1' : '0') : '2'),
      last: () => runsKnown(runsOf.get(one.id), one.lastRuns)[0]?.startedAt ?? '',
      fire: () => (one.published ? (one.nextFire ?? '') : ''),
      changed: () => one.updatedAt ?? '',
    };
    return values[sort.by]();
  };
  return workflows
    .filter(({ name }) => wanted.every((word) => name.toLowerCase().includes(word)))
    .map((one) => ({ one, at: value(one) }))
    .toSorted((a, b) => {
      if (a.at === '' || b.at === '') return Number(a.at === '') - Number(b.at === '');
      const order = a.at.localeCompare(b.at, undefined, { numeric: sort.by === 'name' });
      return sort.isDown ? -order : order;
    })
    .map(({ one }) => one);
}

import type { ListedWorkflow } from '../../flow/contract/workflow.ts';

type Known = Pick<ListedWorkflow, 'id' | 'name'>;

const recent = 5;
const most = 20;

/**
 * The workflows that the palette offers: those opened last, and of all of them, once something is typed, those whose names have every word; the ones opened last
 * first, then the latest changed. The one that is open is found, but not offered unasked.
 */
export function workflowChoices(
  all: readonly Known[],
  { opened, words, here }: { opened: readonly string[]; words: string; here: string | undefined },
): readonly Known[] {
  const place = new Map(opened.map((id, index) => [id, index]));
  const last = (id: string) => place.get(id) ?? Infinity;
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const found =
    wanted.length === 0
      ? all.filter(({ id }) => id !== here && place.has(id))
      : all.filter(({ name }) => wanted.every((word) => name.toLowerCase().includes(word)));
  const isSame = (one: Known, other: Known) => last(one.id) === last(other.id);
  return found
    .toSorted((one, other) => (isSame(one, other) ? 0 : last(one.id) - last(other.id)))
    .slice(0, wanted.length === 0 ? recent : most);
}

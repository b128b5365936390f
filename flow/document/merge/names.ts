import { diff } from '../diff.ts';
import { apply } from '../edits/apply.ts';
import type { Workflow } from '../workflow.ts';
import { same } from './values.ts';

/** Three whole documents: what both began with, and what each made of it. */
export interface ThreeDocuments {
  readonly base: Workflow;
  readonly ours: Workflow;
  readonly theirs: Workflow;
}

/**
 * Brings the names of three documents together: a key that one side renamed is renamed on the other too, with every reference; and of two
 * new things that took one name, ours gets a fresh one.
 */
export function withCommonNames(three: ThreeDocuments): ThreeDocuments {
  const theirs = followed(three, 'theirs', 'ours');
  return withFreshMarks(withFreshKeys(followed(theirs, 'ours', 'theirs')));
}

function followed(three: ThreeDocuments, by: 'ours' | 'theirs', other: 'ours' | 'theirs'): ThreeDocuments {
  let { base } = three;
  let follower = three[other];
  for (const { key, renamedFrom } of diff(three.base, three[by]).changed) {
    if (renamedFrom === undefined || !follower.nodes.some((node) => node.key === renamedFrom)) continue;
    const [old, there] = [renamed(base, renamedFrom, key), renamed(follower, renamedFrom, key)];
    if (old && there) [base, follower] = [old, there];
  }
  return { ...three, base, [other]: follower };
}

function renamed(document: Workflow, key: string, to: string): Workflow | undefined {
  const outcome = apply(document, { do: 'rename-key', key, to });
  return 'refused' in outcome ? undefined : outcome.document;
}

function withFreshKeys(three: ThreeDocuments): ThreeDocuments {
  const known = new Set(three.base.nodes.map(({ key }) => key));
  const there = new Map(three.theirs.nodes.map((node) => [node.key, node]));
  let { ours } = three;
  for (const node of three.ours.nodes) {
    const twin = there.get(node.key);
    if (known.has(node.key) || !twin || same(twin, node)) continue;
    const taken = new Set([...known, ...there.keys(), ...ours.nodes.map(({ key }) => key)]);
    ours = renamed(ours, node.key, fresh(node.key.replace(/_\d+$/, ''), '_', taken)) ?? ours;
  }
  return { ...three, ours };
}

function withFreshMarks(three: ThreeDocuments): ThreeDocuments {
  const { ours, base, theirs } = three;
  const notes = freshIds(ours.notes, base.notes, theirs.notes);
  const groups = freshIds(ours.groups, base.groups, theirs.groups);
  return { ...three, ours: { ...ours, ...(notes ? { notes } : {}), ...(groups ? { groups } : {}) } };
}

function freshIds<Mark extends { readonly id: string }>(
  ours: Mark[] | undefined,
  base: readonly Mark[] = [],
  theirs: readonly Mark[] = [],
): Mark[] | undefined {
  const known = new Set(base.map(({ id }) => id));
  const there = new Map(theirs.map((mark) => [mark.id, mark]));
  const taken = new Set([...known, ...there.keys(), ...(ours ?? []).map(({ id }) => id)]);
  return ours?.map((mark) => {
    const twin = there.get(mark.id);
    if (known.has(mark.id) || !twin || same(twin, mark)) return mark;
    const id = fresh(mark.id.replace(/-\d+$/, ''), '-', taken);
    taken.add(id);
    return { ...mark, id };
  });
}

function fresh(stem: string, sign: string, taken: ReadonlySet<string>): string {
  let number = 2;
  while (taken.has(`${stem}${sign}${number}`)) number++;
  return `${stem}${sign}${number}`;
}

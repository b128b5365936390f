import type { Workflow } from '../../flow/document/workflow.ts';
import type { Store } from '../host/keep.ts';
import type { Draft } from './draft.ts';

/** Where a tab keeps what one of its workflows has not stored yet. Both say whether that is so now: storage may be full or forbidden. */
export interface LocalDraft {
  put(draft: Draft): boolean;
  clear(): boolean;
}

/** All that a tab keeps begins so; then come the workflow and the tab. The document that the edits are based on lies beside them, written once a revision. */
const prefix = 'heddle.draft.';
const baseSuffix = '.base';
export const formatNumber = 2;

export const localDraftName = (workflow: string, tab: string): string => `${prefix}${workflow}.${tab}`;
export const baseName = (name: string): string => `${name}${baseSuffix}`;

/** The local draft of a tab for a workflow: no other tab writes there. */
export function openLocalDraft(
  storage: Store,
  workflow: string,
  tab: string,
  now: () => number = Date.now,
): LocalDraft {
  const name = localDraftName(workflow, tab);
  let written: Workflow | undefined;
  const put = ({ revision, base, pending, inFlight, unsure }: Draft): boolean => {
    try {
      if (written !== base) storage.setItem(baseName(name), JSON.stringify({ revision, document: base }));
      written = base;
      const sent = Math.max(inFlight, unsure);
      storage.setItem(name, JSON.stringify({ v: formatNumber, at: now(), revision, sent, edits: pending }));
      return true;
    } catch {
      written = undefined;
      return false;
    }
  };
  const clear = (): boolean => {
    written = undefined;
    return remove(storage, [name]);
  };
  return { put, clear };
}

/** Takes local drafts away. */
export function remove(storage: Store, names: readonly string[]): boolean {
  try {
    for (const name of names) {
      storage.removeItem(name);
      storage.removeItem(baseName(name));
    }
    return true;
  } catch {
    return false;
  }
}

/** The names of all local drafts of a workflow, whatever tab they are of; `heddle.draft.<workflow>` is one of an older format. */
export function localDraftsOf(storage: Store, workflow: string): string[] {
  try {
    const names = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
    const own = `${prefix}${workflow}`;
    return names.filter((name) => (name === own || name.startsWith(`${own}.`)) && !name.endsWith(baseSuffix));
  } catch {
    return [];
  }
}

/** The tab that a local draft is of; undefined for one of the older format. */
export const tabOf = (name: string, workflow: string): string | undefined =>
  name.slice(`${prefix}${workflow}.`.length) || undefined;

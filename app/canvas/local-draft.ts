import type { Workflow } from '../../flow/document/workflow.ts';
import type { Store } from '../host/keep.ts';
import type { Draft } from './draft.ts';

/** Where an editor keeps what its workflow has not stored yet. Both say whether that is so now: storage may be full or forbidden. */
export interface LocalDraft {
  /** Under which it lies in the storage. */
  readonly name: string;
  put(draft: Draft): boolean;
  clear(): boolean;
}

/** All that a tab keeps begins so; then come the workflow and the opening. The document that the edits are based on lies beside them, written once a revision. */
const prefix = 'heddle.draft.';
const baseSuffix = '.base';
export const formatNumber = 2;

export const localDraftName = (workflow: string, opening: string): string => `${prefix}${workflow}.${opening}`;
export const baseName = (name: string): string => `${name}${baseSuffix}`;

/** The local draft of an editor for a workflow: no other one writes there. */
export function openLocalDraft(
  storage: Store,
  workflow: string,
  opening: string,
  now: () => number = Date.now,
): LocalDraft {
  const name = localDraftName(workflow, opening);
  let written: Workflow | undefined;
  const put = ({ revision, base, pending, inFlight, unsure }: Draft): boolean => {
    const isAnew = written !== base;
    try {
      if (isAnew) storage.setItem(baseName(name), JSON.stringify({ revision, document: base }));
      written = base;
      const sent = Math.max(inFlight, unsure);
      storage.setItem(name, JSON.stringify({ v: formatNumber, at: now(), revision, sent, edits: pending }));
      return true;
    } catch {
      written = undefined;
      // Edits without what they are based on can be read by nobody, and take the room of what can.
      if (isAnew) remove(storage, [name]);
      return false;
    }
  };
  const clear = (): boolean => {
    written = undefined;
    return remove(storage, [name]);
  };
  return { name, put, clear };
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

/** Keeps something in the place of local drafts, also where there is no room for both; false, and they are still there, where it could not be kept. */
export function keepInPlaceOf(storage: Store, names: readonly string[], keep: () => boolean): boolean {
  const isKept = keep();
  const texts = names.flatMap((name) => [name, baseName(name)]).map((name) => [name, storage.getItem(name)] as const);
  remove(storage, names);
  if (isKept || keep()) return true;
  for (const [name, text] of texts) if (text !== null) storage.setItem(name, text);
  return false;
}

/** The names of all local drafts of a workflow, whosever they are; `heddle.draft.<workflow>` is one of an older format. */
export function localDraftsOf(storage: Store, workflow: string): string[] {
  try {
    const names = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
    const own = `${prefix}${workflow}`;
    return names.filter((name) => (name === own || name.startsWith(`${own}.`)) && !name.endsWith(baseSuffix));
  } catch {
    return [];
  }
}

/** The opening of an editor that a local draft is of (`tabs.ts`); undefined for one of the older format. */
export const openingIn = (name: string, workflow: string): string | undefined =>
  name.slice(`${prefix}${workflow}.`.length) || undefined;

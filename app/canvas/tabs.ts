import { localDraftsOf, openingIn } from './local-draft.ts';
import type { Store } from '../host/keep.ts';

/** The name of this tab for as long as its page lives. */
const thisTab: string = [...crypto.getRandomValues(new Uint8Array(9))]
  .map((byte) => byte.toString(16).padStart(2, '0'))
  .join('');

const lockOf = (tab: string): string => `heddle.tab.${tab}`;

/** Only pages of https and of this machine have locks; the browser lets go of them however a page ends. */
const locks: LockManager | undefined = typeof navigator === 'undefined' ? undefined : navigator.locks;
void locks?.request(lockOf(thisTab), () => new Promise<never>(() => {})).catch(() => undefined);

const openings = new WeakMap<object, string>();
let opened = 0;

/** Under which name an editor keeps its local draft: each time one is opened another, so that none writes over what an earlier one left. */
export function openingOf(editor: object): string {
  const name = openings.get(editor) ?? `${thisTab}-${++opened}`;
  openings.set(editor, name);
  return name;
}

const tabIn = (opening: string): string => opening.replace(/-\d+$/, '');

/** The local drafts of a workflow that no other living tab looks after. Where nobody can tell who lives, all of them. */
export async function orphans(storage: Store, workflow: string): Promise<string[]> {
  const names = localDraftsOf(storage, workflow);
  if (names.length === 0) return [];
  const held = await locks?.query().catch(() => undefined);
  const alive = new Set(held?.held?.map(({ name }) => name));
  return names.filter((name) => {
    const tab = tabIn(openingIn(name, workflow) ?? thisTab);
    return tab === thisTab || !alive.has(lockOf(tab));
  });
}

import type { CheckContext } from '../../flow/check/view.ts';
import { credentialTypes } from '../../flow/document/credential.ts';
import type { Issue } from '../../flow/document/workflow.ts';
import { tellAll } from './calm.ts';
import type { checkHere } from './check-here.ts';
import type { EditorState, EditorStore } from './editor-state.ts';
import { lackingTypes } from './keep-cards.ts';
import { keptIn } from './kept-forms.ts';

/** Calls back when the page has nothing better to do; gives the way to stop. */
export type Idle = (work: () => void) => () => void;

/** The browser's idle callback, or a moment where it has none. */
export const whenIdle: Idle = (work) => {
  if (typeof requestIdleCallback === 'function') {
    const id = requestIdleCallback(work, { timeout: 400 });
    return () => cancelIdleCallback(id);
  }
  const id = setTimeout(work, 120);
  return () => clearTimeout(id);
};

type Check = typeof checkHere;

/** The check brings the expressions and their patterns with it: they are loaded when there is something to check. */
const loadCheck = async (): Promise<Check> => {
  const [loaded] = await Promise.all([import('./check-here.ts'), loadTexts()]);
  return loaded.checkHere;
};

const loadKept = () => import('./kept-issues.ts');

/** Loads what follows a key that is renamed through expressions and code. A document without nodes does without. */
export const loadTexts = async (): Promise<void> => void (await import('../../flow/document/edits/rename-texts.ts'));

/**
 * Keeps the Issues true while somebody types. A large document is checked once for many keys; one without nodes keeps the Issues
 * that it was opened with. Gives the way to stop.
 */
export function keepChecked(store: EditorStore, idle: Idle = whenIdle, load = loadCheck): () => void {
  let cancel: (() => void) | undefined;
  let isPlanned = false;
  let working: Promise<void> | undefined;
  // What was wrong when the workflow was opened is told at once.
  let isAsOpened = store.getState().history.document.nodes.length > 0;
  const work = async () => {
    try {
      const look = await load();
      const { history, catalogue } = store.getState();
      // What a node lacks is known once its card is here; it brings the next look.
      if (lackingTypes(store.getState()).length > 0) return;
      const kept = keptIn(store.getState().id).size > 0 ? (await loadKept()).keptIssues(store.getState()) : [];
      store.setState({ issues: [...look(history.document, catalogue, contextOf(store.getState())), ...kept] });
      if (isAsOpened) tellAll(store);
      isAsOpened = false;
    } catch {
      // It did not load: the server checks what is published all the same, and the next edit asks again.
    }
  };
  const begin = (): Promise<void> => {
    isPlanned = false;
    const one = work().finally(() => {
      if (working === one) working = undefined;
    });
    working = one;
    return one;
  };
  const plan = () => {
    cancel?.();
    isPlanned = true;
    cancel = idle(() => void begin());
  };
  checks.set(store, async () => {
    while (isPlanned || working) {
      cancel?.();
      await (isPlanned ? begin() : working);
    }
  });
  const hasNodes = () => store.getState().history.document.nodes.length > 0;
  if (hasNodes()) plan();
  const stop = store.subscribe((state, before) => {
    if (state.history.document !== before.history.document || state.catalogue !== before.catalogue) plan();
    else if ((state.credentials !== before.credentials || state.workflows !== before.workflows) && hasNodes()) plan();
  });
  return () => {
    stop();
    cancel?.();
    checks.delete(store);
  };
}

/** How what is planned is done at once, by editor. */
const checks = new WeakMap<EditorStore, () => Promise<void>>();

/** Resolves when the Issues are those of what is on the canvas now: whoever acts right after an edit is judged by the edit. */
export const whenChecked = async (store: EditorStore): Promise<void> => checks.get(store)?.();

function contextOf({ id: own, index, credentials, workflows, bases }: EditorState): CheckContext {
  const types = index.map(({ type }) => type);
  const unsent = credentials?.filter(({ type }) => !credentialTypes[type].isSent);
  return {
    types,
    hasOwnAddress: bases?.hasOwnAddress ?? false,
    ...(credentials && { credentials: credentials.map(({ name }) => name) }),
    ...(unsent && { unsent: unsent.map(({ name }) => name) }),
    ...(workflows && {
      workflows,
      id: own,
      taken: workflows.flatMap(({ id, name, listens = [] }) =>
        id === own ? [] : listens.map((one) => ({ ...one, by: name })),
      ),
    }),
  };
}

/** Issues by the key of their node, those of edges under the edge's end. */
export const issuesByNode = (issues: readonly Issue[]): Map<string, Issue[]> =>
  Map.groupBy(
    issues.filter(({ where }) => where.node !== undefined),
    ({ where }) => where.node ?? '',
  );

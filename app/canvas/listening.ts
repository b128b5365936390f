import type { Node, Pinned } from '../../flow/document/workflow.ts';
import { asStored, complain, runDraft } from './desk.ts';
import type { Desk } from './desk.ts';
import { edit } from './editing.ts';
import type { EditorStore, Listening } from './editor-state.ts';
import { ApiError } from '../api/api-error.ts';

const everyMs = 1_000;

/** Whether a node can be tried from outside before it is live: a webhook is called, a form is sent. */
export const isHeard = ({ type }: Pick<Node, 'type'>): boolean => type === 'start.webhook' || type === 'start.form';

/** What the way to try it is called. */
export const listenWords = ({ type }: Pick<Node, 'type'>): string =>
  type === 'start.form' ? 'Test the form' : 'Listen for a test call';

/** The webhook or form that is meant: the chosen one, or the only one. */
export function heardOf({ store }: Pick<Desk, 'store'>, chosen: string | undefined): Node | undefined {
  const heard = store.getState().history.document.nodes.filter(isHeard);
  return heard.find(({ key }) => key === chosen) ?? (heard.length === 1 ? heard[0] : undefined);
}

/** The webhook that is meant: the chosen one, or the only one. */
export function hookOf({ store }: Pick<Desk, 'store'>, chosen: string | undefined): Node | undefined {
  const hooks = store.getState().history.document.nodes.filter(({ type }) => type === 'start.webhook');
  return hooks.find(({ key }) => key === chosen) ?? (hooks.length === 1 ? hooks[0] : undefined);
}

/** Listens for a test call of a webhook, or for a form of the draft to be sent, as it is on the canvas. */
export async function listen(desk: Desk, key: string): Promise<void> {
  try {
    stopListening(desk);
    const { id } = desk.store.getState();
    const begun = await asStored(desk, (revision) => desk.remote.listen(id, key, revision));
    const { methods, ...rest } = begun;
    desk.store.setState({ listening: { key, ...rest, method: methods[0] ?? 'POST', runs: false } });
  } catch (error) {
    complain(desk, 'It is not listening.', error);
  }
}

/** Whether the call runs the draft as it comes; who calls is answered by that run then. */
export function setRuns(desk: Desk, runs: boolean): void {
  const { listening, id } = desk.store.getState();
  if (!listening) return;
  const set = (now: boolean) =>
    desk.store.setState(({ listening: one }) => (one?.id === listening.id ? { listening: { ...one, runs: now } } : {}));
  set(runs);
  desk.remote.setAwaits(id, listening.id, runs).catch((error: unknown) => {
    // A call that has come, or a time that is over, is heard of in a moment anyway.
    if (error instanceof ApiError && error.status === 404) return;
    set(!runs);
    complain(desk, 'The test call will not run the draft.', error);
  });
}

/** Stops listening: the test address is gone. */
export function stopListening({ store, remote }: Pick<Desk, 'store' | 'remote'>): void {
  const { listening, id } = store.getState();
  if (!listening) return;
  store.setState({ listening: undefined });
  endAt({ remote }, id, listening);
}

/** It ends by itself after five minutes, should this not arrive; who called and waits for a run is told that there is none. */
function endAt({ remote }: Pick<Desk, 'remote'>, workflow: string, { id }: Listening): void {
  void remote.stopListening(workflow, id).catch(() => undefined);
}

/** Asks for the test call while somebody listens; what comes is pinned to the webhook, and run if that was wanted. Gives the way to stop. */
export function keepHearing(desk: Desk): () => void {
  const { store } = desk;
  let cancel: (() => void) | undefined;
  const again = () => {
    cancel?.();
    cancel = store.getState().listening && desk.later(() => void ask(), everyMs);
  };
  const ask = async () => {
    const { listening, id } = store.getState();
    if (!listening) return;
    try {
      const heard = await desk.remote.heard(id, listening.id);
      if (isStill(store, listening)) await take(desk, heard);
    } catch (error) {
      // A server that is away for a moment is asked again; one that knows nothing of it has ended it.
      if (error instanceof ApiError && error.status === 404 && isStill(store, listening))
        store.setState({ listening: undefined });
    }
    again();
  };
  const stop = store.subscribe((state, before) => {
    if (state.listening?.id !== before.listening?.id) again();
  });
  const leave = () => stopListening(desk);
  addEventListener('pagehide', leave);
  again();
  return () => {
    stop();
    cancel?.();
    removeEventListener('pagehide', leave);
    leave();
  };
}

/** Whether it is a form that is listened to. */
export const isForm = (store: EditorStore, { key }: Listening): boolean =>
  store.getState().history.document.nodes.some((node) => node.key === key && node.type === 'start.form');

const isStill = (store: EditorStore, { id }: Listening): boolean => store.getState().listening?.id === id;

async function take(desk: Desk, { state, call }: { state: string; call?: unknown }): Promise<void> {
  const { store, say } = desk;
  const { listening, usedRun } = store.getState();
  if (!listening || state === 'listening') return;
  store.setState({ listening: undefined });
  if (state === 'over')
    return say({
      title: isForm(store, listening) ? 'The form was not sent' : 'No test call came',
      text: 'The test URL held for 5 minutes. Listen again for a new one.',
    });
  const { key, runs } = listening;
  const sent = isForm(store, listening);
  edit(store, { do: 'set-pin', key, pinned: [call] }, sent ? 'Pin what was sent' : 'Pin the test call');
  // Who asked for a call wants to try with it, and not with a run that was loaded before.
  store.setState({
    isDataOpen: true,
    selection: { nodes: new Set([key]), edges: new Set(), notes: new Set() },
    usedRun: undefined,
    usedData: undefined,
  });
  const letGo = usedRun === undefined ? '' : ` Data of run ${usedRun.slice(-6)} is not used any more.`;
  say({
    title: sent ? 'The form was sent' : 'The test call is here',
    text: `It is pinned: every test run starts with it until you unpin it. Runs of the live version do not.${letGo}`,
  });
  const { id } = store.getState();
  if (!runs || !(await runDraft(desk, { start: key, listening: listening.id }))) endAt(desk, id, listening);
}

/** What a call of a webhook looks like, to begin with while none has come. */
export function sampleCall({ params = {} }: Node): Pinned {
  const methods = Array.isArray(params['methods']) ? params['methods'] : [];
  const path = typeof params['path'] === 'string' ? params['path'] : '';
  const method: unknown = methods[0] ?? 'POST';
  const named = [...path.matchAll(/:([A-Za-z_]\w*)/g)].map(([, name = '']) => [name, '1']);
  return [
    {
      method,
      path: `/${path.replaceAll(/:[A-Za-z_]\w*/g, '1')}`,
      headers: { 'content-type': 'application/json' },
      query: {},
      params: Object.fromEntries(named),
      body: { example: true },
    },
  ];
}

/** A command for a terminal that calls an address as a test. */
export const curlOf = ({ url, method }: Pick<Listening, 'url' | 'method'>): string =>
  method === 'GET' || method === 'HEAD'
    ? `curl '${url}'`
    : `curl -X ${method} -H 'content-type: application/json' -d '{"example":true}' '${url}'`;

import { store as browserStore } from '../host/keep.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ReactFlowProvider } from '@xyflow/react';
import { Suspense, useEffect, useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useStore } from 'zustand';
import { credentialsQuery } from '../api/credentials.ts';
import { meQuery } from '../api/me.ts';
import { useRole } from '../api/role.ts';
import { bind } from '../commands/command.ts';
import { editorCommands } from './commands/editor-commands.ts';
import { offer } from '../commands/registry.ts';
import type { Role } from '../../flow/contract/account.ts';
import { noteOpened } from '../host/opened.ts';
import { titlePage, toLogin } from '../host/place.ts';
import { toast } from '../ui/toast.ts';
import { LoneError } from '../ui/lone-error.tsx';
import { part } from '../ui/part.tsx';
import { whenThere } from '../ui/when-there.ts';
import { arrive } from './arrive.ts';
import { useCalledWorkflows } from '../graph/called-workflows.ts';
import { typesOf } from '../graph/catalogue.ts';
import { keepInSight } from '../graph/camera.ts';
import { keepChecked, loadTexts } from './checking.ts';
import { keepCompared } from './live-changes.ts';
import { ListenBar } from './listen-bar.tsx';
import { keepHearing } from './listening.ts';
import { DeskContext, useEditor } from './desk-context.tsx';
import { hideRun } from './desk.ts';
import { DraftTrouble } from './draft-trouble.tsx';
import { EditorBar } from './editor-bar.tsx';
import { EditorGraph } from './editor-graph.tsx';
import { openEditor } from './editor-state.ts';
import type { EditorStore } from './editor-state.ts';
import { chosenKey } from './editing.ts';
import type { Flow } from '../graph/graph.tsx';
import { keepCards } from './keep-cards.ts';
import { keepFresh } from './keep-fresh.ts';
import { useKeptFocus } from './kept-focus.ts';
import { keepRoom } from './keep-room.ts';
import { keepRun } from './kept-run.ts';
import { keepingWith, localDraftFor, openDesk } from './open-desk.ts';
import { Rail, SidePanel } from './rail.tsx';
import { openRemote } from '../api/remote.ts';
import { ApiError } from '../api/api-error.ts';
import type { Remote } from '../api/remote.ts';
import { keepSaved, saveNow, savesOf } from './saving.ts';
import { orphans } from './tabs.ts';
import { mayEdit } from './may-edit.ts';
import { takeRole } from './take-role.ts';
import './Editor.css';

// What an empty canvas does not need comes when it is first needed: e2e/weight.e2e.ts weighs what is loaded before.
const NodePanel = part(() => import('./node-panel.tsx'), { takesKeys: false });
const DataPanel = part(() => import('./data-panel.tsx'), { takesKeys: false });
const PublishDialog = part(() => import('./publish-dialog.tsx'));
const ClashDialog = part(() => import('./clash-dialog.tsx'));
const ChangesDialog = part(() => import('./changes-dialog.tsx'));
const AddressesDialog = part(() => import('./addresses-dialog.tsx'));
const TurnOff = part(() => import('./turn-off.tsx'));
const adopting = whenThere(() => import('./adopt.ts'));

interface EditorProps {
  readonly workflowId: string;
  /** The server; another one in tests. */
  readonly remote?: Remote;
}

const ours = openRemote();

/** The editor of a workflow: the draft on the canvas, its forms, its runs. */
export default function Editor({ workflowId, remote = ours }: EditorProps) {
  const [store, setStore] = useState<EditorStore>();
  const [trouble, setTrouble] = useState<Error>();
  const [tries, setTries] = useState(0);
  const [, go] = useLocation();
  const client = useQueryClient();
  useEffect(() => {
    let isGone = false;
    setTrouble(undefined);
    const role = () => client.ensureQueryData(meQuery).then((me) => me.role);
    load(remote, workflowId, role).then(
      (made) => {
        if (isGone) return;
        noteOpened(workflowId);
        setStore(made);
      },
      (error: unknown) => {
        if (isGone) return;
        if (error instanceof ApiError && error.status === 401) go(toLogin(), { replace: true });
        else setTrouble(error instanceof Error ? error : new Error('It did not load.'));
      },
    );
    return () => {
      isGone = true;
    };
  }, [remote, workflowId, tries, go, client]);
  if (trouble) return <NoWorkflow error={trouble} retry={() => setTries(tries + 1)} />;
  if (!store) return <main className="flow-room editor-coming" aria-busy aria-label="Loading the workflow" />;
  return (
    <ReactFlowProvider>
      <OpenEditor store={store} remote={remote} />
    </ReactFlowProvider>
  );
}

/** Opens a workflow, with what was not stored when the page was closed last. */
async function load(remote: Remote, id: string, roleOf: () => Promise<Role>): Promise<EditorStore> {
  await savesOf(id);
  // Without an answer they may: the server knows better.
  const asked = roleOf().catch(() => undefined);
  const [opened, index, role] = await Promise.all([remote.open(id), remote.index(), asked]);
  const used = new Set(typesOf(opened.document, opened.published?.document));
  const cards = await remote.cards(index.map(({ type }) => type).filter((type) => used.has(type)));
  const kept = mayEdit({ role }) ? await orphans(browserStore(), id) : [];
  if (opened.document.nodes.length + kept.length > 0) await loadTexts();
  const store = openEditor(opened, { index, cards, role });
  // Under 1200 the palette lies over the canvas: it opens when it is asked for.
  if (innerWidth < 1200) store.setState({ side: 'none' });
  if (kept.length > 0) (await adopting()).adopt(store, kept, adoptingFor(store));
  return store;
}

const adoptingFor = (store: EditorStore) => ({ storage: browserStore(), own: localDraftFor(store), say: toast });

/** The role of whoever looks may change while they look: what they could not save while they might not edit comes back when they may. */
function useKeptRole(store: EditorStore): void {
  const role = useRole();
  useEffect(() => {
    if (role === undefined) return;
    if (mayEdit(store.getState()) || !mayEdit({ role })) return takeRole(store, role, toast);
    let isGone = false;
    // Found before they may: from then on what lies in this browser is kept in step with the canvas.
    void Promise.all([orphans(browserStore(), store.getState().id), adopting()]).then(([kept, { adopt }]) => {
      if (isGone) return;
      takeRole(store, role, toast);
      adopt(store, kept, adoptingFor(store));
    });
    return () => {
      isGone = true;
    };
  }, [store, role]);
}

function OpenEditor({ store, remote }: { store: EditorStore; remote: Remote }) {
  const [flow, setFlow] = useState<Flow>();
  const [, go] = useLocation();
  const keeping = useMemo(() => keepingWith(remote, store), [store, remote]);
  const desk = useMemo(() => openDesk(store, keeping, remote, flow, go), [store, keeping, remote, flow, go]);
  useEffect(() => keepCards(store, remote, keeping.later), [store, remote, keeping]);
  useEffect(() => keepChecked(store), [store]);
  useEffect(() => keepCompared(store), [store]);
  useEffect(() => keepHearing(desk), [desk]);
  useEffect(() => keepFresh(desk), [desk]);
  useEffect(() => keepRoom(store), [store]);
  useKeptRole(store);
  const { data: credentials } = useQuery(credentialsQuery);
  useEffect(() => store.setState({ credentials }), [store, credentials]);
  const workflows = useCalledWorkflows(useStore(store, ({ history }) => history.document));
  useEffect(() => store.setState({ workflows }), [store, workflows]);
  useEffect(() => keepSaved(store, keeping), [store, keeping]);
  useEffect(() => saveAtOnce(() => void saveNow(store, keeping)), [store, keeping]);
  useEffect(() => offer(editorCommands.map((command) => bind(command, () => desk))), [desk]);
  // Before the run is hidden as the editor closes: that is no wish of anybody.
  useEffect(() => keepRun(desk), [desk]);
  useEffect(() => () => hideRun({ store }), [store]);
  useEffect(() => arrive(desk, flow), [desk, flow]);
  useEffect(() => keepInSight(desk.camera, () => chosenKey(store.getState().selection)), [desk, store]);
  useKeptFocus(desk);
  return (
    <DeskContext value={desk}>
      <Titled />
      <div className="app-editor">
        <EditorBar />
        <div className="editor-rooms">
          <Rail />
          <SidePanel />
          <div className="editor-middle">
            <div className="col editor-canvas">
              <DraftTrouble />
              <div className="listen-over">
                <ListenBar />
              </div>
              <EditorGraph onReady={setFlow} />
            </div>
            <Data />
          </div>
          <Chosen />
        </div>
        <Sheets />
        <Said />
        {/* Tips and menus lie over all rooms: inside the canvas the bar and the panels would cover them. */}
        <aside aria-label="Over the editor" data-floats />
      </div>
    </DeskContext>
  );
}

/** Saves as the editor opens, when the network is back, and when the page is hidden: nobody may come back to it. Gives the way to stop. */
function saveAtOnce(save: () => void): () => void {
  save();
  const hidden = () => document.visibilityState === 'hidden' && save();
  addEventListener('online', save);
  document.addEventListener('visibilitychange', hidden);
  return () => {
    removeEventListener('online', save);
    document.removeEventListener('visibilitychange', hidden);
  };
}

/** The name of the workflow on the tab of the browser. */
function Titled() {
  const name = useEditor(({ history }) => history.document.name);
  useEffect(() => {
    titlePage(`${name} · Heddle`);
  }, [name]);
  return null;
}

function Chosen() {
  const isOne = useEditor(({ selection }) => chosenKey(selection) !== undefined);
  if (!isOne) return null;
  return (
    <Suspense fallback={<aside className="panel node-panel" aria-busy aria-label="Node" />}>
      <NodePanel />
    </Suspense>
  );
}

function Data() {
  const isOpen = useEditor((state) => state.isDataOpen);
  if (!isOpen) return null;
  return (
    <Suspense fallback={<section className="data-room" aria-busy aria-label="Data of the node" />}>
      <DataPanel />
    </Suspense>
  );
}

/** What is asked or told over the canvas: each comes when it is first opened. */
function Sheets() {
  const isPublish = useEditor((state) => state.isPublishOpen);
  const isClash = useEditor(({ isClashOpen, draft }) => isClashOpen && draft.trouble?.kind === 'clash');
  const open = useEditor((state) => state.open);
  return (
    <Suspense fallback={null}>
      {isPublish && <PublishDialog />}
      {isClash && <ClashDialog />}
      {open === 'changes' && <ChangesDialog />}
      {open === 'addresses' && <AddressesDialog />}
      {open === 'turn-off' && <TurnOff />}
    </Suspense>
  );
}

/** What was done, for people who do not see it. */
function Said() {
  const said = useEditor((state) => state.said);
  return (
    <div className="sr" role="status" aria-live="polite">
      {said}
    </div>
  );
}

/** One that is not there does not come by asking again: the way to those that are. */
function NoWorkflow({ error, retry }: { error: Error; retry: () => void }) {
  const isGone = error instanceof ApiError && error.status === 404;
  return (
    <LoneError
      title="Workflow"
      what={isGone ? 'This workflow is not here.' : 'The workflow did not load.'}
      error={isGone ? new Error('It may belong to another workspace, or it was deleted.') : error}
      {...(isGone ? {} : { retry })}
    >
      <Link href="/" className="btn lone-way">
        All workflows
      </Link>
    </LoneError>
  );
}

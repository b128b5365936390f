import { useQuery } from '@tanstack/react-query';
import { ReactFlowProvider } from '@xyflow/react';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { credentialsQuery } from '../api/credentials.ts';
import { bind } from '../commands/command.ts';
import { editorCommands } from '../commands/editor-commands.ts';
import { offer } from '../commands/registry.ts';
import { PaletteHost } from '../shell/palette-host.tsx';
import { toLogin } from '../shell/to-login.ts';
import { LoneError } from '../ui/lone-error.tsx';
import { arrive } from './arrive.ts';
import { keepInSight } from './camera.ts';
import { keepChecked } from './checking.ts';
import { DeskContext, useEditor } from './desk-context.tsx';
import { hideRun } from './desk.ts';
import { DraftTrouble } from './draft-trouble.tsx';
import { EditorBar } from './editor-bar.tsx';
import { EditorGraph } from './editor-graph.tsx';
import { openEditor } from './editor-state.ts';
import type { EditorStore } from './editor-state.ts';
import { chosenKey } from './editing.ts';
import type { Flow } from './graph.tsx';
import { useKeptFocus } from './kept-focus.ts';
import { keepingWith, openDesk } from './open-desk.ts';
import { Rail, SidePanel } from './rail.tsx';
import { FarProblem, openRemote } from './remote.ts';
import type { Remote } from './remote.ts';
import { keepSaved, saveNow, unsaved } from './saving.ts';

// What an empty canvas does not need comes when it is first needed: e2e/weight.e2e.ts weighs what is loaded before.
const NodePanel = lazy(() => import('./node-panel.tsx'));
const DataPanel = lazy(() => import('./data-panel.tsx'));
const PublishDialog = lazy(() => import('./publish-dialog.tsx'));

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
  useEffect(() => {
    let isGone = false;
    setTrouble(undefined);
    load(remote, workflowId).then(
      (made) => !isGone && setStore(made),
      (error: unknown) => {
        if (isGone) return;
        if (error instanceof FarProblem && error.status === 401) go(toLogin(), { replace: true });
        else setTrouble(error instanceof Error ? error : new Error('It did not load.'));
      },
    );
    return () => {
      isGone = true;
    };
  }, [remote, workflowId, tries, go]);
  if (trouble)
    return (
      <LoneError title="Workflow" what="The workflow did not load." error={trouble} retry={() => setTries(tries + 1)} />
    );
  if (!store)
    return <main className="flow-room" aria-busy aria-label="Loading the workflow" style={{ height: '100vh' }} />;
  return (
    <ReactFlowProvider>
      <OpenEditor store={store} remote={remote} />
    </ReactFlowProvider>
  );
}

/** Opens a workflow, with what was not stored when the page was closed last. */
async function load(remote: Remote, id: string): Promise<EditorStore> {
  const [opened, cards] = await Promise.all([remote.open(id), remote.cards()]);
  const kept = unsaved(localStorage, id, opened.revision);
  const store = openEditor(opened, cards);
  // Under 1200 the palette lies over the canvas: it opens when it is asked for.
  if (innerWidth < 1200) store.setState({ side: 'none' });
  if (kept) {
    const { history, draft } = store.getState();
    store.setState({
      history: { ...history, document: kept },
      draft: { ...draft, pending: [{ do: 'set-name', name: kept.name }] },
      said: 'What was not saved is here again.',
    });
  }
  return store;
}

function OpenEditor({ store, remote }: { store: EditorStore; remote: Remote }) {
  const [flow, setFlow] = useState<Flow>();
  const [, go] = useLocation();
  const desk = useMemo(() => openDesk(store, remote, flow, go), [store, remote, flow, go]);
  useEffect(() => keepChecked(store), [store]);
  const { data: credentials } = useQuery(credentialsQuery);
  useEffect(() => store.setState({ credentials }), [store, credentials]);
  useEffect(() => keepSaved(store, keepingWith(remote)), [store, remote]);
  useEffect(() => void saveNow(store, keepingWith(remote)), [store, remote]);
  useEffect(() => offer(editorCommands.map((command) => bind(command, () => desk))), [desk]);
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
            <div className="col" style={{ minHeight: 0 }}>
              <DraftTrouble />
              <EditorGraph onReady={setFlow} />
            </div>
            <Data />
          </div>
          <Chosen />
        </div>
        <Publishing />
        <Said />
        {/* Tips and menus lie over all rooms: inside the canvas the bar and the panels would cover them. */}
        <aside aria-label="Over the editor" data-floats />
      </div>
      <PaletteHost />
    </DeskContext>
  );
}

/** The name of the workflow on the tab of the browser. */
function Titled() {
  const name = useEditor(({ history }) => history.document.name);
  useEffect(() => {
    document.title = `${name} · Heddle`;
  }, [name]);
  return null;
}

function Chosen() {
  const isOne = useEditor(({ selection }) => chosenKey(selection) !== undefined);
  if (!isOne) return null;
  return (
    <Suspense fallback={<aside className="panel node-panel inspector" aria-busy aria-label="Node" />}>
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

function Publishing() {
  const isOpen = useEditor((state) => state.isPublishOpen);
  return (
    isOpen && (
      <Suspense fallback={null}>
        <PublishDialog />
      </Suspense>
    )
  );
}

/** What was done, for people who do not see it. */
function Said() {
  const said = useEditor((state) => state.said);
  return (
    <div className="editor-said" role="status" aria-live="polite">
      {said}
    </div>
  );
}

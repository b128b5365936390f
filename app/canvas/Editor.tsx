import { ReactFlowProvider } from '@xyflow/react';
import { ListTree, Plus, Table2 } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { bind } from '../commands/command.ts';
import { editorCommands } from '../commands/editor-commands.ts';
import { offer } from '../commands/registry.ts';
import { ErrorState } from '../ui/rest-states.tsx';
import { toast } from '../ui/toast.ts';
import { keepChecked } from './checking.ts';
import { DataPanel } from './data-panel.tsx';
import { DeskContext, useDesk, useEditor } from './desk-context.tsx';
import { hideRun } from './desk.ts';
import type { Desk } from './desk.ts';
import { DraftTrouble } from './draft-trouble.tsx';
import { EditorBar } from './editor-bar.tsx';
import { EditorGraph } from './editor-graph.tsx';
import { openEditor } from './editor-state.ts';
import type { EditorStore } from './editor-state.ts';
import type { Flow } from './graph.tsx';
import { NodePanel } from './node-panel.tsx';
import { Outline } from './outline.tsx';
import { Palette } from './palette.tsx';
import { PublishDialog } from './publish-dialog.tsx';
import { openRemote } from './remote.ts';
import type { Remote } from './remote.ts';
import { keepSaved, saveNow, unsaved } from './saving.ts';
import type { Keeping } from './saving.ts';
import { tidy } from './tidy.ts';

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
  useEffect(() => {
    let isGone = false;
    setTrouble(undefined);
    load(remote, workflowId).then(
      (made) => !isGone && setStore(made),
      (error: unknown) => !isGone && setTrouble(error instanceof Error ? error : new Error('It did not load.')),
    );
    return () => {
      isGone = true;
    };
  }, [remote, workflowId, tries]);
  if (trouble)
    return <ErrorState what="The workflow did not load." error={trouble} retry={() => setTries(tries + 1)} />;
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

const keeping = (remote: Remote): Keeping => ({
  remote,
  shelf: localStorage,
  later: (work, ms) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
});

function OpenEditor({ store, remote }: { store: EditorStore; remote: Remote }) {
  const [flow, setFlow] = useState<Flow>();
  const [, go] = useLocation();
  const desk = useMemo(() => openDesk(store, remote, flow, go), [store, remote, flow, go]);
  useEffect(() => keepChecked(store), [store]);
  useEffect(() => keepSaved(store, keeping(remote)), [store, remote]);
  useEffect(() => void saveNow(store, keeping(remote)), [store, remote]);
  useEffect(() => offer(editorCommands.map((command) => bind(command, () => desk))), [desk]);
  useEffect(() => () => hideRun({ store }), [store]);
  return (
    <DeskContext value={desk}>
      <div className="app-editor">
        <EditorBar />
        <div className="editor-rooms">
          <Rail />
          <Side />
          <div className="editor-middle">
            <div className="col" style={{ minHeight: 0 }}>
              <DraftTrouble />
              <EditorGraph onReady={setFlow} />
            </div>
            <DataPanel />
          </div>
          <NodePanel />
        </div>
        <PublishDialog />
        <Said />
      </div>
    </DeskContext>
  );
}

function openDesk(store: EditorStore, remote: Remote, flow: Flow | undefined, open: (path: string) => void): Desk {
  return {
    store,
    remote,
    open,
    tidy,
    say: toast,
    clipboard: navigator.clipboard,
    save: () => saveNow(store, keeping(remote)),
    camera: {
      fit: () => void flow?.fitView({ padding: 0.2, maxZoom: 1, duration: 200 }),
      zoomBy: (factor) => void flow?.zoomTo((flow.getZoom() || 1) * factor, { duration: 120 }),
      centre: () => {
        const room = document.querySelector('.flow-room')?.getBoundingClientRect() ?? new DOMRect(0, 0, 800, 600);
        const place = flow?.screenToFlowPosition({ x: room.x + room.width / 2, y: room.y + room.height / 2 });
        return [place?.x ?? 0, place?.y ?? 0];
      },
      show: (keys) =>
        // After the next frame: a node that was just added has no size before.
        requestAnimationFrame(() =>
          flow?.fitView({
            nodes: keys.map((id) => ({ id })),
            maxZoom: flow.getZoom(),
            minZoom: flow.getZoom(),
            duration: 200,
          }),
        ),
    },
    focus: (where) =>
      requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-focus="${where}"]`)?.focus()),
  };
}

function Rail() {
  const { store } = useDesk();
  const side = useEditor((state) => state.side);
  const isData = useEditor((state) => state.isDataOpen);
  const flip = (to: 'palette' | 'outline') => store.setState({ side: side === to ? 'none' : to });
  return (
    <nav className="rail" aria-label="Panels">
      <button type="button" aria-label="Nodes" aria-pressed={side === 'palette'} onClick={() => flip('palette')}>
        <Plus className="i i-18" aria-hidden />
      </button>
      <button type="button" aria-label="Outline" aria-pressed={side === 'outline'} onClick={() => flip('outline')}>
        <ListTree className="i i-18" aria-hidden />
      </button>
      <button
        type="button"
        aria-label="Data"
        aria-pressed={isData}
        onClick={() => store.setState({ isDataOpen: !isData })}
      >
        <Table2 className="i i-18" aria-hidden />
      </button>
    </nav>
  );
}

function Side() {
  const side = useEditor((state) => state.side);
  if (side === 'none') return <span />;
  return side === 'palette' ? <Palette /> : <Outline />;
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

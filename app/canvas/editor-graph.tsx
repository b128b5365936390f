import { Suspense, useCallback, useMemo, useRef, useState } from 'react';
import type { MouseEvent } from 'react';
import { part } from '../ui/part.tsx';
import { useDesk, useEditor } from './desk-context.tsx';
import type { Desk } from './desk.ts';
import { select } from './editing.ts';
import { EmptyCanvas } from './empty-canvas.tsx';
import type { Scene } from '../graph/flow-model.ts';
import { gesturesOf } from './gestures.ts';
import { Graph } from '../graph/graph.tsx';
import type { Menu } from './canvas-menu.tsx';
import type { Flow } from '../graph/graph.tsx';
import { EdgeTools } from './edge-tools.tsx';
import { GraphPartsContext } from '../graph/parts.ts';
import { OwnNote } from './own-note.tsx';
import { TitleInput } from './title-input.tsx';
import { mayEdit } from './may-edit.ts';
import { LooseEdge } from './loose-edge.tsx';
import { Picker } from './picker.tsx';
import type { Selection } from '../graph/selection.ts';
import { RunBar } from './run-bar.tsx';
import { nodesOfUsedRun } from './used-data.ts';
import { usePicture, useTrouble } from './use-shown.ts';
import { ZoomBar } from './zoom-bar.tsx';

const CanvasMenu = part(() => import('./canvas-menu.tsx'));
const LinkPicker = part(() => import('./link-picker.tsx'));

/** What may be worked on in the graph itself. */
const parts = { Title: TitleInput, Note: OwnNote, EdgeTools };

/** The canvas of the editor: the draft as a graph, with every gesture an edit. */
export function EditorGraph({ onReady }: { onReady: (flow: Flow) => void }) {
  const desk = useDesk();
  const scene = useScene();
  const [menu, setMenu] = useState<Menu>();
  const gestures = useMemo(() => gesturesOf(desk, setMenu), [desk]);
  const choose = useCallback((selection: Selection) => chooseNew(desk, selection), [desk]);
  const open = useCallback(() => desk.focus('form'), [desk]);
  const whole = useWholeClicks();
  return (
    <main
      className="flow-room"
      aria-label="Canvas"
      tabIndex={-1}
      data-focus="canvas"
      data-toasts
      onClickCapture={whole}
      onFocus={(event) => chooseFocused(desk, event.target)}
    >
      <GraphPartsContext value={parts}>
        <Graph scene={scene} select={choose} gestures={gestures} onReady={onReady} onOpen={open}>
          <EmptyCanvas />
          <LooseEdge />
        </Graph>
      </GraphPartsContext>
      <RunBar />
      <ZoomBar />
      {/* Over the bars, which the graph's own layers are under. */}
      <Picker />
      <Links />
      <Suspense fallback={null}>{menu && <CanvasMenu menu={menu} close={() => setMenu(undefined)} />}</Suspense>
    </main>
  );
}

/**
 * A double click belongs to what its first press was on: that may be gone by the second, as a start button of the empty canvas is, which would
 * then press the canvas and choose nothing.
 */
function useWholeClicks() {
  const isOnPane = useRef(false);
  return useCallback((event: MouseEvent) => {
    const onPane = event.target instanceof Element && event.target.classList.contains('react-flow__pane');
    if (event.detail <= 1) isOnPane.current = onPane;
    else if (onPane && !isOnPane.current) event.stopPropagation();
  }, []);
}

function Links() {
  const linking = useEditor((state) => state.linking);
  return (
    <Suspense fallback={null}>{linking && <LinkPicker key={linking.key + linking.act} linking={linking} />}</Suspense>
  );
}

function useScene(): Scene {
  const document = useEditor(({ history }) => history.document);
  const catalogue = useEditor((state) => state.catalogue);
  const selection = useEditor((state) => state.selection);
  const { loud, quiet, unready } = useTrouble();
  const unusedPins = useEditor(nodesOfUsedRun);
  const picture = usePicture();
  const isReadOnly = useEditor((state) => !mayEdit(state));
  return useMemo(
    () => ({ document, catalogue, selection, issues: loud, quiet, unready, unusedPins, picture, isReadOnly }),
    [document, catalogue, selection, loud, quiet, unready, unusedPins, picture, isReadOnly],
  );
}

const same = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((one) => b.has(one));

/** A press on what is chosen already is no news. */
function chooseNew({ store }: Desk, selection: Selection): void {
  const now = store.getState().selection;
  if (same(now.nodes, selection.nodes) && same(now.edges, selection.edges) && same(now.notes, selection.notes)) return;
  select(store, selection);
}

/** What is reached with Tab is chosen, so that every command is about it; a pointer chooses by itself. */
function chooseFocused({ store }: Desk, target: EventTarget): void {
  if (!(target instanceof Element) || !target.matches(':is(.react-flow__node, .react-flow__edge):focus-visible'))
    return;
  const id = target instanceof HTMLElement || target instanceof SVGElement ? target.dataset['id'] : undefined;
  if (id === undefined) return;
  const { selection } = store.getState();
  const note = id.startsWith('note:') ? id.slice('note:'.length) : undefined;
  if (note !== undefined) {
    if (!selection.notes.has(note)) select(store, { notes: new Set([note]) });
  } else if (target.matches('.react-flow__edge')) {
    if (!selection.edges.has(id)) select(store, { edges: new Set([id]) });
  } else if (!selection.nodes.has(id)) select(store, { nodes: new Set([id]) });
}

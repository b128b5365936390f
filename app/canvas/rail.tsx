import { CircleAlert, ListTree, Plus, Table2 } from 'lucide-react';
import { Suspense, useEffect } from 'react';
import type { ReactNode } from 'react';
import { Tip } from '../ui/tip.tsx';
import { part } from '../ui/part.tsx';
import { useDesk, useEditor } from './desk-context.tsx';
import { countOf, issueWords } from './calm.ts';
import type { EditorState } from './editor-state.ts';
import { mayEdit } from './may-edit.ts';
import { Palette } from './palette.tsx';
import { useTrouble } from './use-shown.ts';
import './Editor.css';
import './rail.css';

const Outline = part(() => import('./outline.tsx'), { takesKeys: false });
const IssueList = part(() => import('./issue-list.tsx'), { takesKeys: false });

/** The narrow bar at the left: which panel stands open beside it. */
export function Rail() {
  const { store } = useDesk();
  const isData = useEditor((state) => state.isDataOpen);
  const may = useEditor(mayEdit);
  const words = useEditor(issueWords);
  const marked = useEditor(countOf);
  const { loud } = useTrouble();
  const isLoudAtNode = [...loud.values()].flat().some(({ level }) => level === 'error');
  const isLoud = useEditor(
    ({ issues }) => isLoudAtNode || issues.some(({ level, where }) => level === 'error' && where.node === undefined),
  );
  return (
    <nav className="rail" aria-label="Panels">
      {may && (
        <SideButton side="palette" label="Nodes" keys="A">
          <Plus className="i i-18" aria-hidden />
        </SideButton>
      )}
      <SideButton side="outline" label="Outline" keys="O">
        <ListTree className="i i-18" aria-hidden />
      </SideButton>
      <RailButton
        label="Data"
        keys="Shift+D"
        isOn={isData}
        press={() => store.setState(({ isDataOpen }) => ({ isDataOpen: !isDataOpen }))}
      >
        <Table2 className="i i-18" aria-hidden />
      </RailButton>
      <span className="end" />
      <SideButton side="issues" label={words} keys="I">
        <CircleAlert className="i i-18" aria-hidden />
        {marked > 0 && (
          <span className={isLoud ? 'pip is-failed' : 'pip'} aria-hidden>
            {marked > 99 ? '99' : marked}
          </span>
        )}
      </SideButton>
    </nav>
  );
}

interface RailButtonProps {
  readonly label: string;
  readonly keys: string;
  readonly isOn: boolean;
  readonly press: () => void;
  readonly children: ReactNode;
}

function RailButton({ label, keys, isOn, press, children }: RailButtonProps) {
  return (
    <Tip text={label} keys={keys}>
      <button type="button" aria-label={label} aria-pressed={isOn} onClick={press}>
        {children}
      </button>
    </Tip>
  );
}

type Side = EditorState['side'];

function SideButton({ side, ...rest }: { side: Side; label: string; keys: string; children: ReactNode }) {
  const { store } = useDesk();
  const isOn = useEditor((state) => state.side === side);
  return <RailButton isOn={isOn} press={() => store.setState({ side: isOn ? 'none' : side })} {...rest} />;
}

const narrow = matchMedia('(max-width: 1200px)');

/** The panel beside the rail. */
export function SidePanel() {
  const desk = useDesk();
  const side = useEditor((state) => state.side);
  const isOpen = side !== 'none';
  useEffect(() => {
    if (!isOpen) return;
    // Under 1200 it lies over the canvas: Escape takes it off, in it and at what opened it. What it has to close itself goes first.
    const close = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing || !narrow.matches) return;
      if (!(event.target instanceof Element) || !event.target.closest('.rail, .side-panel')) return;
      if (event.target instanceof HTMLInputElement && event.target.value !== '') return;
      event.preventDefault();
      desk.store.setState({ side: 'none' });
      desk.focus('graph');
    };
    addEventListener('keydown', close);
    return () => removeEventListener('keydown', close);
  }, [desk, isOpen]);
  if (side === 'none') return null;
  if (side === 'palette') return <Palette />;
  return (
    <Suspense fallback={<aside className="panel side-panel" aria-busy />}>
      {side === 'outline' ? <Outline /> : <IssueList />}
    </Suspense>
  );
}

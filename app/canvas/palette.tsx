import { Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { NodeEntry } from '../../flow/contract/node.ts';
import { SearchInput } from '../ui/field.tsx';
import { useDesk, useEditor } from './desk-context.tsx';
import type { Desk } from './desk.ts';
import { addNode, chosenKey } from './editing.ts';
import { families, findCards } from './find-cards.ts';
import { dragType } from '../graph/graph.tsx';
import { NodeIcon } from '../graph/node-icon.tsx';
import { noteUsed } from './used-lately.ts';
import './Editor.css';
import './palette.css';

/** All nodes there are: dragged onto the canvas, or pressed to add one beside what is chosen. */
export function Palette() {
  const index = useEditor((state) => state.index);
  const [words, setWords] = useState('');
  const found = useMemo(() => findCards(index, words), [index, words]);
  const desk = useDesk();
  const takeFirst = () => found[0] && addBeside(desk, found[0]);
  return (
    <aside className="panel side-panel is-flyout" aria-label="Nodes">
      <div className="palette-find">
        <SearchInput
          className="sm"
          icon={<Search className="i i-14 t3" aria-hidden />}
          end={<kbd>/</kbd>}
          placeholder="Find a node"
          aria-label="Find a node"
          data-focus="palette"
          value={words}
          onChange={(event) => setWords(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && takeFirst()}
        />
      </div>
      <div className="scrolls" tabIndex={-1}>
        {families.map(({ family, title }) => (
          <Group key={family} title={title} cards={found.filter((card) => card.family === family)} />
        ))}
        {found.length === 0 && <p className="empty">No node is called that.</p>}
      </div>
    </aside>
  );
}

/** Adds a node beside the chosen one, or in the middle of what is seen. */
export function addBeside(desk: Desk, card: NodeEntry): void {
  const key = chosenKey(desk.store.getState().selection);
  const added = addNode(desk.store, card, key === undefined ? { at: desk.camera.centre() } : { after: key });
  noteUsed(card.type);
  if (added === undefined) return;
  // In a narrow window the palette lies over what was just added.
  if (matchMedia('(max-width: 760px)').matches) desk.store.setState({ side: 'none' });
  desk.camera.show([added]);
}

function Group({ title, cards }: { title: string; cards: readonly NodeEntry[] }) {
  const desk = useDesk();
  if (cards.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2 className="palette-group">
        {title} <span className="num">{cards.length}</span>
      </h2>
      {cards.map((card) => (
        <button
          key={card.type}
          type="button"
          className="palette-item"
          data-family={card.family}
          title={card.summary}
          draggable
          onDragStart={(event) => {
            event.dataTransfer.setData(dragType, card.type);
            event.dataTransfer.effectAllowed = 'copy';
          }}
          onClick={() => addBeside(desk, card)}
        >
          <span className="tile sm">
            <NodeIcon name={card.icon} size={14} />
          </span>
          <span className="cut">{card.title}</span>
        </button>
      ))}
    </section>
  );
}

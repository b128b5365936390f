import { useMemo, useState } from 'react';
import type { Clash, Choices, Side } from '../../flow/document/merge/values.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useDesk, useEditor } from './desk-context.tsx';
import { clashWords } from './clash-words.ts';
import { clashOf, settleClash } from './saving.ts';
import './clash-dialog.css';

/** What both sides changed in two ways, side by side: somebody says for each which counts. Nothing is settled by itself. */
export default function ClashDialog() {
  const desk = useDesk();
  const draft = useEditor((state) => state.draft);
  const history = useEditor((state) => state.history);
  const [choices, setChoices] = useState<Choices>({});
  const clashes = useMemo(() => clashOf({ draft, history })?.clashes ?? [], [draft, history]);
  const open = clashes.filter(({ id }) => choices[id] === undefined).length;
  const all = (side: Side) => setChoices(Object.fromEntries(clashes.map(({ id }) => [id, side])));
  const close = () => {
    desk.store.setState({ isClashOpen: false });
    desk.focus('graph');
  };
  return (
    <Dialog
      open
      onClose={close}
      title="The same things were changed elsewhere"
      says="Everything else is merged. Choose what to keep here; until then nothing is saved, and your version stays on the canvas."
      foot={
        <>
          <Button onClick={close}>Decide later</Button>
          <Button
            tone="primary"
            disabled={open > 0}
            onClick={() => {
              settleClash(desk.store, choices);
              desk.focus('graph');
            }}
          >
            {open > 0 ? `${open} to choose` : 'Keep these'}
          </Button>
        </>
      }
    >
      <div className="row">
        <Button size="sm" onClick={() => all('ours')}>
          All mine
        </Button>
        <Button size="sm" onClick={() => all('theirs')}>
          All theirs
        </Button>
      </div>
      <div className="clash-list" tabIndex={0} role="group" aria-label="What to choose">
        {clashes.map((clash) => (
          <Choice
            key={clash.id}
            clash={clash}
            side={choices[clash.id]}
            choose={(side) => setChoices({ ...choices, [clash.id]: side })}
          />
        ))}
      </div>
    </Dialog>
  );
}

function Choice({ clash, side, choose }: { clash: Clash; side: Side | undefined; choose: (side: Side) => void }) {
  const catalogue = useEditor((state) => state.catalogue);
  const node = useEditor(({ history }) => history.document.nodes.find(({ key }) => key === clash.node));
  const { name, words } = clashWords(catalogue, clash, node);
  return (
    <fieldset className="clash">
      <legend className="strong">{name}</legend>
      {(['ours', 'theirs'] as const).map((one) => (
        <label key={one} className="clash-side" data-chosen={side === one}>
          <span className="row">
            <input type="radio" name={clash.id} checked={side === one} onChange={() => choose(one)} />
            {one === 'ours' ? 'Mine' : 'Theirs'}
          </span>
          <pre className="mono-s">{words(clash[one])}</pre>
        </label>
      ))}
    </fieldset>
  );
}

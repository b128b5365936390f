import { useMemo, useState } from 'react';
import type { NodeEntry } from '../../flow/contract/node.ts';
import type { Spot } from './add-node.ts';
import { useDesk, useEditor } from './desk-context.tsx';
import { addNode } from './editing.ts';
import type { Picking } from './editor-state.ts';
import { families, findCards } from './find-cards.ts';
import { nodeName } from '../../flow/document/node-name.ts';
import { PickList } from './pick-list.tsx';
import type { Choice } from './pick-list.tsx';
import { noteUsed, usedLately } from './used-lately.ts';

/** The finder that opens where an edge was let go: what is chosen is put there and wired. */
export function Picker() {
  const picking = useEditor((state) => state.picking);
  // Opened anew at another place it begins anew.
  return picking && <OpenPicker key={picking.at.join()} picking={picking} />;
}

const spotOf = ({ at, from, into, edge }: Picking): Spot =>
  edge ? { edge } : from ? { from, at } : into ? { into, at } : { at };

/** What may stand there: a start takes no input, and what only ends a run gives none. */
const fits = (picking: Picking) => (card: NodeEntry) =>
  (!(picking.from || picking.edge) || card.role !== 'start') &&
  (!(picking.into || picking.edge) || Object.keys(card.outputs).length > 0);

const titles = new Map(families.map(({ family, title }) => [family, title]));

const choiceOf = ({ type, title, summary, icon, family }: NodeEntry, group: string | undefined): Choice => ({
  id: type,
  title,
  says: summary,
  icon,
  family,
  group,
});

/** With words, what they mean, best first; without, what was used lately and then everything by family. */
function choicesOf(cards: readonly NodeEntry[], words: string): Choice[] {
  if (words.trim() !== '') return findCards(cards, words).map((card) => choiceOf(card, undefined));
  const lately = usedLately().flatMap((type) => cards.find((card) => card.type === type) ?? []);
  const rest = families.flatMap(({ family }) => cards.filter((card) => card.family === family));
  return [
    ...lately.map((card) => choiceOf(card, 'Used lately')),
    ...rest.filter((card) => !lately.includes(card)).map((card) => choiceOf(card, titles.get(card.family))),
  ];
}

function OpenPicker({ picking }: { picking: Picking }) {
  const desk = useDesk();
  const index = useEditor((state) => state.index);
  const catalogue = useEditor((state) => state.catalogue);
  const nodes = useEditor(({ history }) => history.document.nodes);
  const from = nodes.find(({ key }) => key === picking.from?.key);
  const [words, setWords] = useState('');
  const fitting = useMemo(() => index.filter(fits(picking)), [index, picking]);
  const choices = useMemo(() => choicesOf(fitting, words), [fitting, words]);
  const close = () => {
    if (!desk.store.getState().picking) return;
    desk.store.setState({ picking: undefined });
    desk.focus('graph');
  };
  const take = (type: string) => {
    const card = fitting.find((one) => one.type === type);
    const key = card && addNode(desk.store, card, spotOf(picking));
    if (card) noteUsed(card.type);
    if (key !== undefined) desk.camera.show([key]);
    desk.store.setState({ picking: undefined });
    desk.focus('graph');
  };
  return (
    <PickList
      label="Add a node"
      list="Find a node"
      placeholder={from ? `Add after ${nodeName(catalogue, from)}` : 'Find a node'}
      choices={choices}
      onWords={setWords}
      take={take}
      close={close}
      leave={() => desk.store.setState({ picking: undefined })}
      at={picking.at}
      nothing="No node that fits here is called that."
    />
  );
}

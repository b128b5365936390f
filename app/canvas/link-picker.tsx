import { useMemo, useState } from 'react';
import { useDesk, useEditor } from './desk-context.tsx';
import { edit } from './editing.ts';
import type { Linking } from './editor-state.ts';
import { heldLinks, openLinks } from './link-choices.ts';
import type { Link } from './link-choices.ts';
import { nodeName } from '../../flow/document/node-name.ts';
import { edgeId } from '../graph/selection.ts';
import { PickList } from './pick-list.tsx';
import { placesOf } from '../graph/placement.ts';

/** Joins two nodes that are there, or parts them, without a pointer: the ends are chosen from a list by their names. */
export default function LinkPicker({ linking: { key, act } }: { linking: Linking }) {
  const desk = useDesk();
  const document = useEditor(({ history }) => history.document);
  const catalogue = useEditor((state) => state.catalogue);
  const [words, setWords] = useState('');
  const links = useMemo(
    () => (act === 'connect' ? openLinks : heldLinks)(document, catalogue, key),
    [act, document, catalogue, key],
  );
  const titleOf = ({ far }: Link) => nodeName(catalogue, far);
  const found = links.filter((link) => isMeant(`${titleOf(link)} ${link.far.key} ${link.says}`, words));
  const close = () => {
    if (!desk.store.getState().linking) return;
    desk.store.setState({ linking: undefined });
    desk.focus('graph');
  };
  const take = (id: string) => {
    const link = links.find((one) => edgeId(one.edge) === id);
    if (link && act === 'connect') edit(desk.store, { do: 'connect', edge: link.edge }, `Connect to ${titleOf(link)}`);
    if (link && act === 'disconnect')
      edit(desk.store, { do: 'disconnect', edge: link.edge }, `Disconnect ${titleOf(link)}`);
    close();
  };
  const place = placesOf(document, catalogue).get(key) ?? [0, 0];
  return (
    <PickList
      label={act === 'connect' ? 'Connect to' : 'Disconnect'}
      list={act === 'connect' ? 'Ports that take it' : 'Connections'}
      placeholder={act === 'connect' ? 'Connect to which node?' : 'Disconnect from which node?'}
      choices={found.map((link) => {
        const card = catalogue(link.far.type, link.far.version);
        const { icon = 'box', family = 'code' as const } = card ?? {};
        return { id: edgeId(link.edge), title: titleOf(link), says: link.says, icon, family };
      })}
      onWords={setWords}
      take={take}
      close={close}
      leave={() => desk.store.setState({ linking: undefined })}
      at={[place[0] + 200, place[1]]}
      nothing={
        act === 'connect'
          ? 'All that can take what this node gives is connected to it already, or comes before it.'
          : 'Nothing is connected here.'
      }
    />
  );
}

const isMeant = (text: string, words: string): boolean =>
  words
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.toLowerCase().includes(word));

import { useEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import { cutWords, useCutInput } from '../ui/cut-input.ts';
import { toast } from '../ui/toast.ts';
import { useDesk } from './desk-context.tsx';
import type { Desk } from './desk.ts';
import { edit } from './editing.ts';
import { mayEdit } from './may-edit.ts';
import type { Naming } from './editor-state.ts';
import '../graph/card-view.css';
import './title-input.css';

interface TitleProps {
  readonly nodeKey: string;
  readonly title: string;
  readonly where?: Naming['where'];
}

/** A node's title; a double click or F2 makes it a field, for those who may change it. */
export function TitleInput({ nodeKey, title, where = 'canvas' }: TitleProps) {
  const desk = useDesk();
  const isNaming = useStore(desk.store, ({ naming }) => naming?.key === nodeKey && naming.where === where);
  const may = useStore(desk.store, mayEdit);
  if (!may) return <b className="node-title">{title}</b>;
  if (isNaming) return <TitleField desk={desk} nodeKey={nodeKey} title={title} where={where} />;
  return (
    <b
      className="node-title"
      onDoubleClick={(event) => {
        // Elsewhere on a card a double click leads into its form.
        event.stopPropagation();
        desk.store.setState({ naming: { key: nodeKey, where } });
      }}
    >
      {title}
    </b>
  );
}

interface FieldProps {
  readonly desk: Desk;
  readonly nodeKey: string;
  readonly title: string;
  readonly where: Naming['where'];
}

/** Characters of the title of a node. */
const longestTitle = 200;

function TitleField({ desk, nodeKey, title, where }: FieldProps) {
  const field = useRef<HTMLInputElement>(null);
  // A card has no room for a sentence under its title.
  useCutInput(field, longestTitle, (isCut) => {
    if (isCut)
      toast({ title: 'The title was cut.', text: cutWords(longestTitle), state: 'failed', about: 'title-cut' });
  });
  const isOver = useRef(false);
  useEffect(() => {
    field.current?.focus({ preventScroll: true });
    field.current?.select();
  }, []);
  const end = () => {
    isOver.current = true;
    desk.store.setState({ naming: undefined });
  };
  const keep = () => {
    // A field that goes away loses the focus: that is no second answer.
    if (isOver.current) return;
    const text = field.current?.value.trim() ?? '';
    if (text !== title)
      edit(desk.store, { do: 'set-title', key: nodeKey, ...(text === '' ? {} : { title: text }) }, 'Rename');
    end();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.key !== 'Enter' && event.key !== 'Escape') || event.nativeEvent.isComposing) return;
    // The key is used up: it must not also choose, open or let go.
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') end();
    if (event.key === 'Enter') keep();
    desk.focus(where);
  };
  return (
    <input
      ref={field}
      className="node-title-field nodrag"
      aria-label="Title"
      defaultValue={title}
      maxLength={longestTitle}
      onBlur={keep}
      onKeyDown={onKeyDown}
    />
  );
}

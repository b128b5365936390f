import { use, useEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import { DeskContext } from './desk-context.tsx';
import type { Desk } from './desk.ts';
import { edit } from './editing.ts';

interface TitleProps {
  readonly nodeKey: string;
  readonly title: string;
  readonly isReadOnly: boolean;
}

/** A node's title; a double click or F2 makes it a field. */
export function TitleInput({ nodeKey, title, isReadOnly }: TitleProps) {
  const desk = use(DeskContext);
  if (!desk || isReadOnly) return <b className="node-title">{title}</b>;
  return <OwnTitle desk={desk} nodeKey={nodeKey} title={title} />;
}

function OwnTitle({ desk, nodeKey, title }: { desk: Desk; nodeKey: string; title: string }) {
  const isNaming = useStore(desk.store, ({ naming }) => naming === nodeKey);
  if (isNaming) return <TitleField desk={desk} nodeKey={nodeKey} title={title} />;
  return (
    <b className="node-title" onDoubleClick={() => desk.store.setState({ naming: nodeKey })}>
      {title}
    </b>
  );
}

function TitleField({ desk, nodeKey, title }: { desk: Desk; nodeKey: string; title: string }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const end = () => desk.store.setState({ naming: undefined });
  const keep = () => {
    const text = field.current?.value.trim() ?? '';
    if (text !== title)
      edit(desk.store, { do: 'set-title', key: nodeKey, ...(text === '' ? {} : { title: text }) }, 'Rename');
    end();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'Escape') end();
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    if (event.key === 'Enter') keep();
    desk.focus('canvas');
  };
  return (
    <input
      ref={field}
      className="node-title-field nodrag"
      aria-label="Title"
      defaultValue={title}
      maxLength={200}
      onBlur={keep}
      onKeyDown={onKeyDown}
    />
  );
}

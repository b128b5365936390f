import { NodeResizer } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { Note } from '../../flow/document/workflow.ts';
import { PlainMarkdown } from '../ui/plain-markdown.tsx';
import { useDesk } from './desk-context.tsx';
import type { Desk } from './desk.ts';
import { edit } from './editing.ts';
import { TextArea } from '../ui/text-area.tsx';
import '../graph/note-view.css';
import './own-note.css';

interface OwnNoteProps {
  readonly note: Note;
  readonly selected: boolean;
}

/** A note of the draft: text that is written where it lies. */
export function OwnNote({ note, selected }: OwnNoteProps) {
  const desk = useDesk();
  const write = (text: string) =>
    edit(desk.store, { do: 'set-note', note: { ...note, text } }, 'Write a note', `note:${note.id}`);
  return (
    <div className="sticky" data-selected={selected}>
      <NodeResizer
        isVisible={selected}
        minWidth={128}
        minHeight={64}
        lineClassName="note-line"
        handleClassName="note-corner"
        onResizeEnd={(_, { x, y, width, height }) =>
          edit(
            desk.store,
            {
              do: 'set-note',
              note: { ...note, at: [Math.round(x), Math.round(y)], size: [Math.round(width), Math.round(height)] },
            },
            'Resize a note',
          )
        }
      />
      <NoteText desk={desk} id={note.id} text={note.text} write={write} />
    </div>
  );
}

interface TextProps {
  readonly desk: Desk;
  readonly id: string;
  readonly text: string;
  readonly write: (text: string) => void;
}

/** Read as it is meant, written as it is typed: a double click or Enter makes it a field, Escape leaves it. */
function NoteText({ desk, id, text, write }: TextProps) {
  const isWriting = useStore(desk.store, ({ writing }) => writing === id);
  if (isWriting) return <NoteField desk={desk} id={id} text={text} write={write} />;
  const begin = () => desk.store.setState({ writing: id });
  return (
    <div
      className="note-read"
      role="button"
      tabIndex={0}
      aria-description="A note; Enter to write"
      title="Double-click to write"
      onDoubleClick={begin}
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        event.stopPropagation();
        begin();
      }}
    >
      {text === '' ? <p className="t3">{placeholder}</p> : <PlainMarkdown text={text} />}
    </div>
  );
}

const placeholder = 'Write what the next person should know';

function NoteField({ desk, id, text, write }: TextProps) {
  // From the store, not from what is drawn: the graph is drawn some letters later.
  const latest = useStore(desk.store, ({ history }) => history.document.notes?.find((note) => note.id === id)?.text);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const { current } = field;
    current?.focus({ preventScroll: true });
    current?.setSelectionRange(current.value.length, current.value.length);
  }, []);
  const end = () => desk.store.setState(({ writing }) => (writing === id ? { writing: undefined } : {}));
  return (
    <TextArea
      ref={field}
      className="note-text nodrag nowheel"
      aria-label="Text of the note"
      placeholder={placeholder}
      value={latest ?? text}
      // Another window in front is no end: then the field still counts as the active one.
      onBlur={({ target }) => target !== document.activeElement && end()}
      onChange={(event) => write(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
        event.preventDefault();
        end();
        desk.focus('graph');
      }}
    />
  );
}

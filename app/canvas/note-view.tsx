import { NodeResizer } from '@xyflow/react';
import type { NodeProps } from '@xyflow/react';
import { memo, use, useState } from 'react';
import { PlainMarkdown } from '../inspector/plain-markdown.tsx';
import { DeskContext } from './desk-context.tsx';
import { edit } from './editing.ts';
import type { NoteNode } from './flow-model.ts';

/** A note on the canvas: text that is written where it lies. */
export const NoteView = memo(function NoteView({ data: { note, isReadOnly }, selected }: NodeProps<NoteNode>) {
  const desk = use(DeskContext);
  if (!desk || isReadOnly)
    return (
      <div className="sticky note-paper">
        <PlainMarkdown text={withHeadings(note.text)} />
      </div>
    );
  const write = (text: string) =>
    edit(desk.store, { do: 'set-note', note: { ...note, text } }, 'Write a note', `note:${note.id}`);
  return (
    <div className="sticky note-paper" data-selected={selected}>
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
      <NoteText text={note.text} write={write} />
    </div>
  );
});

/** Read as it is meant, written as it is typed: a double click or Enter makes it a field. */
function NoteText({ text, write }: { text: string; write: (text: string) => void }) {
  const [isWriting, setWriting] = useState(false);
  if (!isWriting && text !== '')
    return (
      <div
        className="note-read"
        role="button"
        tabIndex={0}
        aria-description="A note; Enter to write"
        title="Double-click to write"
        onDoubleClick={() => setWriting(true)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          event.stopPropagation();
          setWriting(true);
        }}
      >
        <PlainMarkdown text={withHeadings(text)} />
      </div>
    );
  return (
    <textarea
      className="note-text nodrag nowheel"
      aria-label="Text of the note"
      placeholder="Write what the next person should know"
      autoFocus={isWriting}
      value={text}
      onFocus={() => setWriting(true)}
      onBlur={() => setWriting(false)}
      onChange={(event) => write(event.target.value)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}

/** A heading is a bold line of its own: the canvas has its levels already. */
const withHeadings = (text: string): string => text.replaceAll(/^#{1,6} +(.+)$/gm, '\n**$1**\n').trim();

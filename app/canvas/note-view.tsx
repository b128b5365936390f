import { NodeResizer } from '@xyflow/react';
import type { NodeProps } from '@xyflow/react';
import { memo, use } from 'react';
import { DeskContext } from './desk-context.tsx';
import { edit } from './editing.ts';
import type { NoteNode } from './flow-model.ts';

/** A note on the canvas: text that is written where it lies. */
export const NoteView = memo(function NoteView({ data: { note, isReadOnly }, selected }: NodeProps<NoteNode>) {
  const desk = use(DeskContext);
  if (!desk || isReadOnly) return <div className="sticky note-paper">{note.text}</div>;
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
      <textarea
        className="note-text nodrag nowheel"
        aria-label="Text of the note"
        placeholder="Write what the next person should know"
        value={note.text}
        onChange={(event) => write(event.target.value)}
        onKeyDown={(event) => event.stopPropagation()}
      />
    </div>
  );
});

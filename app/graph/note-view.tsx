import type { NodeProps } from '@xyflow/react';
import { memo, use } from 'react';
import type { NoteNode } from './flow-model.ts';
import { PlainMarkdown } from '../ui/plain-markdown.tsx';
import { GraphPartsContext } from './parts.ts';
import './note-view.css';

/** A note on the canvas; where it may be worked on, the editor's own. */
export const NoteView = memo(function NoteView({ data: { note, isReadOnly }, selected }: NodeProps<NoteNode>) {
  const parts = use(GraphPartsContext);
  if (parts && !isReadOnly) return <parts.Note note={note} selected={selected} />;
  return (
    <div className="sticky">
      <PlainMarkdown text={note.text} />
    </div>
  );
});

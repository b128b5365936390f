import { PlainMarkdown } from '../ui/plain-markdown.tsx';
import './note-words.css';

/** What a note says, as it is meant. A heading is a bold line of its own: the canvas has its levels already. */
export const NoteWords = ({ text }: { text: string }) => (
  <PlainMarkdown className="note-words" text={text.replaceAll(/^#{1,6} +(.+)$/gm, '\n**$1**\n').trim()} />
);

import { Fragment } from 'react';
import type { ReactNode } from 'react';

/** The little Markdown that questions are written in: paragraphs, lists, bold, code, links. No HTML: what looks like it is text. */
export function PlainMarkdown({ text, className }: { text: string; className: string }) {
  const blocks = text.split(/\n\s*\n/).filter((block) => block.trim() !== '');
  return (
    <div className={className}>
      {blocks.map((block, index) => {
        const lines = block.split('\n');
        const isList = lines.every((line) => /^\s*[-*] /.test(line));
        if (!isList) return <p key={index}>{spans(block)}</p>;
        return (
          <ul key={index}>
            {lines.map((line, at) => (
              <li key={at}>{spans(line.replace(/^\s*[-*] /, ''))}</li>
            ))}
          </ul>
        );
      })}
    </div>
  );
}

const marks = /(\*\*[^*]+\*\*|`[^`]+`|\[[^\]]+\]\(https?:\/\/[^)\s]+\))/;

const spans = (text: string): ReactNode[] =>
  text.split(marks).map((part, index) => <Fragment key={index}>{span(part)}</Fragment>);

function span(part: string): ReactNode {
  if (part.startsWith('**') && part.length > 4) return <b>{part.slice(2, -2)}</b>;
  if (part.startsWith('`') && part.length > 2) return <code className="mono-s">{part.slice(1, -1)}</code>;
  const [, title, href] = /^\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)$/.exec(part) ?? [];
  if (title === undefined) return part;
  return (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {title}
    </a>
  );
}

import { Fragment } from 'react';
import type { ReactNode } from 'react';
import { classes } from './class-names.ts';
import { markdownBlocks } from './markdown-blocks.ts';
import type { MarkdownBlock } from './markdown-blocks.ts';
import './plain-markdown.css';

/**
 * The little Markdown that questions and notes are written in: headings, paragraphs, lists, bold, italics, code, links. A heading is a bold line of its own:
 * the page has its levels already. No HTML: what looks like it is text.
 */
export const PlainMarkdown = ({ text, className }: { text: string; className?: string }) => (
  <div className={classes('plain-markdown', className)}>
    {markdownBlocks(text).map((block, index) => (
      <Block key={index} block={block} />
    ))}
  </div>
);

function Block({ block }: { block: MarkdownBlock }) {
  if (block.kind === 'code') return <pre className="mono-s">{block.text}</pre>;
  if (block.kind === 'text') return <p>{spans(block.text)}</p>;
  if (block.kind === 'heading')
    return (
      <p className="plain-heading">
        <b>{spans(block.text)}</b>
      </p>
    );
  const entries = block.entries.map((entry, at) => (
    <li key={at}>
      {block.first !== undefined && <span className="t3">{block.first + at}. </span>}
      {spans(entry)}
    </li>
  ));
  return block.first === undefined ? <ul>{entries}</ul> : <ol start={block.first}>{entries}</ol>;
}

const marks = /(\*\*[^*]+\*\*|(?<![\w*])\*[^*\s](?:[^*]*[^*\s])?\*(?![\w*])|`[^`]+`|\[[^\]]+\]\(https?:\/\/[^)\s]+\))/;

const spans = (text: string): ReactNode[] =>
  text.split(marks).map((part, index) => <Fragment key={index}>{span(part)}</Fragment>);

function span(part: string): ReactNode {
  if (part.startsWith('**') && part.length > 4) return <b>{part.slice(2, -2)}</b>;
  if (part.startsWith('*') && part.length > 2 && part.endsWith('*') && !part.startsWith('**'))
    return <em>{part.slice(1, -1)}</em>;
  if (part.startsWith('`') && part.length > 2) return <code className="mono-s">{part.slice(1, -1)}</code>;
  const [, title, href] = /^\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)$/.exec(part) ?? [];
  if (title === undefined) return part;
  return (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {title}
    </a>
  );
}
